/** The command palette: a field and a list of all that what is typed may mean. Loaded when it is first asked for. */

import { made, madeSvg } from "../lib/dom";
import { around, markOption } from "../lib/options";
import { shortcuts, toldKeys } from "../lib/shortcuts";
import { countedPhrase, phrase } from "../lib/words";
import { openHelp, portfolioAtHand } from "./commands";
import { type Answer, answerOf, type Entry, entriesFor, lineAskedOf } from "./palette_entries";
import { type LinesRead, lineRead } from "./palette_line";
import { togglePrivacy } from "./privacy";
import { fetchJson } from "./suggested";

const WAIT_MS = 100;

export class Palette {
  static #open: Palette | null = null;
  readonly #dialog = made("dialog", "dialog palette");
  readonly #input = made("input", "palette-input");
  readonly #list = made("div", "palette-list");
  readonly #none = made("p", "palette-none quiet");
  readonly #said = made("p", "visually-hidden");
  #answer: Answer | null = null;
  #read: LinesRead | null = null;
  #isLost = false;
  #entries: readonly Entry[] = [];
  #active = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  /** Opens it; where it is open already, the field takes the focus. */
  static open(): void {
    // One that was closed is told of it a little later.
    if (Palette.#open?.isOpen === true) Palette.#open.#input.select();
    else Palette.#open = new Palette();
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  private constructor() {
    for (const other of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) other.close();
    this.#dialog.setAttribute("aria-label", phrase("Search or run a command"));
    this.#dress();
    this.#dialog.append(this.#input, this.#list, this.#none, foot(), this.#said);
    this.#listen();
    document.body.append(this.#dialog);
    this.#show();
    this.#dialog.showModal();
    this.#input.focus();
    void this.#ask();
  }

  #dress(): void {
    this.#list.id = "palette-list";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", phrase("Results"));
    this.#said.setAttribute("role", "status");
    this.#input.placeholder = phrase("Search or run a command");
    this.#input.autocomplete = "off";
    this.#input.spellcheck = false;
    this.#input.enterKeyHint = "go";
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-label", phrase("Search or run a command")],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "true"],
      ["aria-controls", this.#list.id],
    ] as const)
      this.#input.setAttribute(name, value);
  }

  #listen(): void {
    this.#input.addEventListener("input", () => {
      this.#show();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#ask(), WAIT_MS);
    });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("pointermove", ({ target }) => {
      const at = this.#placeOf(target);
      if (at >= 0 && at !== this.#active) this.#activate(at, false);
    });
    // The field keeps the focus, so that the keys go on working.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#run(this.#placeOf(event.target), event));
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    this.#dialog.addEventListener("close", () => {
      clearTimeout(this.#timer);
      this.#asking?.abort();
      this.#dialog.remove();
      if (Palette.#open === this) Palette.#open = null;
    });
  }

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const address = `/search.json?text=${encodeURIComponent(this.#input.value.trim())}`;
      const answer = answerOf(await fetchJson(address, asking.signal));
      this.#answer = answer;
      this.#isLost = false;
      await this.#readLine(answer, asking.signal);
    } catch {
      if (asking.signal.aborted) return;
      this.#isLost = true;
      this.#answer = this.#answer === null ? null : { ...this.#answer, instruments: [] };
    }
    this.#show();
  }

  /** What names nothing is read as a transaction, before anything is said of it. */
  async #readLine(answer: Answer, signal: AbortSignal): Promise<void> {
    const line = this.#input.value.trim();
    const asked = this.#entriesNow().length > 0 ? [] : lineAskedOf(line, answer, portfolioAtHand());
    if (asked.length > 0) this.#read = await lineRead(line, asked, signal);
  }

  #entriesNow(): readonly Entry[] {
    const around = { actions: actions(), at: portfolioAtHand(), watch: watching(), read: this.#read };
    return entriesFor(this.#input.value, this.#answer, around);
  }

  /** What is said where nothing is found: of a line with the word of a transaction, what of it was not understood. */
  get #nothing(): string {
    const line = this.#input.value.trim();
    const [first] = this.#read?.line === line ? this.#read.previews.values() : [];
    const none = phrase("Nothing here is called “{name}”.", { name: line });
    if (first === undefined || first.isOne || first.text === "") return none;
    const left = phrase("As a transaction: {what}", { what: first.text });
    return `${none} ${left}`;
  }

  #show(): void {
    const before = this.#entries[this.#active];
    this.#entries = this.#entriesNow();
    this.#list.replaceChildren(...this.#entries.map(optionOf));
    const isNone = this.#entries.length === 0;
    const lost = phrase("The server cannot be reached: instruments and pages are not searched.");
    this.#none.textContent = this.#isLost ? lost : isNone ? this.#nothing : "";
    this.#none.hidden = this.#none.textContent === "";
    this.#list.hidden = isNone;
    this.#input.setAttribute("aria-expanded", `${!isNone}`);
    this.#said.textContent = isNone
      ? this.#none.textContent
      : countedPhrase("{count} result", "{count} results", this.#entries.length);
    // While the answer comes the mark stays on what it was on, unless something else was typed.
    const same = this.#entries.findIndex(({ name, detail }) => name === before?.name && detail === before.detail);
    this.#activate(this.#active > 0 && same >= 0 ? same : 0);
  }

  #activate(index: number, scrolls = true): void {
    this.#active = Math.max(around(index, this.#list.children.length), 0);
    markOption(this.#input, this.#list.children, this.#active, scrolls);
  }

  #pressed(event: KeyboardEvent): void {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.#activate(this.#active + (event.key === "ArrowDown" ? 1 : -1));
        break;
      case "Enter":
        if (event.isComposing) return;
        this.#run(this.#active, event);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  /** Does what the entry is for; with Ctrl or ⌘ a page opens in another tab. */
  #run(index: number, event: KeyboardEvent | MouseEvent): void {
    const entry = this.#entries[index];
    if (entry === undefined) return;
    this.#dialog.close();
    if (typeof entry.does !== "string") entry.does();
    else if (event.ctrlKey || event.metaKey) open(entry.does, "_blank");
    else location.assign(entry.does);
  }

  #placeOf(target: EventTarget | null): number {
    const option = target instanceof Element ? target.closest("[role=option]") : null;
    return option === null ? -1 : [...this.#list.children].indexOf(option);
  }
}

