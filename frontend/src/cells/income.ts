/** What of the income page moves with prices and rates. Pure; the twin in Python is src/tickfolio/web/income_texts.py. */

import { DASH, moneyText, partOf, rounded, signOf, summed, times } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import type { PortfolioRow } from "../live/messages.gen";

/** A holding in all accounts together; null where one of them is not known. */
export interface HeldNow {
  readonly value: string | null;
  readonly cost: string | null;
}

export interface YieldNow extends HeldNow {
  readonly onValue: string | null;
  readonly onCost: string | null;
}

/** What each instrument is worth and cost, in all accounts together. */
export function heldNow(rows: Iterable<PortfolioRow>): ReadonlyMap<string, HeldNow> {
  const held = groupedBy(
    [...rows].filter((row) => row.kind === "holding" && signOf(row.quantity) !== "flat"),
    ({ symbol }) => symbol,
  );
  return new Map(
    [...held].map(([symbol, each]) => [
      symbol,
      { value: summed(each.map(({ value }) => value)), cost: summed(each.map(({ cost }) => cost)) },
    ]),
  );
}

export function yieldNow(income: string, held: HeldNow): YieldNow {
  return { ...held, onValue: partOf(income, held.value), onCost: partOf(income, held.cost) };
}

/** All of them: each percentage is of those whose value or cost is known. */
export function yieldOfAll(each: readonly (HeldNow & { readonly income: string })[]): YieldNow {
  const valued = each.filter(({ value }) => value !== null);
  const costed = each.filter(({ cost }) => cost !== null);
  const value = valued.length === 0 ? null : summed(valued.map((one) => one.value));
  const cost = costed.length === 0 ? null : summed(costed.map((one) => one.cost));
  return {
    value,
    cost,
    onValue: partOf(summed(valued.map(({ income }) => income)), value),
    onCost: partOf(summed(costed.map(({ income }) => income)), cost),
  };
}

export function yieldText(percent: string | null): string {
  return percent === null ? DASH : `${moneyText(percent)} %`;
}

/** The rates into the base currency that rows of cash and receivables are worth by, by currency. */
export function ratesNow(rows: Iterable<PortfolioRow>, base: string): ReadonlyMap<string, string> {
  const rates = new Map<string, string>([[base, "1"]]);
  for (const { kind, currency, price } of rows) {
    if (kind !== "holding" && price !== null && currency !== base) rates.set(currency, price);
  }
  return rates;
}

/** An amount in the base currency, in its coins; null where no row tells the rate. */
export function inBase(
  amount: string,
  currency: string,
  rates: ReadonlyMap<string, string>,
  places: number,
): string | null {
  const rate = rates.get(currency);
  return rate === undefined ? null : rounded(times(amount, rate), places);
}
