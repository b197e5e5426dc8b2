/** A portfolio's rows in their order: groups by account, sorted within, with subtotals that add up. Pure: values in, values out. */

import { compared, partOf, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import type { PortfolioRow, RowKind } from "../live/messages.gen";

export interface HeldRow {
  readonly key: string;
  readonly row: PortfolioRow;
}

/** Sums over the rows that have the figure; null where none has it. */
export interface Sums {
  readonly cost: string | null;
  readonly value: string | null;
  readonly day: string | null;
  readonly unrealized: string | null;
  readonly unrealizedPercent: string | null;
}

export interface AccountGroup {
  readonly account: string;
  readonly name: string;
  readonly rows: readonly HeldRow[];
}

export const SORT_COLUMNS = ["name", "price", "change", "cost", "value", "day", "unrealized", "percent"] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface SortOrder {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** The largest holding first, as the server has them; the same rule stands in src/tickfolio/web/portfolio_texts.py. */
export const FIRST_ORDER: SortOrder = { column: "value", isDescending: true };

/** Holdings stand above what is to be paid, and that above cash, however the holdings are sorted. */
const RANKS: { readonly [kind in RowKind]: number } = { holding: 0, receivable: 1, cash: 2 };

const FIGURES: { readonly [column in Exclude<SortColumn, "name">]: (row: PortfolioRow) => string | null } = {
  price: (row) => row.price,
  change: (row) => row.change_percent,
  cost: (row) => row.cost,
  value: (row) => row.value,
  day: (row) => row.day,
  unrealized: (row) => row.unrealized,
  percent: (row) => row.unrealized_percent,
};

/** One group for each account, by its name; an account without a row has none. */
export function grouped(rows: ReadonlyMap<string, PortfolioRow>, order: SortOrder): readonly AccountGroup[] {
  const byAccount = groupedBy([...rows].map(heldRow), ({ row }) => row.account);
  const groups = [...byAccount].map(([account, held]) => ({
    account,
    name: held[0]?.row.account_name ?? "",
    rows: held.sort((a, b) => byOrder(a, b, order)),
  }));
  return groups.sort((a, b) => inWords(a.name, b.name) || inWords(a.account, b.account));
}

/** What the rows that have a value add up to; where none has a figure there is no sum of it. */
export function sums(rows: Iterable<PortfolioRow>): Sums {
  const all = [...rows].filter((row) => row.value !== null);
  const cost = known(all.map((row) => row.cost));
  const unsigned = known(all.map((row) => row.cost?.replace(/^-/, "") ?? null));
  const unrealized = known(all.map((row) => row.unrealized));
  return {
    cost,
    value: known(all.map((row) => row.value)),
    day: known(all.map((row) => row.day)),
    unrealized,
    unrealizedPercent: partOf(unrealized, unsigned),
  };
}

/** The largest value of a single row, which the bars of the weights are measured by; null where none is above zero. */
export function largestValue(rows: Iterable<PortfolioRow>): string | null {
  let largest: string | null = null;
  for (const { value } of rows) {
    if (value !== null && compared(value, largest ?? "0") > 0) largest = value;
  }
  return largest;
}

/** Why rows have no value, in words; nothing where all have one. */
export function unpricedNote(rows: Iterable<PortfolioRow>): string {
  const reasons = new Map<string, string>();
  for (const row of rows) if (row.value === null) reasons.set(row.symbol, row.reason ?? "no price is known");
  const told = [...reasons]
    .sort(([a], [b]) => inWords(a, b))
    .map(([symbol, reason]) => `${symbol}: ${sentence(reason)}`);
  return told.length === 0 ? "" : `${told.join(" ")} Left out of every total.`;
}

function sentence(reason: string): string {
  return reason.endsWith(".") ? reason : `${reason}.`;
}

function heldRow([key, row]: readonly [string, PortfolioRow]): HeldRow {
  return { key, row };
}

function known(values: readonly (string | null)[]): string | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : summed(there);
}

function byOrder(a: HeldRow, b: HeldRow, order: SortOrder): number {
  const rank = RANKS[a.row.kind] - RANKS[b.row.kind];
  return rank || inColumn(a.row, b.row, order) || inWords(a.row.symbol, b.row.symbol) || inWords(a.key, b.key);
}

/** Rows without the figure stand last, whichever way the others are sorted. */
function inColumn(a: PortfolioRow, b: PortfolioRow, { column, isDescending }: SortOrder): number {
  const sign = isDescending ? -1 : 1;
  if (column === "name") return sign * inWords(a.symbol, b.symbol);
  const [left, right] = [FIGURES[column](a), FIGURES[column](b)];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return sign * compared(left, right);
}

/** By code points, as the server sorts. */
function inWords(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
