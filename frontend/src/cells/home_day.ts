/**
 * All portfolios of one base currency as one: their totals, and how they are divided by class. Pure.
 *
 * The twin in Python is src/tickfolio/web/home_day_texts.py.
 */

import { compared, partOf, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { millis } from "../lib/times";
import { phrase } from "../lib/words";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { cashName, type Slice } from "./allocation";
import { CLASS_NAMES } from "./class_names";

const SUMS = [
  "value",
  "cost",
  "cost_unsigned",
  "unrealized",
  "day",
  "day_opening",
  "day_price",
  "day_trading",
  "day_currency",
  "day_income",
  "day_fees",
  "day_taxes",
] as const;
const COUNTS = ["priced", "stale", "unpriced", "without_day", "without_cost"] as const;

/** The totals of portfolios of one base currency together; null of none. */
export function summedTotals(all: readonly PortfolioTotals[]): PortfolioTotals | null {
  const [first] = all;
  if (first === undefined) return null;
  const sums = Object.fromEntries(SUMS.map((column) => [column, summed(all.map((totals) => totals[column])) ?? "0"]));
  const counts = Object.fromEntries(
    COUNTS.map((column) => [column, all.reduce((sum, totals) => sum + totals[column], 0)]),
  );
  const oldest = all.filter(({ oldest_time }) => oldest_time !== null).sort((a, b) => timeOf(a) - timeOf(b))[0];
  const days = all.flatMap(({ reference_day }) => (reference_day === null ? [] : [reference_day])).sort();
  const whole = { ...first, ...sums, ...counts };
  return {
    ...whole,
    unrealized_percent: partOf(whole.unrealized, whole.cost_unsigned),
    day_percent: partOf(whole.day, whole.day_opening),
    oldest_symbol: oldest?.oldest_symbol ?? null,
    oldest_time: oldest?.oldest_time ?? null,
    reference_day: days.at(-1) ?? null,
  };
}

/** The same where a sum would be wrong: nothing that has a value is in it, so that all of it is a dash. */
export function withoutValue(totals: PortfolioTotals): PortfolioTotals {
  const nothing = Object.fromEntries(SUMS.map((column) => [column, "0"]));
  return { ...totals, ...nothing, priced: 0, unpriced: Math.max(1, totals.unpriced), day_percent: null };
}

/** By class of instrument, the largest first, then cash with what is to be paid; what has no price is in none. */
export function classSlices(rows: Iterable<PortfolioRow>): readonly Slice[] {
  const priced = [...rows].filter((row) => row.value !== null);
  const held = groupedBy(
    priced.filter((row) => row.kind === "holding"),
    ({ instrument_class }) => CLASS_NAMES[instrument_class ?? "other"] ?? phrase("Other"),
  );
  const classes = [...held]
    .map(([name, each]): Slice => ({ name, kind: "instrument", value: total(each) }))
    .filter(({ value }) => compared(value, "0") > 0)
    .sort((a, b) => compared(b.value, a.value) || (a.name < b.name ? -1 : 1));
  const cash = priced.filter((row) => row.kind !== "holding");
  return cash.length === 0 ? classes : [...classes, { name: cashName(cash), kind: "cash", value: total(cash) }];
}

function total(rows: readonly PortfolioRow[]): string {
  return summed(rows.map(({ value }) => value)) ?? "0";
}

function timeOf({ oldest_time }: PortfolioTotals): number {
  return millis(oldest_time) ?? 0;
}
