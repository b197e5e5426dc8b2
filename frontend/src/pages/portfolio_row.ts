/** One row of the holdings table: its figures, its mark of quality, its sparkline. */

import { Cell, type CellBoard, type CellValue } from "../cells/board";
import { changeCell, gainCell, moneyCell, percentCell, priceCell, tickOf, weightCell } from "../cells/figures";
import { classOf, currencyOf, nameOf, type TraitsBySymbol } from "../cells/holdings";
import { type QualityContext, SPOKEN_QUALITIES, shortMark } from "../cells/quality";
import type { SessionLine } from "../charts/session_line";
import { sparkClass, sparkPaths } from "../charts/spark";
import {
  compared,
  DASH,
  direction,
  moneyText,
  percentText,
  plotted,
  priceText,
  quotient,
  roundedText,
} from "../lib/decimal";
import { setAll, within } from "../lib/dom";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { explainLinks, leadTo } from "./explain_links";

/** What all rows are measured by. */
export interface Whole {
  readonly currency: string;
  readonly value: string;
  readonly largest: string | null;
  readonly traits: TraitsBySymbol;
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
  "unit-cost",
  "day-percent",
  "day-price",
  "day-currency",
  "account",
  "class",
  "sector",
  "country",
  "traded-in",
] as const;
type Figure = (typeof FIGURES)[number];

/** The mark of how good a price is. */
interface QualityView {
  readonly element: HTMLElement;
  readonly shape: HTMLElement;
  readonly spoken: Cell;
  readonly mark: Cell;
}

/** A row has the columns that somebody chose: of all others there is no cell. */
export class RowView {
  readonly element: HTMLTableRowElement;
  readonly #board: CellBoard;
  readonly #cells = new Map<Figure, Cell>();
  readonly #link: HTMLAnchorElement;
  readonly #quality: QualityView | null;
  readonly #spark: SVGElement | null;
  readonly #bar: SVGElement | null;
  readonly #explained: readonly HTMLAnchorElement[];
  #shown: PortfolioRow | null = null;
  #isBlank: boolean;

  constructor(element: HTMLTableRowElement, board: CellBoard) {
    this.element = element;
    this.#board = board;
    for (const figure of FIGURES) {
      const found = element.querySelector(`[data-figure="${figure}"]`);
      if (found !== null) this.#cells.set(figure, new Cell(found));
    }
    this.#link = within(element, "a.symbol", HTMLAnchorElement);
    this.#isBlank = this.#link.textContent === "";
    this.#quality = qualityView(element);
    this.#spark = element.querySelector<SVGElement>(".spark");
    this.#bar = element.querySelector<SVGElement>(".weight rect");
    this.#explained = explainLinks(element);
  }

  /** What its figures are of; null while they are the server's page's or the template's. */
  get shown(): PortfolioRow | null {
    return this.#shown;
  }

  /** Whether it says nothing yet: it is the template's, and not even what it is of has been written. */
  get isBlank(): boolean {
    return this.#isBlank;
  }

  /** Has every figure written again: what it was made of, beside the row, is another by now. */
  forget(): void {
    this.#shown = null;
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
    this.#shown = row;
    this.#isBlank = false;
    if (element.dataset["kind"] !== row.kind) element.dataset["kind"] = row.kind;
    const values: { readonly [figure in Figure]: CellValue } = {
      symbol: { text: row.symbol },
      name: { text: nameOf(row) },
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
      "unit-cost": { text: unitCost(row) },
      "day-percent": percentCell(row.day_percent),
      "day-price": gainCell(row.day_price, before?.day_price),
      "day-currency": gainCell(row.day_currency, before?.day_currency),
      account: { text: row.account_name },
      class: { text: classOf(row, whole.traits) },
      sector: { text: (row.kind !== "cash" && whole.traits[row.symbol]?.sector) || "" },
      country: { text: (row.kind !== "cash" && whole.traits[row.symbol]?.country) || "" },
      "traded-in": { text: currencyOf(row, whole.traits) },
    };
    for (const [figure, cell] of this.#cells) this.#board.set(cell, values[figure]);
    this.#showBar(row, whole);
    for (const link of this.#explained) leadToReason(link, row, element.dataset["row"] ?? "");
  }

  /** Of a row that did not change only its part of the whole can be another one. */
  showWeight(row: PortfolioRow, whole: Whole): void {
    const cell = this.#cells.get("weight");
    if (cell === undefined) return;
    this.#board.set(cell, weightCell(row.value, whole.value));
    this.#showBar(row, whole);
  }

  showQuality(row: PortfolioRow, at: QualityContext): void {
    if (row.kind !== "holding") {
      this.#showNoQuality();
      return;
    }
    const { quality, text } = shortMark(row, at);
    if (this.element.dataset["quality"] !== quality) this.element.dataset["quality"] = quality;
    const view = this.#quality;
    if (view === null) return;
    if (view.element.dataset["quality"] !== quality || !view.shape.classList.contains(`shape-${quality}`)) {
      view.element.dataset["quality"] = quality;
      view.shape.className = `shape shape-${quality}`;
    }
    this.#board.set(view.spoken, { text: SPOKEN_QUALITIES[quality] });
    this.#board.set(view.mark, { text });
  }

  showSpark(line: SessionLine, row: PortfolioRow): void {
    if (this.#spark === null) return;
    const { base, line: path } = sparkPaths(line);
    setAll(within(this.#spark, "path", SVGPathElement), { d: base });
    setAll(within(this.#spark, "path + path", SVGPathElement), {
      d: path,
      class: sparkClass(direction(row.change_percent)),
    });
  }

  #showBar(row: PortfolioRow, whole: Whole): void {
    if (this.#bar === null) return;
    const width = `${barWidth(row.value, whole.largest)}%`;
    if (this.#bar.getAttribute("width") !== width) this.#bar.setAttribute("width", width);
  }

  /** Cash has no source that could be late. */
  #showNoQuality(): void {
    if (this.#quality !== null) this.#quality.element.hidden = true;
    delete this.element.dataset["quality"];
  }
}

function qualityView(row: ParentNode): QualityView | null {
  const element = row.querySelector<HTMLElement>(".quality");
  if (element === null) return null;
  return {
    element,
    shape: within(element, ".shape", HTMLElement),
    spoken: new Cell(within(element, ".visually-hidden", HTMLElement)),
    mark: new Cell(within(element, "[data-figure='mark']", HTMLElement)),
  };
}

/** How many decimals of an exchange rate are shown; the same number stands in src/tickfolio/web/holding_texts.py. */
const RATE_PLACES = 5;

/** How many decimals of a quantity are shown; the same number stands in src/tickfolio/web/holding_texts.py. */
const QUANTITY_PLACES = 6;
const LEAST_QUANTITY = "0.000001";

/** How many decimals the cost of one unit is shown with; the same number stands in src/tickfolio/web/holding_texts.py. */
const UNIT_COST_PLACES = 4;

/** What one unit cost on average; nothing where there are no units, as with cash. */
function unitCost(row: PortfolioRow): string {
  if (row.kind !== "holding") return "";
  if (row.cost === null) return DASH;
  // Of what is sold short both are below zero.
  const isShort = row.quantity.startsWith("-");
  const paid = isShort ? negated(row.cost) : row.cost;
  const cost = quotient(paid, isShort ? negated(row.quantity) : row.quantity, UNIT_COST_PLACES);
  return cost === null ? DASH : roundedText(cost, UNIT_COST_PLACES);
}

function negated(value: string): string {
  return value.startsWith("-") ? value.slice(1) : `-${value}`;
}

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
