/** What a portfolio has of an instrument: the position's figures and its open lots, live. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, moneyCell, percentCell, weightCell } from "../cells/figures";
import {
  DAY_PARTS,
  type PartData,
  type PositionData,
  type PositionFigures,
  positionFigures,
  valuesOfLots,
} from "../cells/lots";
import { minus, partOf, percentText } from "../lib/decimal";
import type { HeldPortfolio } from "../live/apply_portfolio";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";

type Rows = ReadonlyMap<string, PortfolioRow>;

export class PositionView {
  readonly #board: CellBoard;
  readonly #facts: ReadonlyMap<string, Cell>;
  readonly #dayParts: ReadonlyMap<string, HTMLElement>;
  readonly #total: ReadonlyMap<string, Cell>;
  readonly #lots: readonly LotView[];
  readonly #accounts: ReadonlyMap<string, ReadonlyMap<string, Cell>>;
  #shown: PositionFigures | null = null;

  /** Takes over what stands on the page, as the server made it. */
  constructor(board: CellBoard) {
    this.#board = board;
    const position = document.getElementById("position");
    this.#facts = cellsIn(position);
    const parts = [...(position?.querySelectorAll<HTMLElement>(".sub-fact:has([data-figure^='day-'])") ?? [])];
    this.#dayParts = new Map(parts.map((each) => [nameIn(each), each]));
    this.#total = cellsIn(document.getElementById("lots-total"));
    const rows = document.querySelectorAll<HTMLElement>("#lots [data-lot]");
    this.#lots = [...rows].map((row) => ({
      key: row.dataset["lot"] ?? "",
      place: Number(row.dataset["place"]),
      cells: cellsIn(row),
    }));
    const accounts = [...(position?.querySelectorAll<HTMLElement>("[data-account-row]") ?? [])];
    this.#accounts = new Map(accounts.map((each) => [each.dataset["accountRow"] ?? "", cellsIn(each)]));
  }

  /** Shows the rows of the instrument; `data` fit them. */
  show(rows: Rows, totals: PortfolioTotals, data: PositionData): void {
    const figures = positionFigures(rows, data.parts);
    const before = this.#shown;
    this.#shown = figures;
    this.#showFacts(figures, before, totals);
    for (const [key, cells] of this.#accounts) {
      const cell = cells.get("account-value");
      if (cell !== undefined) this.#board.set(cell, moneyCell(rows.get(key)?.value ?? null));
    }
    for (const part of data.parts) this.#showLots(part, rows.get(part.key)?.value ?? null, data.places);
    this.#showTotal(figures);
  }

  #showFacts(now: PositionFigures, before: PositionFigures | null, totals: PortfolioTotals): void {
    const set = (name: string, value: Parameters<CellBoard["set"]>[1]): void => {
      const cell = this.#facts.get(name);
      if (cell !== undefined) this.#board.set(cell, value);
    };
    set("value", moneyCell(now.value, before?.value));
    set("cost", moneyCell(now.cost));
    set("unrealized", gainCell(now.unrealized, before?.unrealized));
    set("unrealized-percent", percentCell(now.percent));
    set("unrealized-price", gainCell(now.pricePart));
    set("unrealized-currency", gainCell(now.currencyPart));
    set("day", gainCell(now.day, before?.day));
    for (const part of DAY_PARTS) {
      const amount = now.dayParts[part];
      set(`day-${part}`, gainCell(amount));
      const element = this.#dayParts.get(`day-${part}`);
      const isTold = part === "price" || part === "currency" || (amount !== null && /[1-9]/.test(amount));
      if (element !== undefined && element.hidden === isTold) element.hidden = !isTold;
    }
    set("weight", weightCell(now.value, totals.value));
  }

  #showLots({ key, lots }: PartData, value: string | null, places: number): void {
    const quantities = lots.map(({ quantity }) => quantity);
    const values = value === null ? [] : valuesOfLots(value, quantities, places);
    for (const { place, cells } of this.#lots.filter((lot) => lot.key === key)) {
      const [worth, cost] = [values[place] ?? null, lots[place]?.cost ?? null];
      const gained = worth === null || cost === null ? null : minus(worth, cost);
      this.#set(cells, "value", moneyCell(worth));
      this.#set(cells, "unrealized", gainCell(gained));
      this.#set(cells, "percent", { text: percentText(partOf(gained, cost?.replace("-", "") ?? null)) });
    }
  }

  #showTotal(figures: PositionFigures): void {
    this.#set(this.#total, "cost", moneyCell(figures.cost));
    this.#set(this.#total, "value", moneyCell(figures.value));
    this.#set(this.#total, "unrealized", gainCell(figures.unrealized));
    this.#set(this.#total, "percent", { text: percentText(figures.percent) });
  }

  #set(cells: ReadonlyMap<string, Cell>, name: string, value: Parameters<CellBoard["set"]>[1]): void {
    const cell = cells.get(name);
    if (cell !== undefined) this.#board.set(cell, value);
  }
}

interface LotView {
  readonly key: string;
  /** Among the lots of its account. */
  readonly place: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

function nameIn(element: Element): string {
  return element.querySelector<HTMLElement>("[data-figure]")?.dataset["figure"] ?? "";
}

/** The figures in an element by their names. */
function cellsIn(element: Element | null): ReadonlyMap<string, Cell> {
  const found = [...(element?.querySelectorAll<HTMLElement>("[data-figure]") ?? [])];
  return new Map(found.map((each) => [each.dataset["figure"] ?? "", new Cell(each)]));
}

/** The holdings of an instrument, one of each account. */
export function rowsOf(held: HeldPortfolio, symbol: string): ReadonlyMap<string, PortfolioRow> {
  return new Map([...held.rows].filter(([, row]) => row.kind === "holding" && row.symbol === symbol));
}
