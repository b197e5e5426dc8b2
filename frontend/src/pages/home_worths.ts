/** The heads of the home page: one for each base currency. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, percentCell, wayOf } from "../cells/figures";
import { countText, type NetWorth, worthPieces } from "../cells/home";
import type { TotalsWords } from "../cells/totals";
import { byId, within } from "../lib/dom";

const FIGURES = [
  "count",
  "value",
  "minor",
  "currency",
  "day",
  "day-percent",
  "unrealized",
  "unrealized-percent",
  "coverage",
  "oldest",
  "since",
] as const;
export type WorthWords = Pick<TotalsWords, "oldest" | "since">;

export const NO_WORDS: WorthWords = { oldest: "", since: "" };

type Figure = (typeof FIGURES)[number];

interface Head {
  readonly element: HTMLElement;
  readonly cells: { readonly [figure in Figure]: Cell };
}

export class Worths {
  readonly #board: CellBoard;
  readonly #list = byId("worths", HTMLElement);
  readonly #template = byId("worth-template", HTMLTemplateElement);
  readonly #heads = new Map<string, Head>();
  #shown = new Map<string, NetWorth>();

  constructor(board: CellBoard) {
    this.#board = board;
    for (const element of this.#list.querySelectorAll<HTMLElement>("[data-worth]")) this.#adopt(element);
  }

  /** Shows the sums in that order; `coverage` and `words` are told beside each. Called when a frame is about to be painted. */
  show(worths: readonly NetWorth[], coverage: readonly string[], words: readonly WorthWords[]): void {
    const currencies = new Set(worths.map(({ currency }) => currency));
    for (const [currency, { element }] of this.#heads) {
      if (currencies.has(currency)) continue;
      element.remove();
      this.#heads.delete(currency);
    }
    let last: Element | null = null;
    for (const [index, worth] of worths.entries()) {
      const head: Head = this.#heads.get(worth.currency) ?? this.#add(worth.currency);
      const next: Element | null = last === null ? this.#list.firstElementChild : last.nextElementSibling;
      if (next !== head.element) this.#list.insertBefore(head.element, next);
      last = head.element;
      this.#write(head, worth, coverage[index] ?? "", words[index] ?? NO_WORDS);
    }
    this.#shown = new Map(worths.map((worth) => [worth.currency, worth]));
  }

  #write({ cells }: Head, worth: NetWorth, coverage: string, { oldest, since }: WorthWords): void {
    const before = this.#shown.get(worth.currency);
    const { whole, minor } = worthPieces(worth);
    this.#board.set(cells.count, { text: countText(worth.count) });
    this.#board.set(cells.value, { text: whole, tick: wayOf(before?.value, worth.value) });
    this.#board.set(cells.minor, { text: minor });
    this.#board.set(cells.currency, { text: worth.currency });
    this.#board.set(cells.day, gainCell(worth.day, before?.day));
    this.#board.set(cells["day-percent"], percentCell(worth.dayPercent));
    this.#board.set(cells.unrealized, gainCell(worth.unrealized, before?.unrealized));
    this.#board.set(cells["unrealized-percent"], percentCell(worth.unrealizedPercent));
    this.#board.set(cells.coverage, { text: coverage });
    this.#board.set(cells.oldest, { text: oldest });
    this.#board.set(cells.since, { text: since });
  }

  #add(currency: string): Head {
    const element = within(this.#template.content, "[data-worth]", HTMLElement).cloneNode(true) as HTMLElement;
    element.dataset["worth"] = currency;
    return this.#adopt(element);
  }

  #adopt(element: HTMLElement): Head {
    const cells = Object.fromEntries(
      FIGURES.map((figure) => [figure, new Cell(within(element, `[data-figure="${figure}"]`, HTMLElement))]),
    ) as Head["cells"];
    const head = { element, cells };
    this.#heads.set(element.dataset["worth"] ?? "", head);
    return head;
  }
}
