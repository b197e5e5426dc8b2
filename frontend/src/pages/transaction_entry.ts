/** The form of a transaction, alive: fields follow the type, suggestions come, the total is computed as one types. */

import { MINUS, minus, priceText, quotient } from "../lib/decimal";
import { byId, textOf } from "../lib/dom";
import { phrase } from "../lib/words";
import { type Instrument, InstrumentField, NewSymbolField } from "./instrument_field";
import { OpenLots } from "./open_lots";
import { TransactionAdvice } from "./transaction_advice";
import { TransactionFields } from "./transaction_fields";
import { comesIn, isWithoutTotal, type Kind, totalOf } from "./transaction_total";

const RATE_PLACES = 6;
const LABELS: Partial<Record<Kind, string>> = {
  buy: phrase("To pay"),
  withdrawal: phrase("To pay out"),
  fee: phrase("To pay"),
  tax: phrase("To pay"),
  interest_charge: phrase("To pay"),
  cash_transfer: phrase("To hand over"),
  sell: phrase("To receive"),
  dividend: phrase("To receive"),
  dividend_reinvested: phrase("Dividend after tax"),
  interest: phrase("To receive"),
  fee_refund: phrase("To receive"),
  tax_refund: phrase("To receive"),
  return_of_capital: phrase("To receive"),
  merger: phrase("Cash to receive"),
};
/** The types whose amounts are in the currency of their instrument, unless another one is chosen. */
const OF_INSTRUMENT: ReadonlySet<Kind> = new Set(["dividend", "return_of_capital", "merger", "dividend_reinvested"]);
/** The types of trades, which are in that currency without a choice. */
const TRADES: ReadonlySet<Kind> = new Set(["buy", "sell", "dividend_reinvested", "merger"]);

export class TransactionEntry {
  readonly #fields: TransactionFields;
  readonly #advice: TransactionAdvice;
  readonly #lots: OpenLots;
  readonly #instrument: InstrumentField | null;
  readonly #stopped = new AbortController();
  readonly #totalLabel = textOf(byId("total-label", HTMLElement));
  readonly #total = textOf(byId("total-text", HTMLElement));
  readonly #settled = textOf(byId("total-settled", HTMLElement));
  /** What the symbol names; null where nobody knows it. */
  #known: Instrument | null = null;

  constructor(form: HTMLFormElement) {
    this.#fields = new TransactionFields(form);
    this.#advice = new TransactionAdvice(this.#fields, () => this.#showTotal());
    this.#lots = new OpenLots(this.#fields);
    this.#instrument = this.#startInstrument();
    this.#listen(form);
    this.#ask();
    this.#showTotal();
    this.#showShare();
    void this.#instrument?.identify();
    const comes = this.#fields.named("new_symbol");
    if (comes instanceof HTMLInputElement) void new NewSymbolField(this.#fields, comes).identify();
  }

  /** What was typed, for the fields of another type. */
  kept(): ReadonlyMap<string, string> {
    return this.#fields.kept();
  }

  stop(): void {
    this.#stopped.abort();
    this.#instrument?.stop();
    this.#lots.stop();
  }

  #startInstrument(): InstrumentField | null {
    const input = this.#fields.named("symbol");
    if (!(input instanceof HTMLInputElement)) return null;
    return new InstrumentField(this.#fields, input, (instrument) => this.#instrumentIs(instrument));
  }

  #listen(form: HTMLFormElement): void {
    const { signal } = this.#stopped;
    form.addEventListener("input", (event) => this.#typed(event.target), { signal });
    // What the suggestions depend on: not each key, but each field that was left or chosen in.
    form.addEventListener("change", () => this.#ask(), { signal });
    form.addEventListener("focusout", (event) => this.#left(event.target), { signal });
  }

  #typed(target: EventTarget | null): void {
    const name = target instanceof HTMLInputElement ? target.name : "";
    if (name === "amount") this.#advice.amountChanged(this.#fields.text("counter_currency"));
    if (name === "gross") this.#advice.amountStated();
    if (name === "cost_share") this.#showShare();
    this.#lots.typed(target);
    this.#showTotal();
  }

  /** What a percentage stands for, so that 0.2 is not taken for 20. */
  #showShare(): void {
    const note = document.getElementById("cost-share-note");
    if (note === null) return;
    const share = this.#fields.number("cost_share");
    const rest = share === null ? null : minus("100", share);
    const isShare = share !== null && rest !== null && !share.startsWith("-") && !rest.startsWith("-");
    note.textContent = isShare
      ? phrase("{gone} % of the cost goes, {left} % stays.", { gone: priceText(share, 0), left: priceText(rest, 0) })
      : "";
  }

  #left(target: EventTarget | null): void {
    // Once the focus is elsewhere.
    if (target instanceof HTMLInputElement) queueMicrotask(() => this.#advice.left(target.name));
  }

  #instrumentIs(instrument: Instrument | null): void {
    this.#known = instrument;
    if (OF_INSTRUMENT.has(this.#fields.kind) && instrument !== null) this.#fields.fill("currency", instrument.currency);
    this.#ask();
    this.#showTotal();
  }

  /** The currency of the transaction itself. */
  get #ownCurrency(): string {
    const { kind } = this.#fields;
    if (TRADES.has(kind)) return this.#instrumentCurrency;
    const ofInstrument = OF_INSTRUMENT.has(kind) && this.#fields.creates ? this.#instrumentCurrency : "";
    return this.#fields.text("currency") || ofInstrument || this.#fields.accountCurrency;
  }

  /** The currency of the instrument, or the one that is chosen for a new one. */
  get #instrumentCurrency(): string {
    return this.#known?.currency ?? this.#fields.text("instrument_currency");
  }

