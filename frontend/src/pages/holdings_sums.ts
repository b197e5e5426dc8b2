/** The cells of a subtotal or of the total: those of its columns that the table has. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, moneyCell, percentCell, weightCell } from "../cells/figures";
import type { Sums } from "../cells/holdings";
import { hasCost } from "../cells/totals";
import { percentText } from "../lib/decimal";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { explainLinks, leadTo } from "./explain_links";
import type { Whole } from "./portfolio_row";

export const SUM_FIGURES = [
  "cost",
  "value",
  "weight",
  "day",
  "day-percent",
  "day-price",
  "day-currency",
  "unrealized",
  "percent",
] as const;
type SumFigure = (typeof SUM_FIGURES)[number];

export class SumCells {
  readonly #board: CellBoard;
  readonly #cells = new Map<SumFigure, Cell>();
  readonly #links: readonly HTMLAnchorElement[];

  constructor(parent: ParentNode, board: CellBoard) {
    this.#board = board;
    this.#links = explainLinks(parent);
    for (const figure of SUM_FIGURES) {
      const element = parent.querySelector(`[data-figure="${figure}"]`);
      if (element !== null) this.#cells.set(figure, new Cell(element));
    }
  }

  /** `explained` is the query of the addresses that explain the figures; null where none does. */
  show(now: Sums, before: Sums | undefined, whole: Whole, explained: string | null): void {
    const set = (figure: SumFigure, value: Parameters<CellBoard["set"]>[1]): void => {
      const cell = this.#cells.get(figure);
      if (cell !== undefined) this.#board.set(cell, value);
    };
    set("cost", moneyCell(now.cost));
    set("value", moneyCell(now.value, before?.value));
    set("weight", weightCell(now.value, whole.value));
    set("day", gainCell(now.day, before?.day));
    set("day-price", gainCell(now.dayPrice, before?.dayPrice));
    set("day-currency", gainCell(now.dayCurrency, before?.dayCurrency));
    set("unrealized", gainCell(now.unrealized, before?.unrealized));
    set("percent", { text: percentText(now.unrealizedPercent) });
    this.#lead(now, explained);
  }

  /** The day in percent is of the whole portfolio: what parts of it began the day with is not known here. */
  showDayPercent(percent: string | null): void {
    const cell = this.#cells.get("day-percent");
    if (cell !== undefined) this.#board.set(cell, percentCell(percent));
  }

  /** Sums that are there lead to how they came about. */
  #lead(sums: Sums, explained: string | null): void {
    const values: { readonly [figure: string]: string | null } = {
      cost: sums.cost,
      value: sums.value,
      day: sums.day,
      unrealized: sums.unrealized,
      "unrealized-percent": sums.unrealizedPercent,
    };
    for (const link of this.#links) {
      const figure = link.dataset["explain"] ?? "";
      const isThere = (values[figure] ?? null) !== null && explained !== null;
      leadTo(link, isThere ? `explain/${figure}/${explained}` : null);
    }
  }
}

/** The totals as the server sums them; nothing where no row has the figure. */
export function totalSums(totals: PortfolioTotals, isKnown: boolean): Sums {
  const isCostKnown = isKnown && hasCost(totals);
  return {
    cost: isCostKnown ? totals.cost : null,
    value: isKnown ? totals.value : null,
    day: isKnown ? totals.day : null,
    dayPrice: isKnown ? totals.day_price : null,
    dayCurrency: isKnown ? totals.day_currency : null,
    unrealized: isCostKnown ? totals.unrealized : null,
    unrealizedPercent: isCostKnown ? totals.unrealized_percent : null,
  };
}

export function hasAnyValue(rows: Iterable<PortfolioRow>): boolean {
  for (const row of rows) if (row.value !== null) return true;
  return false;
}
