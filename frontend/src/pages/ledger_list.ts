/** The list of transactions, kept new: when the ledger changes the rows are fetched again and exchanged in place. */

import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import { phrase } from "../lib/words";

/** Edits come in bursts, such as an import's. */
const WAIT_MS = 100;

export class LedgerList {
  readonly #spoken = byId("ledger-spoken", HTMLElement);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFetching = false;
  /** What the ledger was last said to stand at. */
  #said = 0;

  /** Whose transactions they are. */
  get portfolio(): string {
    return byId("ledger", HTMLElement).dataset["portfolio"] ?? "";
  }

  /** What the ledger stood at when the list was made. */
  get #shown(): number {
    return Number(byId("ledger", HTMLElement).dataset["head"]);
  }

  /** A portfolio's ledger is said to stand at `head`, each time by several: the event and the figures that follow it. */
  heard(portfolio: string, head: number): void {
    if (portfolio !== this.portfolio) return;
    this.#said = head;
    this.looked();
  }

  /** Shows the list as it is now, as soon as somebody looks. */
  looked(): void {
    if (this.#said <= this.#shown || document.hidden || this.#timer !== undefined || this.#isFetching) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, WAIT_MS);
  }

  async #refresh(): Promise<void> {
    this.#isFetching = true;
    const asked = this.#said;
    const page = await pageAnew().catch(() => null);
    this.#isFetching = false;
    if (page !== null) this.#exchange(page);
    // What was said meanwhile is fetched at once where it is not there yet; after a failure the next word tries again.
    if (page !== null && this.#said > asked) this.looked();
  }

  #exchange(page: Document): void {
    const [shown, fresh] = [byId("ledger", HTMLElement), page.getElementById("ledger")];
    if (fresh === null) return;
    const known = versions(shown);
    const focused = document.activeElement?.closest<HTMLElement>("[data-id]")?.dataset["id"];
    const chosen = new Set([...shown.querySelectorAll<HTMLInputElement>("[name=chosen]:checked")].map(idOf));
    const adopted = document.adoptNode(fresh);
    for (const box of adopted.querySelectorAll<HTMLInputElement>("[name=chosen]")) box.checked = chosen.has(idOf(box));
    markNews(adopted, known);
    shown.replaceWith(adopted);
    document.dispatchEvent(new Event("ledgerexchange"));
    if (focused !== undefined) rowOf(adopted, focused)?.querySelector("a")?.focus();
    const count = page.getElementById("ledger-count")?.textContent ?? "";
    byId("ledger-count", HTMLElement).textContent = count;
    this.#spoken.textContent = phrase("The list has changed: {count}.", { count: count.trim() });
  }
}

/** The transaction that a box is of; what follows it is the version that was seen. */
function idOf({ value }: HTMLInputElement): string {
  return value.split(":", 1)[0] ?? "";
}

function rows(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-id]")];
}

function versions(list: HTMLElement): ReadonlyMap<string | undefined, string | undefined> {
  return new Map(rows(list).map((row) => [row.dataset["id"], row.dataset["version"]]));
}

function rowOf(list: HTMLElement, id: string): HTMLElement | undefined {
  return rows(list).find((row) => row.dataset["id"] === id);
}

/** A still tint that fades: what is new, and what is of another version than was shown. */
function markNews(list: HTMLElement, known: ReadonlyMap<string | undefined, string | undefined>): void {
  for (const row of rows(list)) {
    if (known.get(row.dataset["id"]) !== row.dataset["version"]) row.dataset["news"] = "";
  }
}
