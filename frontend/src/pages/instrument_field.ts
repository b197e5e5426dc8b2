/** The field of an instrument: suggests as one types, and offers to make what no feed knows an instrument of the portfolio. */

import { byId, made, textOf } from "../lib/dom";
import { Combobox } from "./combobox";
import { fetchJson, isRecord, texts } from "./suggested";
import type { TransactionFields } from "./transaction_fields";

export interface Instrument {
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
  readonly #stays = "stays" in this.#new.dataset;
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
      this.#new.hidden = !this.#stays;
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
    if (typeof found !== "string") return;
    const creates = this.#fields.named("creates_instrument");
    if (creates instanceof HTMLInputElement) creates.checked = true;
  }

  #show(symbol: string, instrument: Instrument | null): void {
    this.#new.hidden = instrument !== null && !this.#stays;
    if (instrument === null) this.#note.data = `No feed offers ${symbol}.`;
    else
      this.#note.data = [instrument.name, instrument.venue, instrument.currency]
        .filter((each) => each !== "")
        .join(", ");
    const creates = this.#fields.named("creates_instrument");
    if (instrument !== null && !this.#stays && creates instanceof HTMLInputElement) creates.checked = false;
    this.#onInstrument(instrument);
  }
}

async function instrumentsMatching(address: string, signal?: AbortSignal): Promise<readonly Instrument[]> {
  const answer = await fetchJson(address, signal);
  const found = isRecord(answer) ? answer["instruments"] : null;
  if (!Array.isArray(found)) throw new TypeError("Expected a list of instruments.");
  return found.map((each) => texts(each, ["symbol", "name", "venue", "currency"] as const));
}

function option({ symbol, name, venue, currency }: Instrument): readonly HTMLElement[] {
  return [
    made("span", "strong", symbol),
    made("span", "label", name),
    made("span", "quiet", venue === "" ? "no price" : venue),
    made("span", "unit", currency),
  ];
}

function unknownOption(symbol: string): readonly HTMLElement[] {
  return [made("span", "strong", symbol), made("span", "label", "is offered by no feed: record it without a price")];
}
