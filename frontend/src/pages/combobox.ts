/** A text field that suggests as one types. What is suggested may take a moment to come; an older answer never wins. */

import { made } from "../lib/dom";

const WAIT_MS = 120;

export interface ComboboxOptions<T> {
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  /** What matches; rejects where it cannot be known right now, and then nothing is suggested. */
  readonly suggest: (typed: string, signal: AbortSignal) => Promise<readonly T[]>;
  /** The cells of an option. */
  readonly shown: (suggested: T) => readonly HTMLElement[];
  readonly onChosen: (suggested: T) => void;
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
    if (this.#input.value.trim() === "") this.#close();
    else this.#timer = setTimeout(() => void this.#ask(), WAIT_MS);
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const found = await this.#options.suggest(this.#input.value.trim(), asking.signal).catch(() => []);
    if (asking.signal.aborted || document.activeElement !== this.#input) return;
    this.#show(found);
  }

  #show(found: readonly T[]): void {
    this.#found = found;
    this.#list.replaceChildren(...found.map((each, index) => this.#option(each, index)));
    this.#list.hidden = found.length === 0;
    this.#input.setAttribute("aria-expanded", `${found.length > 0}`);
    this.#activate(0);
  }

  #option(suggested: T, index: number): HTMLElement {
    const option = made("div", "palette-option");
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.append(...this.#options.shown(suggested));
    return option;
  }

  #activate(index: number): void {
    const options = [...this.#list.children];
    this.#active = options.length === 0 ? -1 : (index + options.length) % options.length;
    options.forEach((option, each) => {
      option.setAttribute("aria-selected", `${each === this.#active}`);
    });
    const active = options[this.#active];
    if (active === undefined) this.#input.removeAttribute("aria-activedescendant");
    else {
      this.#input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    }
  }

  /** Enter and Tab take the suggestion that is marked: Enter stays in the field, Tab goes on as it does. */
  #key(event: KeyboardEvent): void {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (this.#list.hidden) void this.#ask();
        else this.#activate(this.#active + (event.key === "ArrowDown" ? 1 : -1));
        break;
      case "Enter":
        if (this.#choose(this.#active)) event.preventDefault();
        break;
      case "Tab":
        if (!event.shiftKey) this.#choose(this.#active);
        break;
      case "Escape":
        if (this.#list.hidden) return;
        event.preventDefault();
        this.#close();
    }
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
    this.#found = [];
    this.#active = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}
