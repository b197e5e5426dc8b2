/**
 * The page of one stock: joins the live store, the figures, the list, the search and the chart.
 *
 * A signed-in person has the shell of all pages around it, whose store it shares; a visitor's page keeps one of its own.
 */

import type { CellBoard } from "../cells/board";
import { FIGURE_SPACE } from "../cells/figures";
import { spokenPrice } from "../cells/spoken_move";
import type { SessionLine } from "../charts/session_line";
import { direction, percentText, priceText } from "../lib/decimal";
import { byId, textOf } from "../lib/dom";
import type { Latencies } from "../lib/latencies";
import { showTitle } from "../lib/privacy";
import { phrase } from "../lib/words";
import { type Condition, type ConditionName, isCurrent } from "../live/condition";
import type { QuoteRow, Welcome } from "../live/messages.gen";
import type { LiveStore, RowsChange } from "../live/store";
import type { PageHooks } from "./app_shell";
import type { ConnectionView } from "./connection";
import { Days } from "./days";
import { foundAt } from "./listed";
import { QuotePanel } from "./quote_panel";
import { Search } from "./search";
import { Spoken } from "./spoken";
import { TickerList } from "./ticker_list";
import { TodayPanel } from "./today_panel";
import { watchButton } from "./watch_button";

const CLOCK_EVERY_MS = 1_000;
const SPARKS = 24;

/** What stands around the page: the shell of signed-in people's pages, or what a visitor's page has of it. */
export interface Around {
  readonly board: CellBoard;
  readonly latencies: Latencies;
  readonly connection: ConnectionView;
  readonly store: LiveStore;
  /** `symbols` are the quotes that the page shows; of portfolios it shows none. */
  readonly start: (whole: readonly string[], symbols: readonly string[]) => void;
  /** Where the pill tells of the one stock that is shown, and not of all that the person holds. */
  readonly showCondition?: (condition: Condition) => void;
}

