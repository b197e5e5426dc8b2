/** One row of the holdings table: its figures, its mark of quality, its sparkline. */

import { Cell, type CellBoard, type CellValue } from "../cells/board";
import { changeCell, gainCell, moneyCell, priceCell, tickOf, weightCell } from "../cells/figures";
import { type QualityContext, SPOKEN_QUALITIES, shortMark } from "../cells/quality";
import type { SessionLine } from "../charts/session_line";
import { sparkClass, sparkPaths } from "../charts/spark";
import { compared, DASH, direction, moneyText, percentText, plotted, priceText, roundedText } from "../lib/decimal";
import { setAll, within } from "../lib/dom";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { explainLinks, leadTo } from "./explain_links";

/** What all rows are measured by. */
export interface Whole {
  readonly currency: string;
  readonly value: string;
  readonly largest: string | null;
}

const FIGURES = [
  "symbol",
  "name",
  "price",
  "currency",
  "change",
  "quantity",
  "cost",
  "value",
  "weight",
  "day",
  "unrealized",
  "percent",
] as const;
type Figure = (typeof FIGURES)[number];

export class RowView {
  readonly element: HTMLTableRowElement;
  readonly #board: CellBoard;
  readonly #cells: { readonly [figure in Figure]: Cell };
  readonly #link: HTMLAnchorElement;
  readonly #quality: HTMLElement;
  readonly #shape: HTMLElement;
  readonly #spoken: Cell;
  readonly #mark: Cell;
  readonly #spark: SVGElement;
  readonly #bar: SVGElement;
  readonly #explained: readonly HTMLAnchorElement[];

