/** The open lots of a holding as chips: how much of each is taken, and which of them are picked. */

import type { OpenLot, WhatIfData } from "../cells/what_if";
import { compared, minus, priceText, summed } from "../lib/decimal";
import { byId, made, within } from "../lib/dom";
import { phrase } from "../lib/words";

export class LotChips {
  readonly #box = byId("what-if-lots", HTMLElement);
  readonly #chips = within(this.#box, ".chips", HTMLElement);
  readonly #unpick = byId("what-if-unpick", HTMLButtonElement);
  readonly #onPick: () => void;
  /** What is picked of each lot; null where the account's method decides, and empty where all were left out. */
  #picks: Map<string, string> | null = null;
  #lots: readonly OpenLot[] = [];
  /** What the answer that is shown takes of each lot. */
  #taken = new Map<string, string>();

  constructor(onPick: () => void) {
    this.#onPick = onPick;
    this.#chips.addEventListener("click", ({ target }) => {
      const chip = target instanceof Element ? target.closest<HTMLElement>("[data-pick]") : null;
      if (chip !== null) this.#toggle(chip.dataset["pick"] ?? "");
    });
    this.#unpick.addEventListener("click", () => {
      this.clear();
      this.#onPick();
      this.#chips.querySelector<HTMLElement>("button")?.focus();
    });
  }

  clear(): void {
    this.#picks = null;
  }

  /** A quantity was typed: where all lots were left out, the account's method decides again. */
  typed(): void {
    if (this.isEmpty) this.#picks = null;
  }

  /** Whether all lots were left out, so that nothing is to be sold. */
  get isEmpty(): boolean {
    return this.#picks?.size === 0;
  }

  /** What is picked together; null where the account's method decides. */
  get total(): string | null {
    return this.#picks === null ? null : summed(this.#picks.values());
  }

  /** What is picked as the server reads it, at most `quantity` together: the rest follows the account's method. */
  picksOf(quantity: string): string {
    let left = quantity;
    const parts: string[] = [];
    for (const lot of this.#lots) {
      if (this.#picks?.has(lot.id) !== true || compared(left, "0") <= 0) continue;
      const units = compared(lot.held, left) > 0 ? left : lot.held;
      parts.push(`${lot.id}:${units}`);
      left = minus(left, units);
    }
    return parts.join(",");
  }

  show(data: WhatIfData): void {
    const own = data.outcomes.find((outcome) => outcome.is_own);
    this.#lots = data.lots;
    this.#taken = new Map();
    for (const { lot, quantity } of own?.used ?? []) {
      this.#taken.set(lot, summed([this.#taken.get(lot) ?? "0", quantity]) ?? quantity);
    }
    for (const id of this.#picks?.keys() ?? []) if (!data.lots.some((lot) => lot.id === id)) this.#picks?.delete(id);
    this.#box.hidden = data.lots.length === 0;
    this.#write(this.#taken);
  }

  /** A chip that is there stays: the focus is on it. */
  #write(shown: ReadonlyMap<string, string>): void {
    this.#unpick.hidden = this.#picks === null;
    const before = [...this.#chips.children].filter((each) => each instanceof HTMLButtonElement);
    const isSame =
      before.length === this.#lots.length && before.every((chip, at) => chip.dataset["pick"] === this.#lots[at]?.id);
    const chips = isSame ? before : this.#lots.map((lot) => chipOf(lot.id));
    if (!isSame) this.#chips.replaceChildren(...chips);
    for (const [at, lot] of this.#lots.entries()) {
      const chip = chips[at];
      if (chip === undefined) continue;
      const taken = shown.get(lot.id) ?? "0";
      chip.setAttribute("aria-pressed", `${compared(taken, "0") > 0}`);
      const units = within(chip, ".amount", HTMLElement);
      within(chip, ".num", HTMLElement).textContent = lot.name;
      units.textContent = phrase("{taken} of {held}", { taken: priceText(taken, 0), held: priceText(lot.held, 0) });
    }
  }

  /** A lot that is not taken is picked whole; one that is taken is left out. What the method takes is where one begins. */
  #toggle(id: string): void {
    const picks = this.#picks ?? new Map(this.#taken);
    const lot = this.#lots.find((each) => each.id === id);
    if (picks.has(id)) picks.delete(id);
    else if (lot !== undefined) picks.set(id, lot.held);
    this.#picks = picks;
    // At once: who presses the next chip sees what this one did.
    this.#write(picks);
    this.#onPick();
  }
}

function chipOf(lot: string): HTMLButtonElement {
  const chip = made("button", "chip");
  chip.type = "button";
  chip.dataset["pick"] = lot;
  chip.append(made("span", "num"), made("span", "num amount"));
  return chip;
}
