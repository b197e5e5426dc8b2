/** The field of an instrument: suggests as one types, and offers to make what no feed knows an instrument of the portfolio. */

import { byId, made, textOf } from "../lib/dom";
import { phrase } from "../lib/words";
import { Combobox } from "./combobox";
import { fetchJson, isRecord, texts } from "./suggested";
import type { Contract, TransactionFields } from "./transaction_fields";

export interface Instrument extends Contract {
  readonly symbol: string;
  readonly name: string;
  readonly venue: string;
  readonly currency: string;
}

const SYMBOL = /^[A-Z0-9^][A-Z0-9.\-=^:/_]{0,31}$/;

export class InstrumentField {
  readonly #fields: TransactionFields;
  readonly #input: HTMLInputElement;
  readonly #note = textOf(byId("symbol-note", HTMLElement));
  readonly #new = byId("new-instrument", HTMLFieldSetElement);
  /** Whether the new instrument is that of another field, so that this one decides nothing about it. */
  readonly #isOfOther = (this.#new.dataset["of"] ?? "symbol") !== "symbol";
  readonly #combobox: Combobox<Instrument | string>;
  readonly #onInstrument: (instrument: Instrument | null) => void;
  #asked = 0;

  /** `onInstrument` is told of the instrument that the field names, or null where nobody knows it. */
  constructor(
    fields: TransactionFields,
    input: HTMLInputElement,
    onInstrument: (instrument: Instrument | null) => void,
  ) {
    this.#fields = fields;
    this.#input = input;
    this.#onInstrument = onInstrument;
    this.#combobox = new Combobox<Instrument | string>({
      input,
      list: byId("instruments", HTMLElement),
      suggest: (typed, signal) => this.#suggest(typed, signal),
      shown: (found) => (typeof found === "string" ? unknownOption(found) : option(found)),
      onChosen: (found) => this.#choose(found),
      goesOn: () => fields.after(input)?.focus(),
    });
    input.addEventListener("change", () => void this.identify());
  }

  stop(): void {
    this.#combobox.stop();
  }

  /** Asks what the symbol that stands in the field is. */
  async identify(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const symbol = this.#input.value.trim().toUpperCase();
    if (symbol === "") {
      this.#note.data = "";
      if (!this.#isOfOther) this.#new.hidden = true;
      return;
    }
    const found = await instrumentsMatching(this.#address(symbol)).catch(() => null);
    if (asked !== this.#asked || found === null) return;
    const known = found.find((each) => each.symbol === symbol);
    this.#show(symbol, known ?? null);
  }

  async #suggest(typed: string, signal: AbortSignal): Promise<readonly (Instrument | string)[]> {
    const found = await instrumentsMatching(this.#address(typed), signal);
    const symbol = typed.toUpperCase();
    const isKnown = found.some((each) => each.symbol === symbol);
    return isKnown || !SYMBOL.test(symbol) ? found : [...found, symbol];
  }

  #address(text: string): string {
    return `${this.#fields.form.dataset["instruments"] ?? ""}?${new URLSearchParams({ text })}`;
  }

  #choose(found: Instrument | string): void {
    this.#asked += 1;
    const symbol = typeof found === "string" ? found : found.symbol;
    this.#input.value = symbol;
    this.#show(symbol, typeof found === "string" ? null : found);
    if (typeof found !== "string" || this.#isOfOther) return;
    const creates = this.#fields.named("creates_instrument");
    if (creates instanceof HTMLInputElement) creates.checked = true;
  }

  #show(symbol: string, instrument: Instrument | null): void {
    if (!this.#isOfOther) offer(this.#fields, this.#new, instrument === null);
    if (instrument === null) this.#note.data = phrase("{symbol} was not found.", { symbol });
    else
      this.#note.data = [instrument.name, instrument.venue, instrument.currency]
        .filter((each) => each !== "")
        .join(", ");
    this.#onInstrument(instrument);
  }
}

/** The field of what comes in the place of an instrument or beside it: offers to record it where no feed knows it. */
export class NewSymbolField {
  readonly #fields: TransactionFields;
  readonly #input: HTMLInputElement;
  readonly #new = byId("new-instrument", HTMLFieldSetElement);
  #asked = 0;

  constructor(fields: TransactionFields, input: HTMLInputElement) {
    this.#fields = fields;
    this.#input = input;
    input.addEventListener("change", () => void this.identify());
  }

  /** Asks whether the symbol that stands in the field is known. */
  async identify(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const symbol = this.#input.value.trim().toUpperCase();
    if (symbol === "") {
      offer(this.#fields, this.#new, false);
      return;
    }
    const address = `${this.#fields.form.dataset["instruments"] ?? ""}?${new URLSearchParams({ text: symbol })}`;
    const found = await instrumentsMatching(address).catch(() => null);
    if (asked !== this.#asked || found === null) return;
    offer(
      this.#fields,
      this.#new,
      found.every((each) => each.symbol !== symbol),
    );
  }
}

/** Offers to record an instrument, or takes that back. */
function offer(fields: TransactionFields, box: HTMLFieldSetElement, isNew: boolean): void {
  box.hidden = !isNew;
  const creates = fields.named("creates_instrument");
  if (!isNew && creates instanceof HTMLInputElement) creates.checked = false;
}

async function instrumentsMatching(address: string, signal?: AbortSignal): Promise<readonly Instrument[]> {
  const answer = await fetchJson(address, signal);
  const found = isRecord(answer) ? answer["instruments"] : null;
  if (!Array.isArray(found)) throw new TypeError("Expected a list of instruments.");
  return found.map((each) =>
    texts(each, ["symbol", "name", "venue", "currency", "contract_size", "quote_unit"] as const),
  );
}

function option({ symbol, name, venue, currency }: Instrument): readonly HTMLElement[] {
  return [
    made("span", "strong", symbol),
    made("span", "label", name),
    made("span", "quiet", venue === "" ? phrase("no price") : venue),
    made("span", "unit", currency),
  ];
}

function unknownOption(symbol: string): readonly HTMLElement[] {
  return [
    made("span", "strong", symbol),
    made("span", "label", phrase("was not found: record it as your own, without a price")),
  ];
}