  constructor(element: HTMLTableRowElement, board: CellBoard) {
    this.element = element;
    this.#board = board;
    const cell = (figure: Figure): Cell => new Cell(within(element, `[data-figure="${figure}"]`, HTMLElement));
    this.#cells = Object.fromEntries(FIGURES.map((figure) => [figure, cell(figure)])) as {
      readonly [figure in Figure]: Cell;
    };
    this.#link = within(element, "a.symbol", HTMLAnchorElement);
    this.#quality = within(element, ".quality", HTMLElement);
    this.#shape = within(element, ".shape", HTMLElement);
    this.#spoken = new Cell(within(element, ".quality .visually-hidden", HTMLElement));
    this.#mark = new Cell(within(element, "[data-figure='mark']", HTMLElement));
    this.#spark = within(element, ".spark", SVGElement);
    this.#bar = within(element, ".weight rect", SVGElement);
    this.#explained = explainLinks(element);
  }

  /** Where the row leads, and what Enter opens. */
  get link(): HTMLAnchorElement {
    return this.#link;
  }

  lead(address: string): void {
    if (this.#link.getAttribute("href") !== address) this.#link.href = address;
  }

  show(row: PortfolioRow, before: PortfolioRow | undefined, whole: Whole): void {
    const { element } = this;
    if (element.dataset["kind"] !== row.kind) element.dataset["kind"] = row.kind;
    const values: { readonly [figure in Figure]: CellValue } = {
      symbol: { text: row.symbol },
      name: { text: row.kind === "cash" ? "Cash" : row.name },
      price: row.kind === "holding" ? priceCell(row, tickOf(before, row)) : rateCell(row, whole),
      currency: { text: isOwnCurrency(row, whole) || row.price === null ? "" : priceUnit(row, whole) },
      change: row.kind === "holding" ? changeCell(row) : { text: "", direction: "none" },
      quantity: quantityCell(row),
      cost: moneyCell(row.cost),
      value: moneyCell(row.value, before?.value),
      weight: weightCell(row.value, whole.value),
      day: gainCell(row.day, before?.day),
      unrealized: gainCell(row.unrealized, before?.unrealized),
      percent: { text: percentText(row.unrealized_percent) },
    };
    for (const figure of FIGURES) this.#board.set(this.#cells[figure], values[figure]);
    this.#showBar(row, whole);
    for (const link of this.#explained) leadToReason(link, row, element.dataset["row"] ?? "");
  }

  /** Of a row that did not change only its part of the whole can be another one. */
  showWeight(row: PortfolioRow, whole: Whole): void {
    this.#board.set(this.#cells.weight, weightCell(row.value, whole.value));
    this.#showBar(row, whole);
  }

  showQuality(row: PortfolioRow, at: QualityContext): void {
    if (row.kind !== "holding") {
      this.#showNoQuality();
      return;
    }
    const { quality, text } = shortMark(row, at);
    if (this.element.dataset["quality"] !== quality) this.element.dataset["quality"] = quality;
    if (this.#quality.dataset["quality"] !== quality || !this.#shape.classList.contains(`shape-${quality}`)) {
      this.#quality.dataset["quality"] = quality;
      this.#shape.className = `shape shape-${quality}`;
    }
    this.#board.set(this.#spoken, { text: SPOKEN_QUALITIES[quality] });
    this.#board.set(this.#mark, { text });
  }

  showSpark(line: SessionLine, row: PortfolioRow): void {
    const { base, line: path } = sparkPaths(line);
    setAll(within(this.#spark, "path", SVGPathElement), { d: base });
    setAll(within(this.#spark, "path + path", SVGPathElement), {
      d: path,
      class: sparkClass(direction(row.change_percent)),
    });
  }

  #showBar(row: PortfolioRow, whole: Whole): void {
    const width = `${barWidth(row.value, whole.largest)}%`;
    if (this.#bar.getAttribute("width") !== width) this.#bar.setAttribute("width", width);
  }

  /** Cash has no source that could be late. */
  #showNoQuality(): void {
    this.#quality.hidden = true;
    delete this.element.dataset["quality"];
  }
}

/** How many decimals of an exchange rate are shown; the same number stands in src/tickfolio/web/holding_texts.py. */
const RATE_PLACES = 5;

/** How many decimals of a quantity are shown; the same number stands in src/tickfolio/web/holding_texts.py. */
const QUANTITY_PLACES = 6;
const LEAST_QUANTITY = "0.000001";

/** With at most 6 decimals, and the whole in the title where that is not all; what is there is never called 0. */
function quantityCell(row: PortfolioRow): CellValue {
  const whole = row.kind === "holding" ? priceText(row.quantity, 0) : moneyText(row.quantity);
  const [, decimals = ""] = whole.split(".");
  if (decimals.length <= QUANTITY_PLACES) return { text: whole, title: "" };
  const isTiny = compared(row.quantity, "0") > 0 && compared(row.quantity, LEAST_QUANTITY) < 0;
  return { text: isTiny ? `<${LEAST_QUANTITY}` : roundedText(row.quantity, QUANTITY_PLACES), title: whole };
}

/** How long an amount and a quantity are that the columns have room for; the twins stand in src/tickfolio/web/holding_texts.py. */
const MOST_DIGITS = 10;
const MOST_OF_QUANTITY = 9;

/** Whether the columns of the table need more room than they have as a rule: from ten millions on. */
export function isWide(rows: Iterable<PortfolioRow>, totals: PortfolioTotals): boolean {
  const isLong = (amount: string | null): boolean => amount !== null && amount.replace("-", "").length > MOST_DIGITS;
  if ([totals.cost, totals.value, totals.unrealized].some(isLong)) return true;
  for (const row of rows) {
    if (isLong(row.value) || isLong(row.cost)) return true;
    if (row.quantity.length <= MOST_OF_QUANTITY) continue;
    if (quantityCell(row).text.replaceAll(",", "").length > MOST_OF_QUANTITY) return true;
  }
  return false;
}

/** A figure that is there leads to how it came about; one that is not leads nowhere. */
function leadToReason(link: HTMLAnchorElement, row: PortfolioRow, key: string): void {
  const figure = link.dataset["explain"] ?? "";
  const values: { readonly [figure: string]: string | null } = {
    cost: row.cost,
    value: row.value,
    day: row.day,
    unrealized: row.unrealized,
    "unrealized-percent": row.unrealized_percent,
  };
  leadTo(link, (values[figure] ?? null) === null ? null : `explain/${figure}/?row=${encodeURIComponent(key)}`);
}

function rateCell(row: PortfolioRow, whole: Whole): CellValue {
  if (isOwnCurrency(row, whole)) return { text: "" };
  return { text: row.price === null ? DASH : roundedText(row.price, RATE_PLACES) };
}

/** Cash in the base currency has no price that could say anything. */
function isOwnCurrency(row: PortfolioRow, whole: Whole): boolean {
  return row.kind !== "holding" && row.currency === whole.currency;
}

/** The price of foreign cash is a rate into the base currency. */
function priceUnit(row: PortfolioRow, whole: Whole): string {
  return row.kind === "holding" ? row.currency : whole.currency;
}

function barWidth(value: string | null, largest: string | null): string {
  if (value === null || largest === null) return "0";
  return ((Math.max(0, plotted(value)) / plotted(largest)) * 100).toFixed(1);
}

/** The figures of a subtotal or of the total: the same columns as a row's. */
export const SUM_FIGURES = ["cost", "value", "weight", "day", "unrealized", "percent"] as const;