export class StocksPage {
  readonly #around: Around;
  readonly #quote: QuotePanel;
  readonly #list: TickerList;
  readonly #today = new TodayPanel({ onRetry: () => this.#days.reload(this.#symbol, true) });
  readonly #days = new Days({
    onLoaded: (symbol, line) => this.#dayLoaded(symbol, line),
    onFailed: (symbol, failure) => {
      if (symbol === this.#symbol) this.#today.failed(symbol, failure);
    },
  });
  readonly #search = new Search({
    matching: (typed) => this.#list.matching(typed),
    quote: (symbol) => this.#brief(symbol),
    find: (typed, signal) => foundAt(byId("symbol-input", HTMLElement).dataset["search"] ?? "", typed, signal),
    onSubmit: (symbol) => this.#find(symbol),
  });
  readonly #watch = watchButton();
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  readonly #latency = textOf(byId("latency", HTMLElement));
  #symbol = byId("quote", HTMLElement).dataset["symbol"] ?? "";
  #before: ReadonlyMap<string, QuoteRow> = new Map();
  readonly #cameEarly: boolean;
  #told: ConditionName | "" = "";

  constructor(around: (hooks: PageHooks) => Around) {
    this.#around = around({
      onRows: (change) => this.#rowsChanged(change),
      onCondition: () => this.#conditionChanged(),
      onWelcome: (welcome) => this.#welcomed(welcome),
      onSignedOut: () => this.#spoken.end(),
      isBusy: () => this.#search.isBusy,
    });
    this.#quote = new QuotePanel(this.#around.board);
    this.#list = new TickerList(this.#around.board, (symbol) => this.#go(symbol));
    this.#cameEarly = this.#list.symbols.length === 0;
  }

  start(): void {
    this.#around.start([], this.#list.symbols);
    this.#search.takeKey();
    this.#loadDays();
    setInterval(() => this.#showSpeed(), CLOCK_EVERY_MS);
    const first = this.#symbol;
    addEventListener("popstate", () => this.#open(symbolInAddress() ?? first));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#loadDays();
    });
  }

  get #store(): LiveStore {
    return this.#around.store;
  }

  get #row(): QuoteRow | undefined {
    return this.#store.rows.get(this.#symbol);
  }

  // ---------- What the server says ----------

  #welcomed(welcome: Welcome): void {
    const known = new Set(this.#list.symbols);
    const further = welcome.symbols
      .filter((symbol) => !known.has(symbol))
      .slice(0, welcome.limits.symbols - known.size);
    if (further.length > 0) void this.#store.watch(further);
    if (this.#before.size > 0) this.#loadDays();
  }

  #rowsChanged({ symbols, isSnapshot }: RowsChange): void {
    const { rows } = this.#store;
    for (const symbol of symbols) {
      const row = rows.get(symbol);
      if (row !== undefined) this.#rowChanged(symbol, row, isSnapshot ? undefined : this.#before.get(symbol));
    }
    this.#before = rows;
    if (this.#symbol === "" && this.#cameEarly) this.#adoptFirst();
    if (symbols.has(this.#symbol)) this.#shownChanged(isSnapshot);
    this.#showCondition();
  }

  #rowChanged(symbol: string, row: QuoteRow, before: QuoteRow | undefined): void {
    this.#list.show(symbol, row, before);
    if (symbol === this.#symbol) this.#quote.show(row, before, this.#list.venueOf(symbol));
    const held = this.#days.line(symbol);
    if (!this.#days.add(symbol, row)) {
      if (held === undefined && before?.price === null && row.price !== null) this.#days.reload(symbol);
      return;
    }
    const line = this.#days.line(symbol);
    if (line === undefined) return;
    this.#list.showSpark(line, row);
    if (symbol !== this.#symbol) return;
    if (line === held) this.#today.grew(line);
    else this.#showLine(line);
  }

  /** The row of the large quote changed. */
  #shownChanged(isSnapshot: boolean): void {
    const line = this.#days.line(this.#symbol);
    if (line !== undefined) this.#quote.showDay(line);
    this.#showTitle();
    this.#spoken.changed();
    if (isSnapshot && this.#row?.price === null) this.#today.empty(this.#symbol);
  }

  /** Told every second too; a screen reader is told of another state only. */
  #conditionChanged(): void {
    this.#showCondition();
    const { name } = this.#around.connection.condition(this.#row?.quality ?? null);
    if (name !== this.#told) this.#spoken.changed();
    this.#told = name;
  }

  // ---------- Which symbol ----------

  /** Shows a symbol and gives it an address, so that back and reload work. */
  #go(symbol: string): void {
    if (symbol !== this.#symbol) history.pushState(null, "", `?symbol=${encodeURIComponent(symbol)}`);
    this.#open(symbol);
  }

  #open(symbol: string): void {
    this.#symbol = symbol;
    this.#search.fill(symbol);
    this.#list.select(symbol);
    this.#quote.open(symbol);
    this.#watch?.open(symbol);
    const line = this.#days.line(symbol);
    if (line !== undefined) this.#showLine(line);
    this.#days.reload(symbol, true);
    const row = this.#row;
    if (row !== undefined) this.#quote.show(row, undefined, this.#list.venueOf(symbol));
    this.#showTitle();
    this.#showCondition();
  }

  /** A symbol that was typed: a known one is shown at once, of another the server is asked. */
  async #find(symbol: string): Promise<string> {
    if (!this.#store.rows.has(symbol)) {
      const refusal = await this.#store.watch([symbol]);
      if (refusal !== null) return [refusal.message, phrase("Check the spelling, or pick one of the list.")].join(" ");
    }
    this.#go(symbol);
    return "";
  }

  /** A page that came before anything was recorded shows the first instrument that comes. */
  #adoptFirst(): void {
    const [first] = this.#list.symbols;
    if (first !== undefined) this.#open(first);
  }

  // ---------- The day so far ----------

  #loadDays(): void {
    if (this.#symbol !== "") this.#days.reload(this.#symbol, true);
    const others = this.#list.symbols.filter((symbol) => symbol !== this.#symbol);
    for (const symbol of others.slice(0, SPARKS)) this.#days.reload(symbol);
  }

  #dayLoaded(symbol: string, line: SessionLine): void {
    const row = this.#store.rows.get(symbol);
    if (row !== undefined) this.#days.add(symbol, row);
    this.#list.showSpark(line, row);
    if (symbol === this.#symbol) this.#showLine(line);
  }

  #showLine(line: SessionLine): void {
    this.#quote.showDay(line);
    if (line.minutes.length === 0) this.#today.empty(line.frame.symbol);
    else void this.#today.show(line, this.#row?.currency ?? byId("stock-currency", HTMLElement).textContent ?? "");
  }

  // ---------- What stands around it ----------

  #showSpeed(): void {
    const percentiles = this.#around.latencies.percentiles();
    if (percentiles === null) return;
    const { p50, p95 } = percentiles;
    const told = phrase("tick to pixel: p50 {p50} ms, p95 {p95} ms", { p50: wholeMs(p50), p95: wholeMs(p95) });
    if (this.#latency.data !== told) this.#latency.data = told;
  }

  #showCondition(): void {
    const row = this.#row;
    const condition = this.#around.connection.condition(row?.quality ?? null);
    this.#around.showCondition?.(condition);
    const current = isCurrent(condition.name);
    // Before the first word the page shows what was recorded, and says so.
    this.#list.markStale(!current && (condition.name !== "connecting" || this.#store.link.heardAt !== null));
    if (row === undefined) return;
    const line = this.#days.line(this.#symbol);
    const zone = line?.frame.zone ?? document.documentElement.dataset["zone"] ?? "UTC";
    this.#quote.showQuality(row, { marketTime: this.#store.marketTime, isCurrent: current, zone });
    this.#quote.showSession(row, line, this.#store.feeds);
    this.#today.mark(current && (row.quality === "live" || row.quality === "replay"), this.#around.connection.isReplay);
  }

  #showTitle(): void {
    const row = this.#row;
    const price = row?.price == null ? "" : ` ${priceText(row.price, row.price_places)}`;
    showTitle(`${this.#symbol}${price} · Tickfolio`);
  }

  #sentence(): string {
    const row = this.#row;
    const told = this.#around.connection.spoken(this.#around.connection.condition(row?.quality ?? null));
    if (told !== "" || row === undefined || row.price === null) return told;
    return spokenPrice(this.#symbol, `${priceText(row.price, row.price_places)} ${row.currency}`, row.change_percent);
  }

  #brief(symbol: string): { readonly price: string; readonly change: string; readonly direction: string } {
    const row = this.#store.rows.get(symbol);
    return {
      price: priceText(row?.price ?? null, row?.price_places ?? 2),
      change: percentText(row?.change_percent ?? null),
      direction: direction(row?.change_percent ?? null),
    };
  }
}

/** At a fixed width, so that nothing beside it moves. */
function wholeMs(ms: number): string {
  return `${Math.round(ms)}`.padStart(3, FIGURE_SPACE);
}

function symbolInAddress(): string | null {
  return new URLSearchParams(location.search).get("symbol")?.toUpperCase() ?? null;
}
