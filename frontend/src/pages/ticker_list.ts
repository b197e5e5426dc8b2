/** The list of all instruments, each a link with its live price, change and day so far. */

import { Cell, type CellBoard } from "../cells/board";
import { listedChangeCell, partUnit, priceCell, tickOf } from "../cells/figures";
import type { SessionLine } from "../charts/session_line";
import { sparkClass, sparkPaths } from "../charts/spark";
import { direction } from "../lib/decimal";
import { byId, setAll, within } from "../lib/dom";
import type { QuoteRow } from "../live/messages.gen";

interface Ticker {
  readonly link: HTMLAnchorElement;
  readonly name: Element;
  readonly price: Cell;
  readonly unit: Cell;
  readonly change: Cell;
  readonly spark: SVGElement;
}

export interface Listed {
  readonly symbol: string;
  readonly name: string;
}

export class TickerList {
  readonly #board: CellBoard;
  readonly #list = byId("tickers", HTMLUListElement);
  readonly #empty = byId("no-tickers", HTMLElement);
  readonly #template = byId("ticker-template", HTMLTemplateElement);
  readonly #tickers = new Map<string, Ticker>();

  constructor(board: CellBoard, onPick: (symbol: string) => void) {
    this.#board = board;
    for (const link of this.#list.querySelectorAll("a")) this.#adopt(link);
    this.#list.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const symbol = link?.dataset["symbol"];
      // A click with a key held means a new tab or window: that is the browser's business.
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (symbol === undefined || !isPlain) return;
      event.preventDefault();
      onPick(symbol);
    });
    this.#list.addEventListener("keydown", (event) => this.#step(event));
  }

  get symbols(): readonly string[] {
    return [...this.#tickers.keys()];
  }

  /** Those whose symbol or name holds what was typed, symbols that begin with it first. */
  matching(typed: string): readonly Listed[] {
    const wanted = typed.trim().toUpperCase();
    const listed = [...this.#tickers].map(([symbol, { name }]) => ({ symbol, name: name.textContent ?? "" }));
    const begins = listed.filter(({ symbol }) => symbol.startsWith(wanted));
    const holds = listed.filter(
      ({ symbol, name }) => !symbol.startsWith(wanted) && `${symbol} ${name}`.toUpperCase().includes(wanted),
    );
    return [...begins, ...holds];
  }

  venueOf(symbol: string): string {
    return this.#tickers.get(symbol)?.link.dataset["venue"] ?? "";
  }

  /** Whether the prices are older than they say, since nothing newer can come. */
  markStale(isStale: boolean): void {
    this.#list.toggleAttribute("data-stale", isStale);
  }

  select(symbol: string): void {
    for (const [each, { link }] of this.#tickers) {
      if (each === symbol) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  show(symbol: string, row: QuoteRow, before: QuoteRow | undefined): void {
    const ticker = this.#tickers.get(symbol) ?? this.#add(symbol);
    if (ticker.name.textContent !== row.name) ticker.name.textContent = row.name;
    if (ticker.link.dataset["quality"] !== row.quality) ticker.link.dataset["quality"] = row.quality;
    this.#board.set(ticker.price, priceCell(row, tickOf(before, row)));
    this.#board.set(ticker.unit, { text: partUnit(row.currency) });
    this.#board.set(ticker.change, listedChangeCell(row));
  }

  showSpark(line: SessionLine, row: QuoteRow | undefined): void {
    const ticker = this.#tickers.get(line.frame.symbol);
    if (ticker === undefined) return;
    const { base, line: path } = sparkPaths(line);
    setAll(within(ticker.spark, "path", SVGPathElement), { d: base });
    setAll(within(ticker.spark, "path + path", SVGPathElement), {
      d: path,
      class: sparkClass(direction(row?.change_percent ?? null)),
    });
  }

  #adopt(link: HTMLAnchorElement): Ticker {
    const ticker = {
      link,
      name: within(link, ".ticker-name", HTMLElement),
      price: new Cell(within(link, ".ticker-price > .num", HTMLElement)),
      unit: new Cell(within(link, ".ticker-price > .unit", HTMLElement)),
      change: new Cell(within(link, ".ticker-change", HTMLElement)),
      spark: within(link, ".spark", SVGElement),
    };
    this.#tickers.set(link.dataset["symbol"] ?? "", ticker);
    return ticker;
  }

  /** A row for a symbol that the server's page did not list yet, in its place by symbol. */
  #add(symbol: string): Ticker {
    const item = within(this.#template.content, "li", HTMLLIElement).cloneNode(true) as HTMLLIElement;
    const link = within(item, "a", HTMLAnchorElement);
    link.href = `?symbol=${encodeURIComponent(symbol)}`;
    link.dataset["symbol"] = symbol;
    within(item, ".ticker-symbol", HTMLElement).textContent = symbol;
    const next = [...this.#tickers].find(([each]) => each > symbol)?.[1].link.parentElement ?? null;
    this.#list.insertBefore(item, next);
    this.#empty.hidden = true;
    const ticker = this.#adopt(link);
    const sorted = [...this.#tickers].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#tickers.clear();
    for (const [each, kept] of sorted) this.#tickers.set(each, kept);
    return ticker;
  }

  /** Up and down move along the list. */
  #step(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...this.#tickers.values()].map(({ link }) => link);
    const at = links.findIndex((link) => link.matches(":focus"));
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}
