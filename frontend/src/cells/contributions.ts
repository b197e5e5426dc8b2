/** Today's gain by its causes, summed by holding, account, class or currency. Pure; src/tickfolio/web/attribution_texts.py is the twin. */

import { summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { countedPhrase, phrase } from "../lib/words";
import type { PortfolioRow } from "../live/messages.gen";
import { PARTS, type Part } from "./attribution";
import { CLASS_NAMES } from "./class_names";

export const GROUPINGS = ["holding", "account", "class", "currency"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Gain {
  readonly key: string;
  readonly name: string;
  readonly detail: string;
  /** How an address names its rows: `selection` in src/tickfolio/web/attribution_texts.py. */
  readonly query: string;
  readonly parts: { readonly [part in Part]: string };
  readonly total: string;
}

/** One gain for each group, in the order in which its first row comes; rows without a day are in none. */
export function gains(rows: Iterable<PortfolioRow>, by: Grouping): readonly Gain[] {
  const withDay = [...rows].filter((row) => row.day !== null);
  return [...groupedBy(withDay, (row) => keyOf(row, by))].map(([key, members]) => ({
    key,
    ...namesOf(key, members, by),
    query: queryOf(key, members, by),
    ...sumOf(members),
  }));
}

/** What the head says: the day of all; null where there are rows and none has one. */
export function headGain(rows: ReadonlyMap<string, PortfolioRow>, day: string): string | null {
  return rows.size === 0 || [...rows.values()].some((row) => row.day !== null) ? day : null;
}

/** All rows that have a day as one. */
export function wholeGain(rows: Iterable<PortfolioRow>): Gain {
  return {
    key: "total",
    name: phrase("All"),
    detail: "",
    query: "",
    ...sumOf([...rows].filter((row) => row.day !== null)),
  };
}

export function isGrouping(name: string | undefined): name is Grouping {
  return GROUPINGS.some((grouping) => grouping === name);
}

function keyOf(row: PortfolioRow, by: Grouping): string {
  switch (by) {
    case "holding":
      return row.symbol;
    case "account":
      return row.account;
    case "class":
      return row.instrument_class ?? "cash";
    case "currency":
      return row.currency;
  }
}

function namesOf(key: string, rows: readonly PortfolioRow[], by: Grouping): { name: string; detail: string } {
  const [first] = rows;
  const counted = countedPhrase("{count} row", "{count} rows", rows.length);
  switch (by) {
    case "holding": {
      if (rows.every((row) => row.kind === "cash"))
        return { name: phrase("{currency} cash", { currency: key }), detail: "" };
      const named = rows.find((row) => row.kind === "holding");
      if (named === undefined) return { name: key, detail: phrase("dividend due") };
      return { name: key, detail: named.name === key ? "" : named.name };
    }
    case "account":
      return { name: first?.account_name ?? "", detail: counted };
    case "class":
      return { name: CLASS_NAMES[key] ?? key, detail: counted };
    case "currency":
      return { name: key, detail: counted };
  }
}

function queryOf(key: string, rows: readonly PortfolioRow[], by: Grouping): string {
  if (by !== "holding") return `?${by}=${encodeURIComponent(key)}`;
  const isCash = rows.every((row) => row.kind === "cash");
  return isCash ? `?class=cash&currency=${key}` : `?symbol=${encodeURIComponent(key)}`;
}

function sumOf(rows: readonly PortfolioRow[]): { parts: { readonly [part in Part]: string }; total: string } {
  const parts = Object.fromEntries(PARTS.map((part) => [part, summed(rows.map((row) => row[`day_${part}`])) ?? "0"]));
  return { parts: parts as { readonly [part in Part]: string }, total: summed(rows.map((row) => row.day)) ?? "0" };
}
