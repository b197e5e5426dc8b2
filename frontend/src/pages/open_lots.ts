/** The open lots in the form of a sale or a transfer out: they follow instrument, account and moment, and write the line. */

import { pageAnew } from "../lib/page_anew";
import type { TransactionFields } from "./transaction_fields";

const SEPARATOR = "; ";

export class OpenLots {
  readonly #fields: TransactionFields;
  readonly #box = document.getElementById("open-lots");
  #asked: string;
  #asking: AbortController | undefined;

  constructor(fields: TransactionFields) {
    this.#fields = fields;
    this.#asked = this.#query();
    this.#showKept();
  }

  stop(): void {
    this.#asking?.abort();
  }

  /** Brings the lots of what stands in the form now, where that is something else than before. */
  async ask(): Promise<void> {
    const query = this.#query();
    if (this.#box === null || query === this.#asked) return;
    this.#asked = query;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const page = await pageAnew(`${location.pathname}?${query}`, asking.signal).catch(() => null);
    if (asking.signal.aborted) return;
    const list = page?.getElementById("open-lots") ?? null;
    if (list === null) this.#asked = "";
    else this.#box.replaceChildren(...document.adoptNode(list).childNodes);
  }

  /** The line says what the list says; who types in the line has chosen by it. */
  typed(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.dataset["lot"] !== undefined) this.#writeLine();
    else if (target.name === "lots") for (const field of this.#listed) field.value = "";
  }

  get #listed(): readonly HTMLInputElement[] {
    return [...(this.#box?.querySelectorAll<HTMLInputElement>("input[data-lot]") ?? [])];
  }

  #writeLine(): void {
    const line = this.#fields.named("lots");
    if (line === null) return;
    const taken = this.#listed.filter((field) => field.value.trim() !== "");
    line.value = taken.map((field) => `${field.dataset["lot"] ?? ""} ${field.value.trim()}`).join(SEPARATOR);
  }

  /** Of a transaction that is there, the list shows what the line says of it. */
  #showKept(): void {
    if (this.#listed.some((field) => field.value !== "") || this.#fields.named("lots")?.value === "") return;
    const line = this.#fields.named("lots")?.value ?? "";
    const kept = this.#listed.filter((field) => (field.dataset["kept"] ?? "") !== "");
    const said = kept.map((field) => `${field.dataset["lot"] ?? ""} ${field.dataset["kept"] ?? ""}`);
    // Where the line says anything else, it is what counts.
    if ([...said].sort().join() !== line.split(SEPARATOR).sort().join()) return;
    for (const field of kept) field.value = field.dataset["kept"] ?? "";
  }

  #query(): string {
    const { kind } = this.#fields;
    const text = (name: string): string => this.#fields.text(name);
    return new URLSearchParams({
      type: kind,
      symbol: text("symbol").toUpperCase(),
      account: text("account_id"),
      day: text("day"),
      time: text("time"),
    }).toString();
  }
}
