/**
 * The holdings table: rows in groups, with subtotals, sorted by their headers.
 *
 * Rows come, go and move only where the ledger, the order or the filter changed, never because a price moved: what stays keeps
 * its place under the pointer, and its element. All figures of a frame are written together, so that the sums add up at every
 * moment.
 */

import { Cell, type CellBoard } from "../cells/board";
import {
  explainedBy,
  type Grouping,
  grouped,
  largestValue,
  matches,
  type RowGroup,
  SORT_COLUMNS,
  type SortColumn,
  type SortOrder,
  type Sums,
  sums,
  unpricedNote,
} from "../cells/holdings";
import type { QualityContext } from "../cells/quality";
import type { SessionLine } from "../charts/session_line";
import { byId, within } from "../lib/dom";
import { groupedBy } from "../lib/groups";
import { phrase } from "../lib/words";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { pressed } from "./holdings_keys";
import { measurePins } from "./holdings_pins";
import { hasAnyValue, SumCells, totalSums } from "./holdings_sums";
import { groupingOf, orderOf, traitsHere } from "./holdings_told";
import { LongTable, stands } from "./long_table";
import { isWide, RowView, type Whole } from "./portfolio_row";
import { groupKeyOf } from "./row_blocks";

type Rows = ReadonlyMap<string, PortfolioRow>;
const NOTHING: Rows = new Map();

interface GroupView {
  readonly body: HTMLTableSectionElement;
  readonly head: HTMLTableRowElement;
  readonly toggle: HTMLButtonElement;
  readonly name: Cell;
  readonly count: Cell;
  readonly sums: SumCells;
  /** What the subtotal shows, and of which rows. */
  summed: Sums | null;
  of: readonly PortfolioRow[];
}

export interface HoldingsOptions {
  readonly board: CellBoard;
  /** Where a row leads. */
  readonly addressOf: (row: PortfolioRow) => string;
  /** The person sorted by a header. */
  readonly onSort?: (order: SortOrder) => void;
  /** The groups that are folded from the start. */
  readonly folded?: ReadonlySet<string>;
}

export class HoldingsTable {
  readonly #board: CellBoard;
  readonly #addressOf: (row: PortfolioRow) => string;
  readonly #onSort: (order: SortOrder) => void;
  readonly #table = byId("holdings", HTMLTableElement);
  readonly #panel = byId("holdings-panel", HTMLElement);
  readonly #empty = byId("holdings-empty", HTMLElement);
  readonly #none = byId("holdings-none", HTMLElement);
  readonly #rowTemplate = byId("row-template", HTMLTemplateElement);
  readonly #groupTemplate = byId("group-template", HTMLTemplateElement);
  readonly #foot = byId("holdings-foot", HTMLElement);
  readonly #footName = new Cell(within(this.#foot, "[data-figure='name']", HTMLElement));
  readonly #note = new Cell(byId("holdings-note", HTMLElement));
  readonly #totals: SumCells;
  readonly #rows = new Map<string, RowView>();
  readonly #groups = new Map<string, GroupView>();
  #grouping: Grouping;
  #order: SortOrder;
  #filter = "";
  #arranged = "";
  #arrangement: readonly RowGroup[] = [];
  #shown: Rows = new Map();
  #whole: PortfolioTotals | null = null;
  readonly #lines = new Map<string, SessionLine>();
  /** The rows that show the line of a symbol: one for each account that holds it. */
  #bySymbol: ReadonlyMap<string, readonly RowView[]> = new Map();
  readonly #long = new LongTable(this.#table, (come) => this.#board.arrange(() => this.#catchUp(come)));
  #quality: QualityContext | null = null;

