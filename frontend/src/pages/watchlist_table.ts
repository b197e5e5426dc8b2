/** The table of a watchlist: rows in the order of their owner, or in a view by one of the columns. */

import type { CellBoard } from "../cells/board";
import type { QualityContext } from "../cells/quality";
import {
  arranged,
  type DayRanges,
  type Holder,
  OWN_ORDER,
  SORT_COLUMNS,
  type SortColumn,
  type View,
} from "../cells/watched";
import type { SessionLine } from "../charts/session_line";
import { byId } from "../lib/dom";
import type { QuoteRow } from "../live/messages.gen";
import { WatchedRow } from "./watchlist_row";

type Rows = ReadonlyMap<string, QuoteRow>;

export interface WatchedTableOptions {
  readonly board: CellBoard;
  readonly ranges: DayRanges;
  readonly rows: () => Rows;
}

export class WatchedTable {
  readonly #options: WatchedTableOptions;
  readonly #table = byId("watched", HTMLTableElement);
  readonly body = byId("watched-rows", HTMLTableSectionElement);
  readonly #views = new Map<string, WatchedRow>();
  #own: readonly string[] = [];
  #view: View = OWN_ORDER;

  constructor(options: WatchedTableOptions) {
    this.#options = options;
    this.#table.addEventListener("click", (event) => this.#clicked(event));
    this.#table.addEventListener("keydown", (event) => this.#pressed(event));
    this.adopt();
  }

  /** What is on the list, in its own order. */
  get symbols(): readonly string[] {
    return this.#own;
  }

  /** Whether the rows stand in their own order, so that they can be moved. */
  get isOwnOrder(): boolean {
    return this.#view.column === "own";
  }

  get #elements(): readonly HTMLTableRowElement[] {
    return [...this.body.querySelectorAll<HTMLTableRowElement>("tr[data-key]")];
  }

  /** Takes in what stands in the page now; the symbols that came. */
  adopt(): readonly string[] {
    const there = new Map(this.#elements.map((row) => [row.dataset["key"] ?? "", row]));
    for (const [symbol, view] of this.#views) if (there.get(symbol) !== view.element) this.#views.delete(symbol);
    const fresh = [...there.keys()].filter((symbol) => !this.#views.has(symbol));
    for (const symbol of fresh) {
      const element = there.get(symbol);
      if (element !== undefined) this.#views.set(symbol, new WatchedRow(element, this.#options.board));
    }
    this.#own = [...there.keys()];
    this.#arrange();
    return fresh;
  }

  /** The rows were moved by hand. */
  moved(symbols: readonly string[]): void {
    this.#own = symbols;
  }

  show(symbol: string, row: QuoteRow, before: QuoteRow | undefined): void {
    const view = this.#views.get(symbol);
    view?.show(row, before);
    view?.showRange(row, this.#options.ranges.of(symbol));
  }

  showQuality(at: QualityContext): void {
    const rows = this.#options.rows();
    for (const [symbol, view] of this.#views) {
      const row = rows.get(symbol);
      if (row !== undefined) view.showQuality(row, at);
    }
    this.#table.toggleAttribute("data-stale", !at.isCurrent);
  }

  showSpark(line: SessionLine): void {
    const { symbol } = line.frame;
    const row = this.#options.rows().get(symbol);
    const view = this.#views.get(symbol);
    if (row === undefined || view === undefined) return;
    view.showSpark(line, row);
    view.showRange(row, this.#options.ranges.of(symbol));
  }

  showHeld(holders: ReadonlyMap<string, readonly Holder[]>): void {
    for (const [symbol, view] of this.#views) view.showHeld(holders.get(symbol) ?? []);
  }

  // ---------- Views ----------

  #clicked(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-sort]") : null;
    const column = SORT_COLUMNS.find((each) => each === button?.dataset["sort"]);
    if (column !== undefined) this.#sort(column);
  }

  /** Figures begin with the largest, words with A; the same head again turns the view round, and then ends it. */
  #sort(column: SortColumn): void {
    const isFirstDescending = column !== "name" && column !== "held";
    const isSame = this.#view.column === column;
    const isOver = column === "own" || (isSame && this.#view.isDescending !== isFirstDescending);
    this.#view = isOver ? OWN_ORDER : { column, isDescending: isSame !== isFirstDescending };
    for (const button of this.#table.querySelectorAll<HTMLElement>("[data-sort]")) {
      const head = button.closest("th");
      const isIt = !this.isOwnOrder && button.dataset["sort"] === this.#view.column;
      if (isIt) head?.setAttribute("aria-sort", this.#view.isDescending ? "descending" : "ascending");
      else head?.removeAttribute("aria-sort");
    }
    this.#table.toggleAttribute("data-sorted", !this.isOwnOrder);
    this.#arrange();
  }

  #arrange(): void {
    const rows = this.#options.rows();
    const sorted = this.#own.map((symbol) => ({
      symbol,
      row: rows.get(symbol),
      held: this.#views.get(symbol)?.held ?? "",
    }));
    const focused = document.activeElement;
    for (const [place, symbol] of arranged(sorted, this.#view).entries()) {
      const element = this.#views.get(symbol)?.element;
      const there = this.#elements[place] ?? null;
      if (element !== undefined && there !== element) this.body.insertBefore(element, there);
    }
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.body.contains(focused))
      focused.focus({ preventScroll: true });
  }

  // ---------- Keyboard ----------

  /** Up and Down go from row to row; Delete takes the row off the list. */
  #pressed(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-key]") : null;
    if (row === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented)
      return;
    if (event.key === "Delete") {
      event.preventDefault();
      row.querySelector("form")?.requestSubmit();
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && row.dataset["moving"] === undefined) {
      const next = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
      const link = next?.querySelector<HTMLElement>("a.symbol");
      if (link == null) return;
      event.preventDefault();
      link.focus();
    }
  }
}
