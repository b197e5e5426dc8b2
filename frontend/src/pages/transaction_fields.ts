/** The fields of a transaction's form, as they stand in the page: read, and filled where nobody has typed. */

import { byId } from "../lib/dom";
import { type DecimalMark, readTyped, typedText } from "../lib/typed_number";
import { type Amounts, KINDS, type Kind } from "./transaction_total";

const USUAL_COINS = 2;

/** How trades of an instrument are counted. */
export interface Contract {
  readonly contract_size: string;
  readonly quote_unit: string;
}

type Field = HTMLInputElement | HTMLSelectElement;

export class TransactionFields {
  readonly form: HTMLFormElement;
  readonly kind: Kind;
  readonly #box = byId("fields", HTMLElement);

  constructor(form: HTMLFormElement) {
    this.form = form;
    const named = this.#box.dataset["type"];
    this.kind = KINDS.find((kind) => kind === named) ?? "buy";
  }

  get mark(): DecimalMark {
    return this.form.dataset["mark"] === "," ? "," : ".";
  }

  get all(): readonly Field[] {
    return [...this.#box.querySelectorAll<Field>("input[name], select[name]")];
  }

  named(name: string): Field | null {
    return this.all.find((field) => field.name === name) ?? null;
  }

  /** The field that comes next and can be seen. */
  after(field: Field): Field | null {
    const { all } = this;
    const others = all.slice(all.indexOf(field) + 1);
    return (
      others.find((each) => each.type !== "hidden" && each.closest("[hidden], details:not([open])") === null) ?? null
    );
  }

  text(name: string): string {
    return this.named(name)?.value.trim() ?? "";
  }

  /** The number in a field; null where there is none, or none that can be read. */
  number(name: string): string | null {
    const text = this.text(name);
    return readTyped(name === "cost_share" ? text.replace(/\s*%$/, "") : text, this.mark);
  }

  /** Whether a person has written in a field: what the page has filled in may be replaced. */
  isTyped(name: string): boolean {
    const field = this.named(name);
    return field !== null && field.value !== "" && field.value !== field.dataset["filled"];
  }

  /** Whether a field is a person's: nothing is put under the keys of who is about to type. */
  isTaken(name: string): boolean {
    const field = this.named(name);
    return this.isTyped(name) || (field !== null && field === document.activeElement);
  }

  /** Fills in a number, or takes back one that was filled in; never over what a person has typed or is typing. */
  fillNumber(name: string, value: string | null): void {
    this.fill(name, value === null ? "" : typedText(value, this.mark));
  }

  fill(name: string, text: string): void {
    const field = this.named(name);
    if (field === null || this.isTaken(name)) return;
    field.value = text;
    field.dataset["filled"] = text;
  }

  /** The currency of the account that is chosen. */
  get accountCurrency(): string {
    return this.form.getAttribute(`data-currency-${this.text("account_id")}`) ?? "";
  }

  /** What stands in the fields, as far as it can be read; `contract` is that of the instrument, where one is known. */
  amounts(currency: string, contract: Contract | null = null): Amounts {
    const settled = this.text("settlement_currency");
    return {
      quantity: this.#positive("quantity"),
      price: this.#positive("price"),
      gross: this.#positive("gross"),
      fees: this.#positive("fees"),
      taxes: this.#positive("taxes"),
      amount: this.#positive("amount"),
      contractSize: contract?.contract_size ?? (this.#above("contract_size") || "1"),
      quoteUnit: contract?.quote_unit ?? (this.#above("quote_unit") || "1"),
      settlementRate: this.#positive("settlement_rate"),
      settlementAmount: this.#positive("settlement_amount"),
      settlementPlaces: settled === "" || settled === currency ? null : this.coins(settled),
    };
  }

  /** A number that may be booked: what is below zero comes to nothing, and is refused. */
  #positive(name: string): string | null {
    const number = this.number(name);
    return number?.startsWith("-") === true ? null : number;
  }

  /** Of the instrument that is to be made, where that is ticked; empty where nothing above zero stands there. */
  #above(name: string): string {
    const number = this.creates ? (this.number(name) ?? "") : "";
    return Number(number) > 0 ? number : "";
  }

  /** Whether what no feed offers is to be recorded as an instrument. */
  get creates(): boolean {
    const box = this.named("creates_instrument");
    return box instanceof HTMLInputElement && box.checked;
  }

  /** Decimal places of a currency's smallest coin. */
  coins(currency: string): number {
    const unusual = (this.form.dataset["coins"] ?? "").split(" ").find((each) => each.startsWith(`${currency}:`));
    return unusual === undefined ? USUAL_COINS : Number(unusual.slice(currency.length + 1));
  }

  /** What was typed or chosen, by the names of the fields; what the page has filled in, it fills in again. */
  kept(): ReadonlyMap<string, string> {
    return new Map(this.all.filter((field) => this.isTyped(field.name)).map((field) => [field.name, field.value]));
  }

  /** Puts back what was typed in fields of these names. */
  restore(kept: ReadonlyMap<string, string>): void {
    for (const field of this.all) {
      const value = kept.get(field.name);
      if (value === undefined || (field instanceof HTMLInputElement && field.type === "checkbox")) continue;
      const isOffered =
        !(field instanceof HTMLSelectElement) || [...field.options].some((each) => each.value === value);
      if (isOffered) field.value = value;
    }
  }
}
