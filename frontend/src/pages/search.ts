/**
 * The search field: suggests as one types, answers in place where nothing has that symbol.
 *
 * What the page lists is suggested at once; what the server finds besides, in its list of instruments, comes a moment later.
 */

import { byId, made, textOf } from "../lib/dom";
import { around, markOption } from "../lib/options";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import type { Found } from "./listed";
import type { Listed } from "./ticker_list";

const SHOWN = 8;
const WAIT_MS = 150;

export interface SearchOptions {
  readonly matching: (typed: string) => readonly Listed[];
  readonly quote: (symbol: string) => { readonly price: string; readonly change: string; readonly direction: string };
  /** What the server finds; rejects where it cannot say, and then nothing comes besides. */
  readonly find: (typed: string, signal: AbortSignal) => Promise<readonly Found[]>;
  /** Shows a symbol; the answer is empty, or why it cannot be shown. */
  readonly onSubmit: (symbol: string) => Promise<string>;
}

export class Search {
  readonly #options: SearchOptions;
  readonly #form = byId("search", HTMLFormElement);
  readonly #input = byId("symbol-input", HTMLInputElement);
  readonly #list = byId("suggestions", HTMLElement);
  readonly #error = byId("search-error", HTMLElement);
  readonly #errorText = textOf(byId("search-error-text", HTMLElement));
  /** The symbol that the page shows, beside what is typed. */
  #shown: string;
  #active = -1;
  #hasStepped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#shown = this.#input.value;
    this.#input.setAttribute("role", "combobox");
    this.#input.setAttribute("aria-autocomplete", "list");
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.#listen();
  }

  /** Whether someone is at it, so that nothing should be taken from under their hands. */
  get isBusy(): boolean {
    return document.activeElement === this.#input;
  }

  /** What stands in the field after another symbol was chosen. */
  fill(symbol: string): void {
    this.#shown = symbol;
    this.#restore();
    this.#close();
  }

  #restore(): void {
    this.#input.value = this.#shown;
    this.#fail("");
  }

  #listen(): void {
    this.#input.addEventListener("focus", () => this.#input.select());
    this.#input.addEventListener("input", () => {
      this.#fail("");
      this.#hasStepped = false;
      this.#suggest();
    });
    this.#input.addEventListener("blur", () => this.#close());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    // Before the blur, which would close the list under the pointer.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[data-symbol]") : null;
      if (option instanceof HTMLElement) void this.#submit(option.dataset["symbol"] ?? "");
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit(this.#chosen() ?? this.#input.value);
    });
  }

  /** Has the key that leads here. Called after all that every page registers, of which it takes the place. */
  takeKey(): void {
    const run = (): void => this.#input.focus();
    shortcuts.register({ keys: ["/"], does: phrase("Search for a symbol"), group: "On this page", run });
  }

  async #submit(typed: string): Promise<void> {
    const symbol = typed.trim().toUpperCase();
    if (symbol === "") {
      this.#fail(phrase("Type a symbol, or pick one of the list."));
      return;
    }
    this.#close();
    const problem = await this.#options.onSubmit(symbol);
    if (problem === "") this.#input.blur();
    this.#fail(problem);
  }

  #fail(problem: string): void {
    this.#error.hidden = problem === "";
    if (this.#errorText.data !== problem) this.#errorText.data = problem;
    if (problem === "") {
      this.#input.removeAttribute("aria-invalid");
      this.#input.removeAttribute("aria-describedby");
    } else {
      this.#input.setAttribute("aria-invalid", "true");
      this.#input.setAttribute("aria-describedby", this.#error.id);
    }
  }

  #suggest(): void {
    const typed = this.#input.value.trim();
    const listed = typed === "" ? [] : this.#options.matching(typed).slice(0, SHOWN);
    this.#show(listed.map((each) => this.#listedOption(each)));
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (typed !== "") this.#timer = setTimeout(() => void this.#ask(typed, listed), WAIT_MS);
  }

  /** What the server finds stands below what is listed, but for the very symbol or ISIN that was typed. */
  async #ask(typed: string, listed: readonly Listed[]): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const found = await this.#options.find(typed, asking.signal).catch(() => []);
    if (asking.signal.aborted || document.activeElement !== this.#input || this.#input.value.trim() !== typed) return;
    const known = new Set(listed.map(({ symbol }) => symbol));
    const further = found.filter(({ symbol }) => !known.has(symbol)).map((each) => this.#foundOption(each));
    if (further.length === 0) return;
    const chosen = this.#chosen();
    const isMeant = (option: HTMLElement): boolean => option.dataset["symbol"] === typed.toUpperCase();
    const options = [...listed.map((each) => this.#listedOption(each)), ...further];
    this.#show([...options.filter(isMeant), ...options.filter((option) => !isMeant(option))].slice(0, SHOWN));
    // What somebody has gone to with the arrows stays chosen.
    const at = [...this.#list.children].findIndex((option) => (option as HTMLElement).dataset["symbol"] === chosen);
    if (this.#hasStepped && at >= 0) this.#activate(at);
  }

  #show(options: readonly HTMLElement[]): void {
    for (const [index, option] of options.entries()) option.id = `suggestion-${index}`;
    this.#list.replaceChildren(...options);
    this.#list.hidden = options.length === 0;
    this.#input.setAttribute("aria-expanded", `${options.length > 0}`);
    this.#activate(options.length > 0 ? 0 : -1);
  }

  #listedOption({ symbol, name }: Listed): HTMLElement {
    const { price, change, direction } = this.#options.quote(symbol);
    const figures = [made("span", "num", price), made("span", `num ${direction}`, change)];
    return optionOf(symbol, [made("span", "strong", symbol), made("span", "label", name), ...figures]);
  }

  #foundOption({ symbol, name, venue, unit }: Found): HTMLElement {
    const where = [made("span", "quiet", venue), made("span", "unit", unit)];
    return optionOf(symbol, [made("span", "strong", symbol), made("span", "label", name), ...where]);
  }

  #activate(index: number): void {
    this.#active = around(index, this.#list.children.length);
    markOption(this.#input, this.#list.children, this.#active);
  }

  #chosen(): string | null {
    const option = this.#list.hidden ? undefined : this.#list.children[this.#active];
    return option instanceof HTMLElement ? (option.dataset["symbol"] ?? null) : null;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.#list.hidden) this.#suggest();
      else this.#activate(this.#active + (event.key === "ArrowDown" ? 1 : -1));
      this.#hasStepped = true;
    } else if (event.key === "Escape") {
      if (this.#list.hidden) {
        this.#restore();
        this.#input.blur();
      }
      this.#close();
    }
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#active = -1;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}

function optionOf(symbol: string, cells: readonly HTMLElement[]): HTMLElement {
  const option = made("div", "palette-option");
  option.setAttribute("role", "option");
  option.dataset["symbol"] = symbol;
  option.append(...cells);
  return option;
}
