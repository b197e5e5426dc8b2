/** What a watchlist shows besides its quotes: the range of the day, who holds what, and views of it in another order. Pure. */

import { compared } from "../lib/decimal";
import { millis } from "../lib/times";
import type { PortfolioRow, QuoteRow, VisiblePortfolio } from "../live/messages.gen";

export interface DayRange {
  readonly low: string;
  readonly high: string;
}

interface Told extends DayRange {
  readonly day: string | null;
  readonly at: number;
}

/** A price so much older than one before is of another run of the replay. */
const BACK_MS = 60_000;

/**
 * The ranges of the day: what the server knows of each, widened by the prices that come. Without the server's word a range
 * is not known, since the page has not seen the day from its opening on.
 */
export class DayRanges {
  readonly #loaded = new Map<string, DayRange & { readonly day: string | null }>();
  readonly #told = new Map<string, Told>();

  /** What the server said of a session day; null where it does not know that from its opening on. */
  load(symbol: string, day: string | null, range: DayRange | null): void {
    if (range === null) this.#loaded.delete(symbol);
    else this.#loaded.set(symbol, { ...range, day });
  }

  /** A price came. */
  add(symbol: string, row: QuoteRow): void {
    const at = millis(row.source_time);
    if (row.price === null || at === null) return;
    const before = this.#told.get(symbol);
    const isSameRun = before !== undefined && at >= before.at - BACK_MS;
    if (before !== undefined && !isSameRun) this.#loaded.delete(symbol);
    const kept = isSameRun && before.day === row.session_day ? before : undefined;
    const range = widened({ low: row.price, high: row.price }, kept);
    this.#told.set(symbol, { ...range, day: row.session_day, at });
  }

  of(symbol: string): DayRange | null {
    const [loaded, told] = [this.#loaded.get(symbol), this.#told.get(symbol)];
    if (loaded === undefined || (told !== undefined && told.day !== loaded.day)) return null;
    return widened(loaded, told);
  }
}

function widened({ low, high }: DayRange, other: DayRange | undefined): DayRange {
  if (other === undefined) return { low, high };
  return {
    low: compared(other.low, low) < 0 ? other.low : low,
    high: compared(other.high, high) > 0 ? other.high : high,
  };
}

/** A portfolio that holds an instrument. */
export interface Holder {
  readonly id: string;
  readonly name: string;
}

/** By symbol the portfolios that hold it, in the order in which they are seen. */
export function holders(
  visible: readonly VisiblePortfolio[],
  rowsOf: (portfolio: string) => Iterable<PortfolioRow>,
): ReadonlyMap<string, readonly Holder[]> {
  const found = new Map<string, Holder[]>();
  for (const { id, name } of visible) {
    const held = new Set([...rowsOf(id)].filter(isHeld).map(({ symbol }) => symbol));
    for (const symbol of held) found.set(symbol, [...(found.get(symbol) ?? []), { id, name }]);
  }
  return found;
}

/** What only a portfolio knows has a price by hand; by the same symbol a list means something else. */
function isHeld(row: PortfolioRow): boolean {
  return row.kind === "holding" && row.quality !== "manual" && compared(row.quantity, "0") !== 0;
}

export const SORT_COLUMNS = ["own", "name", "price", "change", "percent", "held"] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface View {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

export const OWN_ORDER: View = { column: "own", isDescending: false };

/** What a row is sorted by. */
export interface Sorted {
  readonly symbol: string;
  readonly row: QuoteRow | undefined;
  readonly held: string;
}

/** The symbols as a view has them; what has no figure comes last, and what is equal stays in the own order. */
export function arranged(rows: readonly Sorted[], { column, isDescending }: View): readonly string[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => inColumn(a, b, column, sign)).map(({ symbol }) => symbol);
}

function inColumn(a: Sorted, b: Sorted, column: SortColumn, sign: number): number {
  switch (column) {
    case "own":
      return 0;
    case "name":
      return sign * inWords(a.symbol, b.symbol);
    case "held":
      return Number(a.held === "") - Number(b.held === "") || sign * inWords(a.held, b.held);
    case "price":
      return inFigures(a.row?.price, b.row?.price, sign);
    case "change":
      return inFigures(a.row?.change, b.row?.change, sign);
    case "percent":
      return inFigures(a.row?.change_percent, b.row?.change_percent, sign);
  }
}

function inFigures(a: string | null | undefined, b: string | null | undefined, sign: number): number {
  if (a == null || b == null) return Number(a == null) - Number(b == null);
  return sign * compared(a, b);
}

/** By code points, as everywhere. */
function inWords(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
