/** The head of a portfolio's page: value, the day, unrealized P&L, and how many prices of which age stand behind them. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, percentCell, wayOf } from "../cells/figures";
import { hasCost, hasValue, splitMoney, totalsWords, type WordsContext } from "../cells/totals";
import { DASH, moneyText } from "../lib/decimal";
import { byId } from "../lib/dom";
import type { PortfolioTotals } from "../live/messages.gen";
import { leadTo } from "./explain_links";

export class PortfolioHeader {
  readonly #board: CellBoard;
  readonly #value = new Cell(byId("total-value", HTMLElement));
  readonly #minor = new Cell(byId("total-minor", HTMLElement));
  readonly #day = new Cell(byId("total-day", HTMLElement));
  readonly #dayPercent = new Cell(byId("total-day-percent", HTMLElement));
  readonly #since = new Cell(byId("total-since", HTMLElement));
  readonly #unrealized = new Cell(byId("total-unrealized", HTMLElement));
  readonly #unrealizedPercent = new Cell(byId("total-unrealized-percent", HTMLElement));
  readonly #cost = new Cell(byId("total-cost", HTMLElement));
  readonly #without = new Cell(byId("total-without", HTMLElement));
  readonly #priced = new Cell(byId("coverage-priced", HTMLElement));
  readonly #stale = new Cell(byId("coverage-stale", HTMLElement));
  readonly #staleMark = byId("coverage-stale-mark", HTMLElement);
  readonly #oldest = new Cell(byId("coverage-oldest", HTMLElement));
  readonly #units = [...document.querySelectorAll("[data-unit='base']")].map((element) => new Cell(element));

  constructor(board: CellBoard) {
    this.#board = board;
  }

  show(totals: PortfolioTotals, before: PortfolioTotals | undefined): void {
    const { currency } = totals;
    for (const unit of this.#units) this.#board.set(unit, { text: currency });
    const earlier = before?.currency === currency ? before : undefined;
    if (hasValue(totals)) this.#showFigures(totals, earlier);
    else this.#showNothing();
    this.#showCost(totals, earlier);
  }

  /** What ages with every second, and with the line to the server. */
  showCoverage(totals: PortfolioTotals, at: WordsContext): void {
    const words = totalsWords(totals, at);
    this.#board.set(this.#since, { text: words.since });
    this.#board.set(this.#without, { text: words.without });
    this.#board.set(this.#priced, { text: words.priced });
    this.#board.set(this.#stale, { text: words.stale });
    this.#board.set(this.#oldest, { text: words.oldest });
    this.#staleMark.hidden = words.stale === "";
  }

  #showFigures(totals: PortfolioTotals, before: PortfolioTotals | undefined): void {
    const { whole, minor } = splitMoney(totals.value);
    const tick = wayOf(before?.value, totals.value);
    this.#board.set(this.#value, { text: whole, tick });
    this.#board.set(this.#minor, { text: minor });
    this.#board.set(this.#day, gainCell(totals.day, before?.day));
    this.#board.set(this.#dayPercent, percentCell(totals.day_percent));
    lead("total-day-percent", totals.day_percent === null ? null : "explain/day-percent/");
  }

  #showCost(totals: PortfolioTotals, before: PortfolioTotals | undefined): void {
    const known = (figure: string | null): string | null => (hasCost(totals) ? figure : null);
    this.#board.set(this.#unrealized, gainCell(known(totals.unrealized), before?.unrealized));
    const percent = known(totals.unrealized_percent);
    this.#board.set(this.#unrealizedPercent, percentCell(percent));
    lead("total-unrealized-percent", percent === null ? null : "explain/unrealized-percent/");
    this.#board.set(this.#cost, { text: moneyText(known(totals.cost)) });
  }

  /** Nothing has a price: a dash, and never a zero. */
  #showNothing(): void {
    this.#board.set(this.#value, { text: DASH });
    this.#board.set(this.#minor, { text: "" });
    for (const cell of [this.#day, this.#dayPercent]) this.#board.set(cell, { text: DASH, direction: "none" });
    lead("total-day-percent", null);
  }
}

/** The link around a figure of the head. */
function lead(id: string, address: string | null): void {
  const link = document.getElementById(id)?.closest("a");
  if (link) leadTo(link, address);
}
