/** A text field that suggests as one types. What is suggested may take a moment to come; an older answer never wins. */

import { made } from "../lib/dom";
import { markOption } from "../lib/options";
import { phrase } from "../lib/words";

const WAIT_MS = 120;

export interface ComboboxOptions<T> {
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  /** What matches; rejects where it cannot be known right now, and then nothing is suggested. */
  readonly suggest: (typed: string, signal: AbortSignal) => Promise<readonly T[]>;
  /** The cells of an option. */
  readonly shown: (suggested: T) => readonly HTMLElement[];
  readonly onChosen: (suggested: T) => void;
  /** Goes on from the field: Enter then never sends the form before what was typed is looked up. */
  readonly goesOn?: () => void;
}

export class Combobox<T> {
  readonly #options: ComboboxOptions<T>;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #stopped = new AbortController();
  #found: readonly T[] = [];
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  /** Whether what stands in the field was typed and nothing is suggested for it yet. */
  #isPending = false;

  constructor(options: ComboboxOptions<T>) {
    this.#options = options;
    this.#input = options.input;
    this.#list = options.list;
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.#list.id],
    ] as const)
      this.#input.setAttribute(name, value);
    this.#listen();
    // What was typed before this module had loaded.
    if (document.activeElement === this.#input && this.#input.value !== this.#input.defaultValue) this.#askSoon();
  }

  /** Lets go of the field. */
  stop(): void {
    this.#stopped.abort();
    this.#close();
  }

  #listen(): void {
    const { signal } = this.#stopped;
    this.#input.addEventListener("input", () => this.#askSoon(), { signal });
    this.#input.addEventListener("blur", () => this.#close(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#key(event), { signal });
    // Before the blur, which would close the list under the pointer.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#isPending = this.#input.value.trim() !== "";
    if (this.#isPending) this.#timer = setTimeout(() => void this.#ask(), WAIT_MS);
    else this.#close();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const found = await this.#options.suggest(this.#input.value.trim(), asking.signal).catch(() => []);
    if (asking.signal.aborted || document.activeElement !== this.#input) return;
    this.#isPending = false;
    this.#show(found);
  }

  #show(found: readonly T[]): void {
    this.#found = found;
    this.#list.replaceChildren(...found.map((each, index) => this.#option(each, index)));
    this.#list.hidden = found.length === 0;
    this.#input.setAttribute("aria-expanded", `${found.length > 0}`);
    this.#mark(-1);
  }

  #option(suggested: T, index: number): HTMLElement {
    const option = made("div", "palette-option");
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.append(...this.#options.shown(suggested));
    if (index === 0) {
      const key = made("kbd", "kbd only-wide option-key", phrase("Enter"));
      key.setAttribute("aria-hidden", "true");
      option.append(key);
    }
    return option;
  }

  /** Marks by arrow: from nothing the first, or the last, so that no key passes over what was not seen marked. */
  #step(by: 1 | -1): void {
    const { length } = this.#list.children;
    this.#mark(this.#active < 0 && by < 0 ? length - 1 : (this.#active + by + length) % length);
  }

  /** Marks an option; none before an arrow was pressed, when Enter and Tab take the first. */
  #mark(index: number): void {
    this.#active = index;
    this.#list.toggleAttribute("data-marked", index >= 0);
    markOption(this.#input, this.#list.children, index);
  }

  /** Enter and Tab take the suggestion that is marked, or the first: Tab goes on as it does, Enter where `goesOn` says. */
  #key(event: KeyboardEvent): void {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (this.#list.hidden) void this.#ask();
        else this.#step(event.key === "ArrowDown" ? 1 : -1);
        break;
      case "Enter":
        if (event.isComposing) return;
        if (this.#choose(Math.max(this.#active, 0))) {
          event.preventDefault();
          this.#options.goesOn?.();
        } else if (this.#options.goesOn !== undefined && this.#isPending) {
          event.preventDefault();
          void this.#takeWhenFound(this.#options.goesOn);
        }
        break;
      case "Tab":
        if (!event.shiftKey) this.#choose(Math.max(this.#active, 0));
        break;
      case "Escape":
        if (this.#list.hidden) return;
        event.preventDefault();
        this.#close();
    }
  }

  /** Who is quicker than the answer takes its first, and goes on even where there is none. */
  async #takeWhenFound(goesOn: () => void): Promise<void> {
    const typed = this.#input.value;
    await this.#ask();
    if (this.#input.value !== typed || document.activeElement !== this.#input) return;
    this.#choose(0);
    this.#isPending = false;
    goesOn();
  }

  #clicked(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option !== null) this.#choose([...this.#list.children].indexOf(option));
  }

  #choose(index: number): boolean {
    const chosen = this.#list.hidden ? undefined : this.#found[index];
    if (chosen === undefined) return false;
    this.#close();
    this.#options.onChosen(chosen);
    return true;
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#isPending = false;
    this.#found = [];
    this.#active = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}
