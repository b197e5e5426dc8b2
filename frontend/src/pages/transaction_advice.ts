/** The price and the rate of the date, with their day and source; filled in only where the person has typed nothing. */

import { rounded, times } from "../lib/decimal";
import { made } from "../lib/dom";
import { typedText } from "../lib/typed_number";
import { phrase } from "../lib/words";
import { fetchJson, isRecord, textOrNull } from "./suggested";
import type { TransactionFields } from "./transaction_fields";

interface Suggestion {
  readonly text: string;
  readonly value: string | null;
}

/** One line of advice: asks anew when what it depends on has changed, and lets no older answer win. */
class Advice {
  readonly #line: HTMLElement;
  #asked = "";
  #last: Suggestion | null = null;
  #asking: AbortController | undefined;

  constructor(line: HTMLElement) {
    this.#line = line;
  }

  clear(): void {
    this.#asking?.abort();
    this.#asked = "";
    this.#last = null;
    this.#line.replaceChildren();
  }

  /** The answer to what was asked last; null before it is there. */
  get last(): Suggestion | null {
    return this.#last;
  }

  /** Asks `address`; `key` names the value in the answer, `use` is given it. */
  async ask(address: string, key: string, use: (suggestion: Suggestion) => void): Promise<void> {
    if (address === this.#asked) return;
    this.#asked = address;
    this.#last = null;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const answer = await fetchJson(address, asking.signal).catch(() => null);
    if (asking.signal.aborted) return;
    if (!isRecord(answer)) {
      this.#asked = "";
      return;
    }
    this.#last = { text: textOrNull(answer, "text") ?? "", value: textOrNull(answer, key) };
    use(this.#last);
  }

  /** The sentence, and a button that takes the suggestion over what was typed. */
  say(text: string, button: { readonly label: string; readonly press: () => void } | null): void {
    this.#line.replaceChildren(text);
    if (button === null) return;
    const element = made("button", "link", button.label);
    element.type = "button";
    element.addEventListener("click", button.press);
    this.#line.append(" ", element);
  }
}

export class TransactionAdvice {
  readonly #fields: TransactionFields;
  readonly #onFilled: () => void;
  readonly #price = adviceAt("price-advice");
  readonly #rate = adviceAt("rate-advice");
  readonly #gap = adviceAt("rate-gap");
  /** What was suggested for a field that somebody was in, and had left empty so far. */
  readonly #waiting = new Map<string, { readonly advice: Advice | null; readonly suggestion: Suggestion }>();

  constructor(fields: TransactionFields, onFilled: () => void) {
    this.#fields = fields;
    this.#onFilled = onFilled;
  }

  /** Asks for the price of `symbol` on the day; with no symbol there is nothing to ask. */
  async askPrice(symbol: string): Promise<void> {
    const day = this.#fields.text("day");
    if (this.#price === null || symbol === "" || day === "") {
      this.#waiting.delete("price");
      this.#price?.clear();
      return;
    }
    const { kind } = this.#fields;
    const query = new URLSearchParams({ symbol, day, time: this.#fields.text("time"), type: kind });
    const address = `${this.#fields.form.dataset["price"] ?? ""}?${query}`;
    await this.#price.ask(address, "price", (suggestion) => {
      this.#offer(this.#price, "price", suggestion);
    });
  }

  /** Asks for the rate from `base` to `quote` on the day. */
  async askRate(base: string, quote: string): Promise<void> {
    const day = this.#fields.text("day");
    if (this.#rate === null || base === "" || quote === "" || base === quote || day === "") {
      for (const name of ["settlement_rate", "counter_amount"]) this.#waiting.delete(name);
      this.#rate?.clear();
      return;
    }
    const query = new URLSearchParams({ base, quote, day, time: this.#fields.text("time") });
    const address = `${this.#fields.form.dataset["rate"] ?? ""}?${query}`;
    await this.#rate.ask(address, "rate", (suggestion) => this.#useRate(suggestion, quote));
  }

  /** Asks whether amounts in `own` can be converted into the base currency on the day, and tells where they cannot. */
  async askGap(own: string): Promise<void> {
    const day = this.#fields.text("day");
    const base = this.#fields.form.dataset["base"] ?? "";
    const isSettled = this.#fields.text("settlement_currency") === base;
    if (this.#gap === null || own === "" || base === "" || own === base || isSettled || day === "") {
      this.#gap?.clear();
      return;
    }
    const query = new URLSearchParams({ base: own, quote: base, day, time: this.#fields.text("time") });
    if (this.#fields.named("settlement_rate") !== null) query.set("settles", "");
    await this.#gap.ask(`${this.#fields.form.dataset["rate"] ?? ""}?${query}`, "gap", ({ value }) => {
      this.#gap?.say(value ?? "", null);
    });
  }

  /** Another amount was typed: of an exchange, what was bought follows from it. */
  amountChanged(quote: string): void {
    const last = this.#rate?.last ?? null;
    if (this.#fields.kind === "currency_exchange" && last !== null && quote !== "") this.#useRate(last, quote);
  }

  /** The amount of a trade was typed or taken out: the price follows from it, or is the suggested one again. */
  amountStated(): void {
    const last = this.#price?.last ?? null;
    if (last !== null) this.#offer(this.#price, "price", last);
    else if (this.#followsFromAmount("price")) this.#fields.fillNumber("price", null);
  }

  /** Whether a field's value follows from an amount that the person has stated, so that a suggestion would contradict it. */
  #followsFromAmount(name: string): boolean {
    return name === "price" && this.#fields.text("gross") !== "";
  }

  /** Of an exchange the rate is not typed: what was bought follows from it. */
  #useRate(suggestion: Suggestion, quote: string): void {
    if (this.#fields.kind !== "currency_exchange") {
      if (!this.#fields.isTyped("settlement_amount")) this.#offer(this.#rate, "settlement_rate", suggestion);
      else this.#rate?.say(`${suggestion.text}.`, null);
      return;
    }
    const sold = this.#fields.number("amount");
    const bought = suggestion.value === null || sold === null ? null : times(sold, suggestion.value);
    const value = bought === null ? null : rounded(bought, this.#fields.coins(quote));
    this.#offer(this.#rate, "counter_amount", { text: suggestion.text, value });
  }

  /** A field was left: if it was left empty, what was suggested meanwhile is filled in now. */
  left(name: string): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (waiting !== undefined && !this.#fields.isTyped(name)) this.#offer(waiting.advice, name, waiting.suggestion);
  }

  #offer(advice: Advice | null, name: string, { text, value }: Suggestion): void {
    const fields = this.#fields;
    if (this.#followsFromAmount(name)) {
      fields.fillNumber(name, null);
      advice?.say(text.endsWith(".") ? text : `${text}.`, null);
      this.#onFilled();
      return;
    }
    const isTaken = fields.isTaken(name);
    if (isTaken && !fields.isTyped(name)) this.#waiting.set(name, { advice, suggestion: { text, value } });
    fields.fillNumber(name, value);
    if (value === null) advice?.say(text.endsWith(".") ? text : `${text}.`, null);
    else if (!isTaken) advice?.say(phrase("{text}; filled in.", { text }), null);
    else if (fields.number(name) === value) advice?.say(`${text}.`, null);
    else
      advice?.say(`${text}.`, {
        label: phrase("Use {value}", { value: typedText(value, fields.mark) }),
        press: () => this.#take(advice, name, { text, value }),
      });
    this.#onFilled();
  }

  #take(advice: Advice, name: string, suggestion: Suggestion): void {
    const field = this.#fields.named(name);
    if (field !== null) field.value = "";
    this.#offer(advice, name, suggestion);
    field?.focus();
  }
}

function adviceAt(id: string): Advice | null {
  const line = document.getElementById(id);
  return line === null ? null : new Advice(line);
}
