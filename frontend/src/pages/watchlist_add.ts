/** The field that adds to a watchlist: suggests as one types, and sends what is chosen. */

import { byId, made } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import { Combobox } from "./combobox";
import { type Found, foundAt } from "./listed";

const SYMBOL = /^[A-Z0-9^][A-Z0-9.\-=^:/_]{0,31}$/;

export class WatchAdd {
  readonly #form = byId("watch-add", HTMLFormElement);
  readonly #input = byId("watch-symbol", HTMLInputElement);
  #isTabbing = false;

  constructor() {
    // Before the suggestions hear it: Tab takes what is marked and goes on, and only Enter or a click send it.
    this.#input.addEventListener("keydown", (event) => {
      this.#isTabbing = event.key === "Tab";
    });
    new Combobox<Found | string>({
      input: this.#input,
      list: byId("watch-suggestions", HTMLElement),
      suggest: (typed, signal) => this.#suggest(typed, signal),
      shown: (found) => (typeof found === "string" ? unknownOption(found) : option(found)),
      onChosen: (found) => this.#choose(typeof found === "string" ? found : found.symbol),
    });
    const run = (): void => this.#input.focus();
    shortcuts.register({ keys: ["/"], does: phrase("Add an instrument to the list"), group: "On this page", run });
  }

  /** The server has answered: what was added goes from the field, what was refused stays to be mended. */
  taken(): void {
    this.#input.value = this.#input.defaultValue;
  }

  /** Of a live market any symbol can be asked for, whether or not it is suggested. */
  async #suggest(typed: string, signal: AbortSignal): Promise<readonly (Found | string)[]> {
    const found = await foundAt(this.#input.dataset["search"] ?? "", typed, signal);
    const symbol = typed.toUpperCase();
    const isReplay = document.documentElement.dataset["replay"] === "true";
    const isKnown = isReplay || found.some((each) => each.symbol === symbol);
    return isKnown || !SYMBOL.test(symbol) ? found : [...found, symbol];
  }

  #choose(symbol: string): void {
    this.#input.value = symbol;
    if (!this.#isTabbing) this.#form.requestSubmit();
  }
}

function option({ symbol, name, venue, unit }: Found): readonly HTMLElement[] {
  return [
    made("span", "strong", symbol),
    made("span", "label", name),
    made("span", "quiet", venue),
    made("span", "unit", unit),
  ];
}

function unknownOption(symbol: string): readonly HTMLElement[] {
  return [made("span", "strong", symbol), made("span", "label", phrase("ask the feeds for this symbol"))];
}
