/** A transaction in one line, above any page of a portfolio: N opens it, each key is understood, Enter books. */

import { byId, made, madeSvg, within } from "../lib/dom";
import { newKey } from "../lib/keys";
import { around, markOption } from "../lib/options";
import { phrase } from "../lib/words";
import {
  type Choice,
  EMPTY,
  type Pieces,
  piecesOf,
  type ReadBadge,
  type Reading,
  readingOf,
} from "./fast_entry_reading";
import { fetchJson, isRecord, textOrNull } from "./suggested";
import { sentence, showToast } from "./toasts";

const WAIT_MS = 120;

export class FastEntry {
  readonly #dialog: HTMLDialogElement;
  readonly #form: HTMLFormElement;
  readonly #input = byId("line-text", HTMLInputElement);
  readonly #badges = byId("line-badges", HTMLElement);
  readonly #faults = byId("line-faults", HTMLElement);
  readonly #choices = byId("line-choices", HTMLElement);
  readonly #total = byId("line-total", HTMLElement);
  readonly #book = byId("line-book", HTMLButtonElement);
  readonly #verb = byId("line-verb", HTMLElement);
  #reading: Reading = EMPTY;
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  /** One of its own for each transaction, so that what is sent twice is booked once. */
  #key = newKey();
  #isBooking = false;