function optionOf({ icon, name, detail, keys }: Entry, at: number): HTMLElement {
  const option = made("div", "palette-option");
  option.id = `palette-${at}`;
  option.setAttribute("role", "option");
  const picture = madeSvg("svg", { class: "icon", "aria-hidden": "true" });
  picture.append(madeSvg("use", { href: `#i-${icon}` }));
  const words = made("span", "palette-words");
  words.append(made("span", "strong", name), made("span", "label", detail === "" ? "" : ` ${detail}`));
  option.append(picture, words, ...(keys === "" ? [] : [made("kbd", "kbd", keys)]));
  return option;
}

function foot(): HTMLElement {
  const box = made("div", "pop-foot only-wide");
  const line = made("span", "quiet sub");
  for (const [keys, does] of [
    [["↑", "↓"], phrase("move")],
    [["Enter"], phrase("open it")],
    [["Esc"], phrase("close it")],
  ] as const) {
    line.append(...keys.map((key) => made("kbd", "kbd", key)), ` ${does} `);
  }
  box.append(line);
  return box;
}

/** What can be done anywhere, each by what does it on the page too. */
function actions(): readonly Entry[] {
  const keysOf = (name: string): string => {
    const found = shortcuts.all.find(({ does }) => does === name);
    return found === undefined ? "" : toldKeys(found);
  };
  const clicked = (id: string) => (): void => document.getElementById(id)?.click();
  const form = document.querySelector<HTMLFormElement>("form[action='/sign-out/']");
  return [
    {
      icon: "mask",
      name: phrase("Hide amounts, or show them"),
      detail: phrase("Privacy mode"),
      keys: keysOf(phrase("Hide amounts, or show them")),
      does: togglePrivacy,
    },
    {
      icon: "system",
      name: phrase("Change the theme"),
      detail: phrase("As the system, light, dark"),
      keys: "",
      does: clicked("theme-button"),
    },
    {
      icon: "help",
      name: phrase("Show the keys of the page"),
      detail: phrase("Shortcuts"),
      keys: "?",
      does: () => void openHelp(),
    },
    ...(form === null
      ? []
      : [{ icon: "out", name: phrase("Sign out"), detail: "", keys: "", does: () => form.requestSubmit() }]),
  ];
}

/** Sends what the button of the watchlists sends, and comes back to this page, which says what came of it. */
function watching(): ((symbol: string) => void) | null {
  const token = document.querySelector<HTMLInputElement>("form[action='/sign-out/'] input[name='csrfmiddlewaretoken']");
  if (token === null) return null;
  return (symbol) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/watchlists/add/";
    const next = `${location.pathname}${location.search}`;
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token.value, symbol, next })) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };
}
