/** A row of a watchlist, live; src/tickfolio/web/watchlist_texts.py writes the same before any script runs. */

import { Cell, type CellBoard } from "../cells/board";
import { changeCell, priceCell, tickOf } from "../cells/figures";
import { type QualityContext, SPOKEN_QUALITIES, shortMark } from "../cells/quality";
import type { DayRange, Holder } from "../cells/watched";
import type { SessionLine } from "../charts/session_line";
import { sparkClass, sparkPaths } from "../charts/spark";
import { direction, plotted, priceText, signedText } from "../lib/decimal";
import { made, setAll, within } from "../lib/dom";
import type { QuoteRow } from "../live/messages.gen";

const FIGURES = ["price", "unit", "change", "percent", "low", "high", "mark"] as const;
type Figure = (typeof FIGURES)[number];

export class WatchedRow {
  readonly element: HTMLTableRowElement;
  readonly #board: CellBoard;
  readonly #cells: { readonly [figure in Figure]: Cell };
  readonly #quality: HTMLElement;
  readonly #shape: HTMLElement;
  readonly #spoken: Cell;
  readonly #spark: SVGElement;
  readonly #bar: HTMLElement;
  readonly #held: HTMLElement;
  #holders: string | null = null;

  constructor(element: HTMLTableRowElement, board: CellBoard) {
    this.element = element;
    this.#board = board;
    const cell = (figure: Figure): Cell => new Cell(within(element, `[data-figure="${figure}"]`, HTMLElement));
    this.#cells = Object.fromEntries(FIGURES.map((figure) => [figure, cell(figure)])) as {
      readonly [figure in Figure]: Cell;
    };
    this.#quality = within(element, ".quality", HTMLElement);
    this.#shape = within(element, ".shape", HTMLElement);
    this.#spoken = new Cell(within(element, ".quality .visually-hidden", HTMLElement));
    this.#spark = within(element, ".spark", SVGElement);
    this.#bar = within(element, ".range-bar", HTMLElement);
    this.#held = within(element, "[data-figure='held']", HTMLElement);
  }

  get symbol(): string {
    return this.element.dataset["key"] ?? "";
  }

  /** The portfolios that hold it, as they stand there. */
  get held(): string {
    return [...this.#held.children].map((link) => link.textContent).join(", ");
  }

  show(row: QuoteRow, before: QuoteRow | undefined): void {
    const { price, unit, change, percent } = this.#cells;
    this.#board.set(price, priceCell(row, tickOf(before, row)));
    this.#board.set(unit, { text: row.currency });
    this.#board.set(change, { text: signedText(row.change, row.price_places) });
    this.#board.set(percent, changeCell(row));
  }

  /** The range of the day and where in it the price stands; null where the day is not known from its opening on. */
  showRange(row: QuoteRow, range: DayRange | null): void {
    this.#board.set(this.#cells.low, { text: priceText(range?.low ?? null, row.price_places) });
    this.#board.set(this.#cells.high, { text: priceText(range?.high ?? null, row.price_places) });
    this.#bar.toggleAttribute("data-known", range !== null && row.price !== null);
    if (range !== null && row.price !== null) this.#bar.style.setProperty("--at", placeIn(range, row.price).toFixed(3));
  }

  showQuality(row: QuoteRow, at: QualityContext): void {
    const { quality, text } = shortMark(row, at);
    if (this.element.dataset["quality"] !== quality) this.element.dataset["quality"] = quality;
    if (this.#quality.dataset["quality"] !== quality || !this.#shape.classList.contains(`shape-${quality}`)) {
      this.#quality.dataset["quality"] = quality;
      this.#shape.className = `shape shape-${quality}`;
    }
    this.#board.set(this.#spoken, { text: SPOKEN_QUALITIES[quality] });
    this.#board.set(this.#cells.mark, { text });
  }

  showSpark(line: SessionLine, row: QuoteRow): void {
    const { base, line: path } = sparkPaths(line);
    setAll(within(this.#spark, "path", SVGPathElement), { d: base });
    const way = sparkClass(direction(row.change_percent));
    setAll(within(this.#spark, "path + path", SVGPathElement), { d: path, class: way });
  }

  showHeld(holders: readonly Holder[]): void {
    const key = JSON.stringify(holders);
    if (key === this.#holders) return;
    this.#holders = key;
    this.#held.replaceChildren(
      ...holders.map(({ id, name }) => {
        const link = made("a", "", name);
        link.href = `/portfolios/${id}/`;
        return link;
      }),
    );
  }
}

/** How far from the low to the high, from 0 to 1; the middle where both are one. A place on the screen, no figure. */
function placeIn(range: DayRange, price: string): number {
  const [low, high, at] = [plotted(range.low), plotted(range.high), plotted(price)];
  return high > low ? Math.min(1, Math.max(0, (at - low) / (high - low))) : 0.5;
}