  constructor(dialog: HTMLDialogElement) {
    this.#dialog = dialog;
    this.#form = within(dialog, "form", HTMLFormElement);
    this.#input.addEventListener("input", () => this.#askSoon());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#bookIt({ stays: false });
    });
    this.#badges.addEventListener("click", ({ target }) => {
      const suggested = target instanceof Element ? target.closest<HTMLElement>("[data-put]") : null;
      if (suggested !== null) this.#putIn(suggested);
    });
    this.#choices.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#choices.addEventListener("click", (event) => this.#clicked(event));
    this.#show(EMPTY);
  }

  /** It was opened. What was typed before this was there is read, and prices and what is held may have moved since it was closed. */
  opened(): void {
    if (this.#input.value.trim() !== "") this.#askSoon();
  }

  // ---------- Understanding ----------

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    // What stands there now is not understood yet: nothing else may be booked in its place, and no symbol put in it.
    this.#reading = { ...this.#reading, ready: false, anyway: "", choices: [] };
    this.#showReady();
    if (this.#input.value.trim() === "") this.#show(EMPTY);
    else this.#timer = setTimeout(() => void this.#ask(), WAIT_MS);
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const address = `${this.#form.dataset["read"] ?? ""}?${new URLSearchParams({ line: this.#input.value })}`;
    const answer = await fetchJson(address, asking.signal).catch(() => null);
    if (asking.signal.aborted) return;
    this.#show(
      answer === null
        ? failed(phrase("The server did not answer. Nothing is lost: type on, or try again."))
        : readingOf(answer),
    );
  }

  #show(reading: Reading): void {
    this.#reading = reading;
    this.#badges.replaceChildren(...reading.badges.map((each) => badge(each)));
    this.#faults.replaceChildren(
      ...reading.faults.map((each) => fault(each)),
      ...reading.notes.map((each) => note(each)),
    );
    this.#choices.replaceChildren(...reading.choices.map((each, index) => option(each, index)));
    this.#choices.hidden = reading.choices.length === 0;
    this.#activate(reading.choices.length === 0 ? -1 : 0);
    this.#total.textContent = reading.total;
    this.#showReady();
  }

  #showReady(): void {
    this.#book.setAttribute("aria-disabled", `${!this.#reading.ready}`);
    this.#verb.textContent = this.#reading.anyway === "" ? phrase("Book") : phrase("Book it anyway");
  }

  // ---------- Keys ----------

  #pressed(event: KeyboardEvent): void {
    const hasChoices = this.#reading.choices.length > 0;
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const isMarked = hasChoices && !event.shiftKey;
      if (isMarked && this.#choose(this.#active)) return;
      void this.#bookIt({ stays: event.shiftKey });
    } else if (event.key === "ArrowRight" && this.#isAtEnd) {
      const suggested = this.#badges.querySelector<HTMLElement>("[data-put]");
      if (suggested !== null) this.#putIn(suggested);
    } else if (hasChoices && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#activate(this.#active + (event.key === "ArrowDown" ? 1 : -1));
    }
  }

  #activate(index: number): void {
    this.#active = around(index, this.#choices.children.length);
    markOption(this.#input, this.#choices.children, this.#active, false);
  }

  #clicked(event: MouseEvent): void {
    const clicked = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (clicked !== null) this.#choose([...this.#choices.children].indexOf(clicked));
  }

  /** Puts a symbol in the place of the words that may mean it. */
  #choose(index: number): boolean {
    const chosen = this.#reading.choices[index];
    const { named } = this.#reading;
    if (chosen === undefined || named === null) return false;
    // The server counts characters, and a string of the browser counts some of them twice.
    const letters = [...this.#input.value];
    const before = `${letters.slice(0, named[0]).join("")}${chosen.put}`;
    this.#input.value = `${before}${letters.slice(named[1]).join("")}`;
    this.#input.setSelectionRange(before.length, before.length);
    void this.#ask();
    return true;
  }

  get #isAtEnd(): boolean {
    const { selectionStart, selectionEnd, value } = this.#input;
    return selectionStart === value.length && selectionEnd === value.length;
  }

  /** A suggestion that is taken stands in the line from then on. */
  #putIn(suggested: HTMLElement): void {
    this.#input.value = `${this.#input.value.trimEnd()} ${suggested.dataset["put"] ?? ""}`;
    this.#input.focus();
    void this.#ask();
  }

  // ---------- Booking ----------

  async #bookIt({ stays }: { readonly stays: boolean }): Promise<void> {
    if (this.#isBooking || this.#input.value.trim() === "") return;
    this.#isBooking = true;
    try {
      // Who is quicker than the answer to the last key books what stands there, or is told what is wrong with it.
      if (!this.#reading.ready) await this.#ask();
      if (this.#reading.ready) await this.#send(stays);
    } finally {
      this.#isBooking = false;
    }
  }

  async #send(stays: boolean): Promise<void> {
    const body = new FormData(this.#form);
    body.set("key", this.#key);
    body.set("price", this.#reading.price);
    body.set("rate", this.#reading.rate);
    body.set("anyway", this.#reading.anyway);
    const sent = await fetch(this.#form.action, { method: "POST", body }).catch(() => null);
    const answer: unknown = sent === null ? null : await sent.json().catch(() => null);
    if (sent?.ok && isRecord(answer)) this.#booked(answer, stays);
    else if (sent !== null && isRecord(answer) && "badges" in answer) {
      // Another with the same key may have been booked with something else in it.
      if (sent.status === 409) this.#key = newKey();
      this.#show(readingOf(answer));
    } else
      this.#show({
        ...this.#reading,
        faults: [plain(phrase("It is not known whether that was booked. Press Enter again: it is booked once."))],
      });
  }

  #booked(answer: { readonly [key: string]: unknown }, stays: boolean): void {
    this.#key = newKey();
    this.#input.value = "";
    this.#show(EMPTY);
    if (!stays) this.#dialog.close();
    const version = answer["version"];
    showToast(piecesOf(answer["pieces"]), {
      address: textOrNull(answer, "undo") ?? "",
      version: typeof version === "number" ? version : 0,
    });
  }
}

function failed(fault: string): Reading {
  return { ...EMPTY, faults: [plain(fault)] };
}

function fault(pieces: Pieces): HTMLElement {
  const element = made("li", "error");
  element.append(icon("#i-warn"), sentence(pieces));
  return element;
}

function note(text: string): HTMLElement {
  const element = made("li", "line-note");
  element.append(icon("#i-warn"), made("span", "", text));
  return element;
}

function plain(text: string): Pieces {
  return [[text, false]];
}

function badge({ text, state, hint, put, isPrivate }: ReadBadge): HTMLElement {
  const kind = state === "fault" ? "badge-fault" : state === "read" ? "badge-accent" : `badge-${state}`;
  const element = made(put === "" ? "span" : "button", `badge ${kind}`);
  if (element instanceof HTMLButtonElement) {
    element.type = "button";
    // By the keyboard it is taken with the arrow to the right; Tab goes to the form.
    element.tabIndex = -1;
    element.dataset["put"] = put;
  }
  if (state === "fault") element.append(icon("#i-warn"), spoken(phrase("wrong:")));
  if (state === "suggested") element.append(spoken(phrase("suggested:")));
  element.append(made("span", isPrivate ? "amount" : "", text));
  if (hint !== "") element.title = hint;
  return element;
}

function spoken(word: string): HTMLElement {
  return made("span", "visually-hidden", `${word} `);
}

function icon(href: string): SVGElement {
  const svg = madeSvg("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(madeSvg("use", { href }));
  return svg;
}

function option({ symbol, name, venue, currency }: Choice, index: number): HTMLElement {
  const element = made("div", "palette-option");
  element.id = `line-choice-${index}`;
  element.setAttribute("role", "option");
  element.append(
    made("span", "strong", symbol),
    made("span", "label", name),
    made("span", "quiet", venue === "" ? phrase("no price") : venue),
    made("span", "unit", currency),
  );
  return element;
}