  #ask(): void {
    void this.#lots.ask();
    void this.#advice.askPrice(this.#known === null ? "" : this.#fields.text("symbol").toUpperCase());
    const into = this.#fields.kind === "currency_exchange" ? "counter_currency" : "settlement_currency";
    void this.#advice.askRate(this.#ownCurrency, this.#fields.text(into));
    void this.#advice.askGap(this.#ownCurrency);
  }

  #showTotal(): void {
    const { kind } = this.#fields;
    if (kind === "currency_exchange") this.#showRate();
    else if (isWithoutTotal(kind)) this.#write(phrase("Total"), "", "");
    else this.#showAmount();
  }

  #showAmount(): void {
    const { kind } = this.#fields;
    const currency = this.#ownCurrency;
    const found = totalOf(kind, this.#fields.amounts(currency, this.#known));
    const label = LABELS[kind] ?? phrase("Total");
    if (found === null) {
      this.#write(label, "", "");
      return;
    }
    const settledIn = this.#fields.text("settlement_currency");
    const settled =
      found.settled === null ? "" : phrase("settled as {amount}", { amount: this.#signed(found.settled, settledIn) });
    this.#write(label, this.#signed(found.total, currency), settled);
  }

  /** The rate that was really paid. */
  #showRate(): void {
    const [sold, bought] = [this.#fields.number("amount"), this.#fields.number("counter_amount")];
    const rate = sold === null || bought === null ? null : quotient(bought, sold, RATE_PLACES);
    const [from, into] = [this.#ownCurrency, this.#fields.text("counter_currency")];
    const told = rate === null ? "" : phrase("{rate} {into} for 1 {from}", { rate: priceText(rate, 4), into, from });
    this.#write(phrase("Rate paid"), told, "");
  }

  #signed(amount: string, currency: string): string {
    const isIn = comesIn(this.#fields.kind) === !amount.startsWith("-");
    const text = priceText(amount.replace(/^-/, ""), this.#fields.coins(currency));
    const sign = /[1-9]/.test(text) ? (isIn ? "+" : MINUS) : "";
    return `${sign}${text} ${currency}`.trimEnd();
  }

  #write(label: string, total: string, settled: string): void {
    for (const [text, value] of [
      [this.#totalLabel, label],
      [this.#total, total || "—"],
      [this.#settled, settled],
    ] as const)
      if (text.data !== value) text.data = value;
  }
}
