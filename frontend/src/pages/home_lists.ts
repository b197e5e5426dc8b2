/** What moved and what needs attention: two lists whose entries change seldom, and whose figures change with every frame. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, percentCell } from "../cells/figures";
import type { Concern, Concerns, Effect, Mover } from "../cells/home";
import { byId, made, within } from "../lib/dom";

interface MoverView {
  readonly item: HTMLLIElement;
  readonly change: Cell;
  readonly effects: readonly Cell[];
}

export class MoverList {
  readonly #board: CellBoard;
  readonly #addressOf: (mover: Mover) => string;
  readonly #list = byId("movers", HTMLElement);
  readonly #empty = byId("movers-empty", HTMLElement);
  readonly #template = byId("mover-template", HTMLTemplateElement);
  #views: readonly MoverView[] = [];
  #listed = "";

  constructor(board: CellBoard, addressOf: (mover: Mover) => string) {
    this.#board = board;
    this.#addressOf = addressOf;
  }

  show(movers: readonly Mover[]): void {
    const key = movers.map(({ symbol, effects }) => symbol + effects.map(({ currency }) => currency)).join(" ");
    if (key !== this.#listed || this.#views.length !== movers.length) this.#relist(movers, key);
    for (const [index, { change, effects }] of movers.entries()) {
      const view = this.#views[index];
      if (view === undefined) continue;
      this.#board.set(view.change, percentCell(change));
      for (const [at, { amount }] of effects.entries()) {
        const cell = view.effects[at];
        if (cell !== undefined) this.#board.set(cell, gainCell(amount));
      }
    }
  }

  #relist(movers: readonly Mover[], key: string): void {
    this.#listed = key;
    this.#views = movers.map((mover) => this.#made(mover));
    this.#list.replaceChildren(...this.#views.map(({ item }) => item));
    this.#empty.hidden = movers.length > 0;
  }

  #made(mover: Mover): MoverView {
    const item = within(this.#template.content, "li", HTMLLIElement).cloneNode(true) as HTMLLIElement;
    const link = within(item, "a", HTMLAnchorElement);
    link.href = this.#addressOf(mover);
    link.textContent = mover.symbol;
    within(item, "[data-figure='name']", HTMLElement).textContent = mover.name;
    const parts = mover.effects.map(effectOf);
    within(item, "[data-figure='effects']", HTMLElement).replaceChildren(...parts.map(({ element }) => element));
    const change = new Cell(within(item, "[data-figure='change']", HTMLElement));
    return { item, change, effects: parts.map(({ cell }) => cell) };
  }
}

function effectOf({ currency }: Effect): { readonly element: HTMLElement; readonly cell: Cell } {
  const element = made("span", "effect");
  const amount = made("span", "none amount");
  element.append(amount, " ", made("span", "unit", currency));
  return { element, cell: new Cell(amount) };
}

export class ConcernList {
  readonly #board: CellBoard;
  readonly #addressOf: (concern: Concern) => string;
  readonly #list = byId("concerns", HTMLElement);
  readonly #empty = byId("concerns-empty", HTMLElement);
  readonly #more = byId("concerns-more", HTMLElement);
  readonly #count = byId("concerns-count", HTMLElement);
  readonly #counted = new Cell(this.#count);
  readonly #template = byId("concern-template", HTMLTemplateElement);
  #listed = "";

  constructor(board: CellBoard, addressOf: (concern: Concern) => string) {
    this.#board = board;
    this.#addressOf = addressOf;
  }

  /** `notes` is how much else waits, which the server knows. */
  show(concerns: Concerns, notes: number): void {
    const key = `${JSON.stringify(concerns)} ${notes}`;
    if (key === this.#listed) return;
    this.#listed = key;
    this.#list.replaceChildren(...concerns.listed.map((concern) => this.#made(concern)));
    const count = concerns.count + notes;
    this.#empty.hidden = count > 0;
    this.#count.hidden = count === 0;
    this.#more.hidden = concerns.more === "";
    this.#more.textContent = concerns.more;
    this.#board.set(this.#counted, { text: `${count}` });
  }

  #made(concern: Concern): HTMLLIElement {
    const item = within(this.#template.content, "li", HTMLLIElement).cloneNode(true) as HTMLLIElement;
    within(item, ".shape", HTMLElement).className = `shape shape-${concern.quality}`;
    const link = within(item, "a", HTMLAnchorElement);
    link.href = this.#addressOf(concern);
    link.textContent = concern.what;
    within(item, "[data-figure='why']", HTMLElement).textContent = concern.why;
    return item;
  }
}
