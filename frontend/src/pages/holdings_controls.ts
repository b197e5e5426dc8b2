/**
 * What stands over the holdings: the filter, and what somebody chooses to see. Each choice is sent to the server, which keeps it
 * and answers with the page as it is then; its table takes the place of the one in hand, and nothing else of the page changes.
 */

import type { SortOrder } from "../cells/holdings";
import { byId } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";

const PATIENCE_MS = 10_000;

export interface HoldingsControlsOptions {
  readonly onFilter: (text: string) => void;
  /** The table is another one, made anew by the server. */
  readonly onReplaced: () => void;
  /** More is known of what is held. */
  readonly onLearned: () => void;
  readonly fetch?: typeof fetch;
}

export class HoldingsControls {
  readonly #form = byId("holdings-form", HTMLFormElement);
  readonly #list = byId("columns-list", HTMLElement);
  readonly #filter = byId("holdings-filter", HTMLInputElement);
  readonly #said = byId("columns-said", HTMLElement);
  readonly #onFilter: (text: string) => void;
  readonly #onReplaced: () => void;
  readonly #onLearned: () => void;
  readonly #fetch: typeof fetch;
  #isChanged = false;
  #isSending = false;
  #isToReplace = false;
  #dragged: HTMLElement | null = null;

  constructor({ onFilter, onReplaced, onLearned, fetch: ask }: HoldingsControlsOptions) {
    this.#onFilter = onFilter;
    this.#onReplaced = onReplaced;
    this.#onLearned = onLearned;
    this.#fetch = ask ?? ((...asked) => fetch(...asked));
  }

  start(): void {
    this.#filter.addEventListener("input", () => this.#onFilter(this.#filter.value));
    this.#filter.addEventListener("keydown", (event) => this.#pressedInFilter(event));
    const group = "On this page";
    shortcuts.register(
      { keys: ["f"], does: phrase("Filter the holdings"), group, run: () => this.#filter.focus() },
      { keys: [], told: "↑ or ↓", does: phrase("In the holdings: the row before or after"), group },
      { keys: [], told: "← or →", does: phrase("In the holdings: fold or unfold the group"), group },
      { keys: [], told: "Enter", does: phrase("In the holdings: open what the row is about"), group },
      { keys: [], told: "E", does: phrase("In the holdings: explain the figure in focus"), group },
    );
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("change", (event) => this.#changed(event));
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#list.addEventListener("keydown", (event) => this.#pressedInList(event));
    this.#listenToDrags();
  }

  get filter(): string {
    return this.#filter.value;
  }

  /** Whether closed positions are on the page, which the socket says nothing of. */
  get showsClosed(): boolean {
    return byId("closed-part", HTMLElement).childElementCount > 0;
  }

  /** Keeps the order that a header of the table was clicked to; the table is in that order already. */
  keepOrder({ column, isDescending }: SortOrder): void {
    byId("holdings-sort", HTMLSelectElement).value = column;
    byId("holdings-descending", HTMLInputElement).checked = isDescending;
    this.#keep(false);
  }

  /** Asks the server for what the socket does not tell; the table in hand stays. */
  async learn(): Promise<void> {
    try {
      const answer = await this.#fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["holding-traits", "closed-part"]) {
        const fresh = page.getElementById(part);
        if (fresh !== null) byId(part, HTMLElement).replaceChildren(...fresh.childNodes);
      }
      this.#onLearned();
    } catch {
      // What is not known yet is asked for with the next transaction; until then it is unclassified.
    }
  }

  // ---------- Columns ----------

  #changed(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.form !== this.#form) return;
    if (target.name === "column" && this.#form.querySelector("[name='column']:checked") === null) {
      (target as HTMLInputElement).checked = true;
      this.#say(phrase("One column beside the name stays."));
      return;
    }
    this.#keep();
  }

  /** A move happens here at once; the form of the page as it stands says the order that came of it. */
  #submitted(event: SubmitEvent): void {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.name !== "move") return;
    event.preventDefault();
    const item = button.closest("li");
    if (item !== null && this.#move(item, button.value.endsWith(":up") ? -1 : 1)) button.focus();
  }

  #pressedInList(event: KeyboardEvent): void {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item === null || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const focused = document.activeElement;
    this.#move(item, event.key === "ArrowUp" ? -1 : 1);
    if (focused instanceof HTMLElement) focused.focus();
  }

  #move(item: HTMLElement, by: 1 | -1): boolean {
    const other = by === 1 ? item.nextElementSibling : item.previousElementSibling;
    if (other === null) return false;
    if (by === 1) other.after(item);
    else other.before(item);
    const place = [...this.#list.children].indexOf(item) + 1;
    this.#say(
      phrase("{name}: place {place} of {count}.", {
        name: item.textContent?.trim() ?? "",
        place,
        count: this.#list.children.length,
      }),
    );
    this.#keep();
    return true;
  }

  #listenToDrags(): void {
    const itemOf = (event: Event): HTMLElement | null =>
      event.target instanceof Element ? event.target.closest<HTMLElement>("li[data-column]") : null;
    this.#list.addEventListener("dragstart", (event) => {
      this.#dragged = itemOf(event);
      this.#dragged?.toggleAttribute("data-dragged", true);
    });
    this.#list.addEventListener("dragover", (event) => {
      const [item, dragged] = [itemOf(event), this.#dragged];
      if (item === null || dragged === null) return;
      event.preventDefault();
      if (item === dragged) return;
      const box = item.getBoundingClientRect();
      if (event.clientY > box.top + box.height / 2) item.after(dragged);
      else item.before(dragged);
    });
    this.#list.addEventListener("drop", (event) => event.preventDefault());
    this.#list.addEventListener("dragend", () => {
      this.#dragged?.removeAttribute("data-dragged");
      this.#dragged = null;
      this.#keep();
    });
  }

  // ---------- Filter ----------

  #clicked(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.id === "holdings-unfilter") this.#clear();
  }

  #pressedInFilter(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#filter.value !== "") {
      event.preventDefault();
      this.#clear();
    } else if (event.key === "ArrowDown") {
      const first = document.querySelector<HTMLElement>(
        "#holdings tbody tr:not([hidden]) :is(a.symbol, .group-toggle)",
      );
      if (first === null) return;
      event.preventDefault();
      first.focus();
    }
  }

  #clear(): void {
    this.#filter.value = "";
    this.#onFilter("");
    this.#filter.focus();
  }

  // ---------- The server ----------

  /** Sends the form as it stands; what is changed meanwhile goes after it, so that the last word is the one that is kept. */
  #keep(isReplaced = true): void {
    this.#isChanged = true;
    this.#isToReplace ||= isReplaced;
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#isChanged) {
        this.#isChanged = false;
        await this.#send();
      }
    } catch {
      this.#say(phrase("Not kept: the server does not answer. Reload the page and try again."));
    } finally {
      this.#isSending = false;
    }
  }

  async #send(): Promise<void> {
    const answer = await this.#fetch(this.#form.action, {
      method: "POST",
      body: new FormData(this.#form),
      headers: { Accept: "text/html" },
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    const text = await answer.text();
    if (this.#isChanged || !this.#isToReplace) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.getElementById("holdings-part") === null) throw new Error("The server answered with another page.");
    for (const part of ["holdings-part", "closed-part"]) {
      byId(part, HTMLElement).replaceChildren(...(page.getElementById(part)?.childNodes ?? []));
    }
    this.#isToReplace = false;
    this.#onReplaced();
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }
}
