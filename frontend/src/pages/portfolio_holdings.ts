/**
 * The holdings table: rows grouped by account, with subtotals, sorted by their headers.
 *
 * Rows come, go and move only where the ledger or the order changed, never because a price moved: what stays keeps its place
 * under the pointer, and its element. All figures of a frame are written together, so that the sums add up at every moment.
 */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, moneyCell, weightCell } from "../cells/figures";
import {
  type AccountGroup,
  FIRST_ORDER,
  grouped,
  largestValue,
  SORT_COLUMNS,
  type SortColumn,
  type SortOrder,
  type Sums,
  sums,
  unpricedNote,
} from "../cells/holdings";
import type { QualityContext } from "../cells/quality";
import { hasCost } from "../cells/totals";
import type { SessionLine } from "../charts/session_line";
import { percentText } from "../lib/decimal";
import { byId, within } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { explainLinks, leadTo } from "./explain_links";
import { isWide, RowView, SUM_FIGURES, type Whole } from "./portfolio_row";

type Rows = ReadonlyMap<string, PortfolioRow>;
type SumCells = { readonly [figure in (typeof SUM_FIGURES)[number]]: Cell } & { readonly links: Links };
type Links = readonly HTMLAnchorElement[];

interface GroupView {
  readonly body: HTMLTableSectionElement;
  readonly head: HTMLTableRowElement;
  readonly toggle: HTMLButtonElement;
  readonly name: Cell;
  readonly count: Cell;
  readonly cells: SumCells;
}

export interface HoldingsOptions {
  readonly board: CellBoard;
  /** Where a row leads. */
  readonly addressOf: (row: PortfolioRow) => string;
}

export class HoldingsTable {
  readonly #board: CellBoard;
  readonly #addressOf: (row: PortfolioRow) => string;
  readonly #table = byId("holdings", HTMLTableElement);
  readonly #panel = byId("holdings-panel", HTMLElement);
  readonly #empty = byId("holdings-empty", HTMLElement);
  readonly #rowTemplate = byId("row-template", HTMLTemplateElement);
  readonly #groupTemplate = byId("group-template", HTMLTemplateElement);
  readonly #foot = byId("holdings-foot", HTMLElement);
  readonly #note = new Cell(byId("holdings-note", HTMLElement));
  readonly #totalCells = sumCells(this.#foot);
  readonly #rows = new Map<string, RowView>();
  readonly #groups = new Map<string, GroupView>();
  #order: SortOrder = FIRST_ORDER;
  #arranged = "";
  #arrangement: readonly AccountGroup[] = [];
  #shown: Rows = new Map();