  constructor({ board, addressOf, onSort, folded }: HoldingsOptions) {
    this.#board = board;
    this.#addressOf = addressOf;
    this.#onSort = onSort ?? (() => {});
    this.#totals = new SumCells(this.#foot, board);
    this.#grouping = { by: groupingOf(this.#table), traits: traitsHere() };
    this.#order = orderOf(this.#table);
    for (const body of this.#table.querySelectorAll("tbody")) this.#adoptGroup(body);
    for (const key of folded ?? []) this.#groups.get(key)?.toggle.setAttribute("aria-expanded", "false");
    measurePins(this.#table);
    this.#table.addEventListener("click", (event) => this.#clicked(event));
    this.#table.addEventListener("keydown", (event) =>
      pressed(event, {
        stops: () => [
          ...this.#table.querySelectorAll<HTMLElement>("tbody tr:not([hidden]) :is(a.symbol, .group-toggle)"),
        ],
        fold: (row, isFolded) => this.#foldOf(row, isFolded),
      }),
    );
  }

  /** Whether instruments are held of which the page was not told more than their rows. */
  get lacksTraits(): boolean {
    const { traits } = this.#grouping;
    return [...this.#shown.values()].some((row) => row.kind === "holding" && traits[row.symbol] === undefined);
  }

  /** Takes what the page knows more by now of what is held. */
  learn(): void {
    this.#grouping = { ...this.#grouping, traits: traitsHere() };
    this.#arranged = "";
    for (const view of this.#rows.values()) view.forget();
    this.#board.arrange(() => this.#show());
  }

  /** The groups that are folded. */
  get folded(): ReadonlySet<string> {
    const isFolded = ({ toggle }: GroupView): boolean => toggle.getAttribute("aria-expanded") === "false";
    return new Set([...this.#groups].filter(([, view]) => isFolded(view)).map(([key]) => key));
  }

  /** Shows the rows that have these words alone; all where there are none. */
  filter(text: string): void {
    this.#filter = text.trim();
    this.#board.arrange(() => this.#show());
  }

  /** Shows a state of the portfolio; called when a frame is about to be painted. */
  show(rows: Rows, totals: PortfolioTotals): void {
    const before = this.#shown;
    this.#shown = rows;
    this.#whole = totals;
    this.#show(before);
  }

  #show(before: Rows = this.#shown): void {
    const [rows, totals] = [this.#shown, this.#whole];
    if (totals === null) return;
    this.#arrange();
    this.#table.toggleAttribute("data-wide", isWide(rows.values(), totals));
    const whole = this.#measure(totals);
    for (const [key, view] of this.#rows) {
      // Out of sight too a row says what it is: it can be searched for, and read out.
      if (view.isBlank || this.#long.writes(view.element)) this.#showRow(key, view, before, whole);
    }
    this.#showSums(whole, totals);
    this.#board.set(this.#note, { text: unpricedNote(rows.values()) });
  }

  #showRow(key: string, view: RowView, before: Rows, whole: Whole): void {
    const row = this.#shown.get(key);
    if (row === undefined) return;
    if (row === view.shown) view.showWeight(row, whole);
    else view.show(row, before.get(key), whole);
  }

  #measure(totals: PortfolioTotals): Whole {
    const { traits } = this.#grouping;
    return { currency: totals.currency, value: totals.value, largest: largestValue(this.#shown.values()), traits };
  }

  showQuality(at: QualityContext): void {
    this.#quality = at;
    for (const [key, view] of this.#rows) {
      if (this.#long.writes(view.element)) this.#showQualityOf(key, view, at);
    }
  }

  #showQualityOf(key: string, view: RowView, at: QualityContext): void {
    const row = this.#shown.get(key);
    if (row !== undefined) view.showQuality(row, at);
  }

  showSpark(line: SessionLine): void {
    this.#lines.set(line.frame.symbol, line);
    for (const view of this.#bySymbol.get(line.frame.symbol) ?? []) {
      if (this.#long.writes(view.element)) this.#showSparkOf(view);
    }
  }

  #showSparkOf(view: RowView): void {
    const row = this.#shown.get(view.element.dataset["row"] ?? "");
    const line = row?.kind === "holding" ? this.#lines.get(row.symbol) : undefined;
    if (row !== undefined && line !== undefined) view.showSpark(line, row);
  }

  // ---------- Long tables ----------

  /** Writes rows as they are now, without the tints of what went by unseen. */
  #catchUp(come: ReadonlySet<Element> | null): void {
    const totals = this.#whole;
    if (totals === null) return;
    const whole = this.#measure(totals);
    for (const [key, view] of this.#rows) {
      if (come !== null && !stands(view.element, come)) continue;
      this.#showRow(key, view, NOTHING, whole);
      if (this.#quality !== null) this.#showQualityOf(key, view, this.#quality);
      this.#showSparkOf(view);
    }
  }

  /** Writes what is out of sight too: what leaves the page, on paper or by the clipboard, takes every row along. */
  writeAll(): void {
    if (!this.#long.isLong) return;
    // What waits for the next frame comes first: written with it, the rows out of sight would be of the moment before.
    this.#board.writeNow();
    this.#catchUp(null);
    this.#board.writeNow();
  }

  // ---------- Order ----------

  /** Puts rows and groups where they belong, if what stands there or the order is another than before. */
  #arrange(): void {
    const all = this.#shown;
    const names = [...all].map(([each, row]) => each + row.account_name).join(" ");
    const key = `${JSON.stringify(this.#order)} ${this.#filter} ${names}`;
    if (key === this.#arranged) return;
    this.#arranged = key;
    const rows = this.#filter === "" ? all : new Map([...all].filter(([, row]) => this.#matches(row)));
    const groups = grouped(rows, this.#order, this.#grouping);
    this.#arrangement = groups;
    const focused = document.activeElement;
    this.#removeOthers(rows, groups);
    this.#long.take(rows.size);
    for (const group of groups) this.#place(group, groups.length > 1);
    this.#long.placed();
    this.#bySymbol = groupedBy(
      this.#rows.values(),
      ({ element }) => rows.get(element.dataset["row"] ?? "")?.symbol ?? "",
    );
    this.#panel.hidden = all.size === 0 && this.#panel.dataset["shown"] !== "closed";
    this.#empty.hidden = all.size > 0;
    this.#none.hidden = all.size === 0 || rows.size > 0;
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused.isConnected && this.#table.contains(focused)) focused.focus();
  }

  #matches(row: PortfolioRow): boolean {
    return matches(row, this.#filter, this.#grouping.traits);
  }

  #removeOthers(rows: Rows, groups: readonly RowGroup[]): void {
    for (const [key, view] of this.#rows) {
      if (rows.has(key)) continue;
      view.element.remove();
      this.#rows.delete(key);
    }
    const keys = new Set(groups.map(({ key }) => key));
    for (const [key, view] of this.#groups) {
      if (keys.has(key)) continue;
      this.#long.remove(view.body);
      this.#groups.delete(key);
    }
  }

  #place(group: RowGroup, isOneOfMany: boolean): void {
    const view = this.#groups.get(group.key) ?? this.#addGroup(group.key);
    view.head.hidden = !isOneOfMany;
    if (!isOneOfMany) view.toggle.setAttribute("aria-expanded", "true");
    const isFolded = view.toggle.getAttribute("aria-expanded") === "false";
    const elements = group.rows.map(({ key, row }) => (this.#rows.get(key) ?? this.#addRow(key, row)).element);
    for (const element of elements) element.hidden = isFolded;
    this.#long.place(view.body, view.head, elements, this.#foot);
  }

  #addRow(key: string, row: PortfolioRow): RowView {
    const source = within(this.#rowTemplate.content, "tr", HTMLTableRowElement);
    const element = source.cloneNode(true) as HTMLTableRowElement;
    element.dataset["row"] = key;
    const view = new RowView(element, this.#board);
    view.lead(this.#addressOf(row));
    this.#rows.set(key, view);
    return view;
  }

  #addGroup(key: string): GroupView {
    const source = within(this.#groupTemplate.content, "tbody", HTMLTableSectionElement);
    const body = source.cloneNode(true) as HTMLTableSectionElement;
    body.dataset["group"] = key;
    return this.#adoptGroup(body);
  }

  #adoptGroup(body: HTMLTableSectionElement): GroupView {
    const head = within(body, ".group", HTMLTableRowElement);
    const view: GroupView = {
      body,
      head,
      toggle: within(head, ".group-toggle", HTMLButtonElement),
      name: new Cell(within(head, "[data-figure='name']", HTMLElement)),
      count: new Cell(within(head, "[data-figure='count']", HTMLElement)),
      sums: new SumCells(head, this.#board),
      summed: null,
      of: [],
    };
    this.#groups.set(body.dataset["group"] ?? "", view);
    for (const element of body.querySelectorAll<HTMLTableRowElement>("[data-row]")) {
      this.#rows.set(element.dataset["row"] ?? "", new RowView(element, this.#board));
    }
    return view;
  }

  // ---------- Sums ----------

  #showSums(whole: Whole, totals: PortfolioTotals): void {
    const isFiltered = this.#filter !== "";
    const isKnown = hasAnyValue(this.#shown.values());
    const all = totalSums(totals, isKnown);
    // One group alone adds up to the total, which need not be summed here.
    const only = isFiltered || this.#arrangement.length > 1 ? null : all;
    for (const group of this.#arrangement) this.#showGroup(group, only, whole, isFiltered);
    if (!isFiltered) {
      this.#totals.show(all, undefined, whole, "");
      this.#totals.showDayPercent(isKnown ? totals.day_percent : null);
      this.#board.set(this.#footName, { text: phrase("Total") });
      return;
    }
    // What is in sight adds up in sight.
    const found = this.#arrangement.flatMap(({ rows }) => rows.flatMap(({ key }) => this.#shown.get(key) ?? []));
    this.#totals.show(sums(found), undefined, whole, null);
    this.#totals.showDayPercent(null);
    this.#board.set(this.#footName, {
      text: phrase("{count} of {all} rows", { count: found.length, all: this.#shown.size }),
    });
  }

  /** A subtotal is summed anew where one of its rows is another one than before. */
  #showGroup({ key, name, rows: held }: RowGroup, only: Sums | null, whole: Whole, isFiltered: boolean): void {
    const view = this.#groups.get(key);
    if (view === undefined) return;
    this.#board.set(view.name, { text: name });
    this.#board.set(view.count, { text: `${held.length}` });
    const rows = held.flatMap((each) => this.#shown.get(each.key) ?? []);
    const isSameSet = view.of.length === rows.length;
    const isSame = view.summed !== null && isSameSet && rows.every((row, at) => row === view.of[at]);
    const now = only ?? (isSame ? view.summed : null) ?? sums(rows);
    const before = isSameSet ? (view.summed ?? undefined) : undefined;
    view.sums.show(now, before, whole, isFiltered ? null : explainedBy(key, this.#grouping));
    view.summed = now;
    view.of = rows;
  }

  // ---------- Pointer and keyboard ----------

  #clicked(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const column = SORT_COLUMNS.find((each) => each === button?.dataset["sort"]);
    if (column !== undefined) this.#sort(column);
    else if (button?.classList.contains("group-toggle")) this.#toggle(groupKeyOf(button));
  }

  /** Figures begin with the largest, names with A; the same header again turns the order round. */
  #sort(column: SortColumn): void {
    const isSame = this.#order.column === column;
    this.#order = { column, isDescending: isSame ? !this.#order.isDescending : column !== "name" };
    for (const button of this.#table.querySelectorAll<HTMLElement>("[data-sort]")) {
      const head = button.closest("th");
      if (button.dataset["sort"] !== column) head?.removeAttribute("aria-sort");
      else head?.setAttribute("aria-sort", this.#order.isDescending ? "descending" : "ascending");
    }
    this.#onSort(this.#order);
    this.#board.arrange(() => this.#arrange());
  }

  #toggle(key: string): void {
    const view = this.#groups.get(key);
    if (view !== undefined) this.#fold(view, view.toggle.getAttribute("aria-expanded") === "true");
  }

  #foldOf(row: HTMLElement, isFolded: boolean): boolean {
    const view = this.#groups.get(groupKeyOf(row));
    if (view === undefined || view.head.hidden) return false;
    this.#fold(view, isFolded);
    view.toggle.focus();
    return true;
  }

  /** Whether the rows of a group are hidden below its subtotal. */
  #fold(view: GroupView, isFolded: boolean): void {
    view.toggle.setAttribute("aria-expanded", `${!isFolded}`);
    this.#long.fold(view.body, isFolded);
  }
}
