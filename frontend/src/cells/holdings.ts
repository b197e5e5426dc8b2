/**
 * A portfolio's rows in their order: in groups, sorted within, with subtotals that add up. Pure: values in, values out.
 *
 * The twin is src/tickfolio/web/holding_groups.py.
 */

import { compared, partOf, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import type { PortfolioRow, RowKind } from "../live/messages.gen";
import { CLASS_NAMES } from "./class_names";

export interface HeldRow {
  readonly key: string;
  readonly row: PortfolioRow;
}

/** Sums over the rows that have the figure; null where none has it. */
export interface Sums {
  readonly cost: string | null;
  readonly value: string | null;
  readonly day: string | null;
  readonly dayPrice: string | null;
  readonly dayCurrency: string | null;
  readonly unrealized: string | null;
  readonly unrealizedPercent: string | null;
}

export interface RowGroup {
  readonly key: string;
  readonly name: string;
  readonly rows: readonly HeldRow[];
}

/** What is known of instruments beside their rows, by symbol. */
export interface Traits {
  /** The members' own word for the class; empty where the class counts. */
  readonly class_label: string;
  readonly currency: string;
  readonly sector: string;
  readonly country: string;
}

export type TraitsBySymbol = { readonly [symbol: string]: Traits };

export const GROUPINGS = ["none", "account", "class", "sector", "currency", "country"] as const;
export type GroupBy = (typeof GROUPINGS)[number];

/** How rows are put together. */
export interface Grouping {
  readonly by: GroupBy;
  readonly traits: TraitsBySymbol;
}

export const SORT_COLUMNS = [
  "name",
  "price",
  "change",
  "cost",
  "value",
  "day",
  "day-percent",
  "day-price",
  "day-currency",
  "unrealized",
  "percent",
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface SortOrder {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** The largest holding first, by account: what is shown until somebody chooses something else. */
export const FIRST_ORDER: SortOrder = { column: "value", isDescending: true };
export const FIRST_GROUPING: Grouping = { by: "account", traits: {} };

const CASH = "cash";
const UNCLASSIFIED = phrase("Unclassified");

/** Holdings stand above what is to be paid, and that above cash, however the holdings are sorted. */
const RANKS: { readonly [kind in RowKind]: number } = { holding: 0, receivable: 1, cash: 2 };

const FIGURES: { readonly [column in Exclude<SortColumn, "name">]: (row: PortfolioRow) => string | null } = {
  price: (row) => row.price,
  change: (row) => row.change_percent,
  cost: (row) => row.cost,
  value: (row) => row.value,
  day: (row) => row.day,
  "day-percent": (row) => row.day_percent,
  "day-price": (row) => row.day_price,
  "day-currency": (row) => row.day_currency,
  unrealized: (row) => row.unrealized,
  percent: (row) => row.unrealized_percent,
};

/** The groups by what they are worth now, the rows of each in their order. */
export function grouped(
  rows: ReadonlyMap<string, PortfolioRow>,
  order: SortOrder,
  grouping: Grouping = FIRST_GROUPING,
): readonly RowGroup[] {
  const byKey = groupedBy([...rows].map(heldRow), ({ row }) => groupOf(row, grouping).key);
  const groups = [...byKey].map(([key, held]) => ({
    key,
    name: held[0] === undefined ? "" : groupOf(held[0].row, grouping).name,
    rows: held.sort((a, b) => byOrder(a, b, order)),
    value: known(held.map(({ row }) => row.value)),
  }));
  return groups.sort((a, b) => largestFirst(a.value, b.value) || inWords(a.name, b.name) || inWords(a.key, b.key));
}

/** The group that a row is in. */
export function groupOf(row: PortfolioRow, { by, traits }: Grouping): { readonly key: string; readonly name: string } {
  switch (by) {
    case "none":
      return { key: "", name: phrase("All holdings") };
    case "account":
      return { key: row.account, name: row.account_name };
    case "class": {
      const label = traits[row.symbol]?.class_label ?? "";
      const name = classOf(row, traits);
      return { key: label === "" || row.kind === "cash" ? (row.instrument_class ?? CASH) : `=${label}`, name };
    }
    case "currency": {
      const code = currencyOf(row, traits);
      return { key: code, name: code };
    }
    case "sector":
    case "country": {
      if (row.kind === "cash") return { key: `:${CASH}`, name: CLASS_NAMES[CASH] ?? CASH };
      const key = traits[row.symbol]?.[by] ?? "";
      return { key, name: key || UNCLASSIFIED };
    }
  }
}

/**
 * The query of the addresses that explain the sums of a group; null where none does: explanations know nothing of what members
 * and lists say of an instrument.
 */
export function explainedBy(key: string, { by, traits }: Grouping): string | null {
  if (by === "none") return "";
  if (by === "sector" || by === "country") return null;
  if (by === "class" && Object.values(traits).some(({ class_label }) => class_label !== "")) return null;
  return `?${by}=${encodeURIComponent(key)}`;
}

/** What kind of thing a row is of, in words; a dividend that is due is of the class of its instrument. */
export function classOf(row: PortfolioRow, traits: TraitsBySymbol): string {
  const label = row.kind === "cash" ? "" : (traits[row.symbol]?.class_label ?? "");
  const name = row.instrument_class ?? CASH;
  return label || (CLASS_NAMES[name] ?? name);
}

/** The currency itself where prices are in hundredths of it. */
export function currencyOf(row: PortfolioRow, traits: TraitsBySymbol): string {
  return row.kind === "holding" ? (traits[row.symbol]?.currency ?? row.currency) : row.currency;
}

/** What stands beside the symbol; of a dividend that is not paid yet the server sends the day only. */
export function nameOf(row: Pick<PortfolioRow, "kind" | "name">): string {
  if (row.kind === "cash") return phrase("Cash");
  const due = row.kind === "receivable" ? millis(`${row.name}T00:00:00Z`) : null;
  return due === null ? row.name : phrase("Dividend due {day}", { day: clockOf("UTC").day(due) });
}

/** Whether a row has all the words that are looked for, in whatever it is called or belongs to. */
export function matches(row: PortfolioRow, filter: string, traits: TraitsBySymbol): boolean {
  const own = row.kind === "cash" ? undefined : traits[row.symbol];
  const told = [
    row.symbol,
    nameOf(row),
    row.account_name,
    classOf(row, traits),
    currencyOf(row, traits),
    own?.sector,
    own?.country,
  ]
    .join(" ")
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => told.includes(word));
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
    dayPrice: known(all.map((row) => row.day_price)),
    dayCurrency: known(all.map((row) => row.day_currency)),
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
  for (const row of rows) if (row.value === null) reasons.set(row.symbol, row.reason ?? phrase("no price is known"));
  const told = [...reasons]
    .sort(([a], [b]) => inWords(a, b))
    .map(([symbol, reason]) => `${symbol}: ${sentence(reason)}`);
  return told.length === 0 ? "" : [...told, phrase("Left out of every total.")].join(" ");
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

function largestFirst(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compared(b, a);
}

/** By code points, as the server sorts. */
function inWords(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