  constructor({ board, addressOf }: HoldingsOptions) {
    this.#board = board;
    this.#addressOf = addressOf;
    for (const body of this.#table.querySelectorAll("tbody")) this.#adoptGroup(body);
    this.#table.addEventListener("click", (event) => this.#clicked(event));
    this.#table.addEventListener("keydown", (event) => this.#pressed(event));
    const group = "On this page";
    shortcuts.register(
      { keys: [], told: "↑ or ↓", does: "In the holdings: the row before or after", group },
      { keys: [], told: "← or →", does: "In the holdings: fold or unfold the account", group },
      { keys: [], told: "Enter", does: "In the holdings: open what the row is about", group },
      { keys: [], told: "E", does: "In the holdings: explain the figure in focus", group },
    );
  }

  /** Shows a state of the portfolio; called when a frame is about to be painted. */
  show(rows: Rows, totals: PortfolioTotals): void {
    this.#arrange(rows);
    this.#table.toggleAttribute("data-wide", isWide(rows.values(), totals));
    const whole = { currency: totals.currency, value: totals.value, largest: largestValue(rows.values()) };
    for (const [key, row] of rows) {
      const before = this.#shown.get(key);
      if (row === before) this.#rows.get(key)?.showWeight(row, whole);
      else this.#rows.get(key)?.show(row, before, whole);
    }
    this.#showGroups(rows, whole);
    const summed = totalSums(totals, rows);
    this.#showSums(this.#totalCells, summed, undefined, whole);
    leadToReasons(this.#totalCells.links, summed, "");
    this.#board.set(this.#note, { text: unpricedNote(rows.values()) });
    this.#shown = rows;
  }

  showQuality(at: QualityContext): void {
    for (const [key, row] of this.#shown) this.#rows.get(key)?.showQuality(row, at);
  }

  showSpark(line: SessionLine): void {
    for (const [key, row] of this.#shown) {
      if (row.kind === "holding" && row.symbol === line.frame.symbol) this.#rows.get(key)?.showSpark(line, row);
    }
  }

  /** The symbols held that have a price, each once. */
  get pricedSymbols(): readonly string[] {
    const held = [...this.#shown.values()].filter((row) => row.kind === "holding" && row.price !== null);
    return [...new Set(held.map((row) => row.symbol))];
  }

  // ---------- Order ----------

  /** Puts rows and groups where they belong, if what stands there or the order is another than before. */
  #arrange(rows: Rows): void {
    const key = `${JSON.stringify(this.#order)} ${[...rows].map(([each, row]) => each + row.account_name).join(" ")}`;
    if (key === this.#arranged) return;
    this.#arranged = key;
    const groups = grouped(rows, this.#order);
    this.#arrangement = groups;
    const focused = document.activeElement;
    this.#removeOthers(rows, groups);
    for (const group of groups) this.#place(group, groups.length > 1);
    this.#panel.hidden = rows.size === 0;
    this.#empty.hidden = rows.size > 0;
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused.isConnected && this.#table.contains(focused)) focused.focus();
  }

  #removeOthers(rows: Rows, groups: readonly AccountGroup[]): void {
    for (const [key, view] of this.#rows) {
      if (rows.has(key)) continue;
      view.element.remove();
      this.#rows.delete(key);
    }
    const accounts = new Set(groups.map(({ account }) => account));
    for (const [account, view] of this.#groups) {
      if (accounts.has(account)) continue;
      view.body.remove();
      this.#groups.delete(account);
    }
  }

  #place(group: AccountGroup, isOneOfMany: boolean): void {
    const view = this.#groups.get(group.account) ?? this.#addGroup(group.account);
    view.head.hidden = !isOneOfMany;
    if (!isOneOfMany) fold(view, false);
    if (view.body.nextElementSibling !== this.#foot) this.#table.insertBefore(view.body, this.#foot);
    let place: Element = view.head;
    for (const { key, row } of group.rows) {
      const { element } = this.#rows.get(key) ?? this.#addRow(key, row);
      if (place.nextElementSibling !== element) place.after(element);
      element.hidden = view.toggle.getAttribute("aria-expanded") === "false";
      place = element;
    }
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

  #addGroup(account: string): GroupView {
    const source = within(this.#groupTemplate.content, "tbody", HTMLTableSectionElement);
    const body = source.cloneNode(true) as HTMLTableSectionElement;
    body.dataset["account"] = account;
    return this.#adoptGroup(body);
  }

  #adoptGroup(body: HTMLTableSectionElement): GroupView {
    const head = within(body, ".group", HTMLTableRowElement);
    const view = {
      body,
      head,
      toggle: within(head, ".group-toggle", HTMLButtonElement),
      name: new Cell(within(head, "[data-figure='name']", HTMLElement)),
      count: new Cell(within(head, "[data-figure='count']", HTMLElement)),
      cells: sumCells(head),
    };
    this.#groups.set(body.dataset["account"] ?? "", view);
    for (const element of body.querySelectorAll<HTMLTableRowElement>("[data-row]")) {
      this.#rows.set(element.dataset["row"] ?? "", new RowView(element, this.#board));
    }
    return view;
  }

  // ---------- Sums ----------

  #showGroups(rows: Rows, whole: Whole): void {
    for (const { account, name, rows: held } of this.#arrangement) {
      const view = this.#groups.get(account);
      if (view === undefined) continue;
      this.#board.set(view.name, { text: name });
      this.#board.set(view.count, { text: `${held.length}` });
      const now = held.flatMap(({ key }) => rows.get(key) ?? []);
      const before = held.flatMap(({ key }) => this.#shown.get(key) ?? []);
      const summed = sums(now);
      this.#showSums(view.cells, summed, before.length === now.length ? sums(before) : undefined, whole);
      leadToReasons(view.cells.links, summed, `?account=${encodeURIComponent(account)}`);
    }
  }

  #showSums(cells: SumCells, now: Sums, before: Sums | undefined, whole: Whole): void {
    this.#board.set(cells.cost, moneyCell(now.cost));
    this.#board.set(cells.value, moneyCell(now.value, before?.value));
    this.#board.set(cells.weight, weightCell(now.value, whole.value));
    this.#board.set(cells.day, gainCell(now.day, before?.day));
    this.#board.set(cells.unrealized, gainCell(now.unrealized, before?.unrealized));
    this.#board.set(cells.percent, { text: percentText(now.unrealizedPercent) });
  }

  // ---------- Pointer and keyboard ----------

  #clicked(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const column = SORT_COLUMNS.find((each) => each === button?.dataset["sort"]);
    if (column !== undefined) this.#sort(column);
    else if (button?.classList.contains("group-toggle")) this.#toggle(button.closest("tbody"));
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
    this.#board.arrange(() => this.#arrange(this.#shown));
  }

  #toggle(body: HTMLTableSectionElement | null): void {
    const view = this.#groups.get(body?.dataset["account"] ?? "");
    if (view !== undefined) fold(view, view.toggle.getAttribute("aria-expanded") === "true");
  }

  /** Up and Down move from row to row, Left and Right fold and unfold the group; Enter follows the row's link, E explains. */
  #pressed(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest("tr") : null;
    if (row === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const stops = [...this.#table.querySelectorAll<HTMLElement>("tbody tr:not([hidden]) :is(a.symbol, .group-toggle)")];
    const at = stops.findIndex((stop) => row.contains(stop));
    const group = this.#groups.get(row.closest("tbody")?.dataset["account"] ?? "");
    switch (event.key) {
      case "ArrowUp":
      case "ArrowDown":
        stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
        break;
      case "ArrowLeft":
      case "ArrowRight":
        if (group === undefined || group.head.hidden) return;
        fold(group, event.key === "ArrowLeft");
        group.toggle.focus();
        break;
      case "e":
        if (!explain(row, event.target)) return;
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}

/** Whether the rows of a group are hidden below its subtotal. */
function fold(view: GroupView, isFolded: boolean): void {
  view.toggle.setAttribute("aria-expanded", `${!isFolded}`);
  for (const row of view.body.querySelectorAll<HTMLElement>("[data-row]")) row.hidden = isFolded;
}

function sumCells(parent: ParentNode): SumCells {
  const cell = (figure: string): Cell => new Cell(within(parent, `[data-figure="${figure}"]`, HTMLElement));
  const cells = SUM_FIGURES.map((figure) => [figure, cell(figure)]);
  return { ...Object.fromEntries(cells), links: explainLinks(parent) } as SumCells;
}

/** Sums that are there lead to how they came about. */
function leadToReasons(links: Links, sums: Sums, query: string): void {
  const values: { readonly [figure: string]: string | null } = {
    ...sums,
    "unrealized-percent": sums.unrealizedPercent,
  };
  for (const link of links) {
    const figure = link.dataset["explain"] ?? "";
    leadTo(link, (values[figure] ?? null) === null ? null : `explain/${figure}/${query}`);
  }
}

/** The totals as the server sums them; nothing where no row has the figure. */
function totalSums(totals: PortfolioTotals, rows: Rows): Sums {
  const isKnown = [...rows.values()].some((row) => row.value !== null);
  const isCostKnown = isKnown && hasCost(totals);
  return {
    cost: isCostKnown ? totals.cost : null,
    value: isKnown ? totals.value : null,
    day: isKnown ? totals.day : null,
    unrealized: isCostKnown ? totals.unrealized : null,
    unrealizedPercent: isCostKnown ? totals.unrealized_percent : null,
  };
}

/** Follows the link of the figure in focus, or of the row's value, to how it came about; whether there is one. */
function explain(row: HTMLElement, focused: EventTarget | null): boolean {
  const own = focused instanceof Element ? focused.closest<HTMLAnchorElement>("a.explain[href]") : null;
  const link = own ?? row.querySelector<HTMLAnchorElement>("a.explain[data-explain='value'][href]");
  link?.click();
  return link !== null;
}
