/**
 * All portfolios of a person together: sums within one currency, what moved, what needs attention. Pure.
 *
 * The twin in Python is src/tickfolio/web/home_texts.py. Euros are never added to dollars.
 */

import { compared, moneyText, partOf, signOf, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { countedPhrase, phrase } from "../lib/words";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";
import { nameOf } from "./holdings";
import { hasCost, hasValue, splitMoney } from "./totals";

/** A portfolio as the page holds it: what it is worth, and its rows. */
export interface ValuedPortfolio {
  readonly id: string;
  readonly totals: PortfolioTotals;
  readonly rows: ReadonlyMap<string, PortfolioRow>;
  /** Whose sums are wrong without it: something of it has a value, and none in the currency that Home adds up in. */
  readonly lacksRate?: string;
}

/** What the portfolios of one base currency are worth together; null where none of them has a figure. */
export interface NetWorth {
  readonly currency: string;
  readonly count: number;
  readonly value: string | null;
  readonly day: string | null;
  readonly dayPercent: string | null;
  readonly unrealized: string | null;
  readonly unrealizedPercent: string | null;
  readonly coverage: string;
  /** Whether the sum has all; `coverage` is the reason where it has not. */
  readonly isWhole: boolean;
}

export interface Effect {
  readonly amount: string | null;
  readonly currency: string;
}

/** An instrument that moved, and what it did to the portfolios of each base currency. */
export interface Mover {
  readonly symbol: string;
  readonly name: string;
  readonly change: string;
  readonly effects: readonly Effect[];
  readonly portfolio: string;
}

/** A holding whose price needs somebody's attention, and why. */
export interface Concern {
  readonly symbol: string;
  readonly kind: PortfolioRow["kind"];
  readonly quality: "unpriced" | "stale";
  readonly what: string;
  readonly why: string;
  readonly portfolio: string;
}

/** Together, up and down; the twin is MOST_MOVERS in src/tickfolio/web/home_texts.py. */
const MOST_MOVERS = 6;
/** How many are listed; the twin is MOST_CONCERNS in src/tickfolio/web/home_texts.py. All of them are counted. */
const MOST_CONCERNS = 6;

export function netWorths(portfolios: readonly ValuedPortfolio[]): readonly NetWorth[] {
  const byCurrency = groupedBy(portfolios, ({ totals }) => totals.currency);
  return [...byCurrency]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, held]) =>
      netWorth(
        currency,
        held.map(({ totals }) => totals),
        lackingText(held, currency),
      ),
    );
}

/** `12 of 13 priced, 1 stale`: while the line is not current, every price is. */
export function coverageText(all: readonly PortfolioTotals[], isCurrent: boolean): string {
  const [priced, unpriced, stale] = [counted(all, "priced"), counted(all, "unpriced"), counted(all, "stale")];
  const told =
    priced + unpriced === 0
      ? phrase("nothing held")
      : phrase("{priced} of {held} priced", { priced, held: priced + unpriced });
  const old = isCurrent ? stale : priced;
  const without = counted(all, "without_cost");
  return [
    told,
    ...(old === 0 ? [] : [phrase("{count} stale", { count: old })]),
    ...(without === 0 ? [] : [phrase("{count} without cost", { count: without })]),
  ].join(", ");
}

/** Why there is no sum, and whose part it lacks; empty where there is one. */
function lackingText(held: readonly ValuedPortfolio[], currency: string): string {
  const names = held.flatMap(({ lacksRate }) => (lacksRate === undefined ? [] : [lacksRate]));
  if (names.length === 0) return "";
  return phrase("no exchange rate into {currency} for {portfolios}", { currency, portfolios: names.join(", ") });
}

/** `3 portfolios` */
export function countText(count: number): string {
  return countedPhrase("{count} portfolio", "{count} portfolios", count);
}

/** The cents of a net worth apart, and a dash where nothing has a value. */
export function worthPieces({ value }: NetWorth): { readonly whole: string; readonly minor: string } {
  return value === null ? { whole: moneyText(null), minor: "" } : splitMoney(value);
}

/**
 * The instruments with the largest effect on the net worth in `currency`, up first and down last; each once, with its effect in
 * every currency. What stands still just now keeps its place, so that the list does not change its length with every crossing of
 * zero; where nothing moved there is no list.
 */
export function movers(portfolios: readonly ValuedPortfolio[], currency: string): readonly Mover[] {
  const held = groupedBy(holdings(portfolios), ({ row }) => row.symbol);
  const known = [...held].flatMap(([symbol, each]) =>
    mover(symbol, each).flatMap((one) => {
      const effect = one.effects.find((of) => of.currency === currency)?.amount ?? null;
      return effect === null ? [] : [{ one, effect }];
    }),
  );
  if (known.every(({ effect }) => signOf(effect) === "flat")) return [];
  const bySymbol = known.sort((a, b) => (a.one.symbol < b.one.symbol ? -1 : 1));
  const largest = [...bySymbol].sort((a, b) => compared(unsigned(b.effect), unsigned(a.effect))).slice(0, MOST_MOVERS);
  return bySymbol
    .filter((each) => largest.includes(each))
    .sort((a, b) => compared(b.effect, a.effect))
    .map(({ one }) => one);
}

/** What needs attention: how much of it, and the first that there is room for. */
export interface Concerns {
  readonly count: number;
  readonly listed: readonly Concern[];
  /** `and 1 more`, or nothing. */
  readonly more: string;
}

/** What has no value first, then what has an old price; each once, by symbol. */
export function concerns(portfolios: readonly ValuedPortfolio[]): Concerns {
  const found = new Map<string, Concern>();
  for (const { id, rows } of portfolios) {
    for (const row of rows.values()) {
      const concern = concernOf(row, id);
      const key = concern === null ? "" : `${concern.quality === "unpriced" ? 0 : 1} ${concern.symbol}`;
      if (concern !== null && !found.has(key)) found.set(key, concern);
    }
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = sorted.slice(0, MOST_CONCERNS).map(([, concern]) => concern);
  const left = sorted.length - listed.length;
  return { count: sorted.length, listed, more: left === 0 ? "" : phrase("and {count} more", { count: left }) };
}

/** What is left of the day beside price and currency: trading and income, less fees and taxes, which are negative. */
export function otherParts(totals: PortfolioTotals): string | null {
  return summed([totals.day_trading, totals.day_income, totals.day_fees, totals.day_taxes]);
}

function netWorth(currency: string, all: readonly PortfolioTotals[], lacking: string): NetWorth {
  const isWhole = lacking === "";
  const [valued, costed] = [isWhole ? all.filter(hasValue) : [], isWhole ? knownCosts(all) : []];
  const sum = (of: readonly PortfolioTotals[], column: SummedColumn): string | null =>
    of.length === 0 ? null : summed(of.map((totals) => totals[column]));
  const [day, unrealized] = [sum(valued, "day"), sum(costed, "unrealized")];
  return {
    currency,
    count: all.length,
    value: sum(valued, "value"),
    day,
    dayPercent: partOf(day, sum(valued, "day_opening")),
    unrealized,
    unrealizedPercent: partOf(unrealized, sum(costed, "cost_unsigned")),
    coverage: isWhole ? coverageText(all, true) : lacking,
    isWhole,
  };
}

type SummedColumn = "value" | "day" | "day_opening" | "unrealized" | "cost_unsigned";

/** Those whose cost is known. Where nothing is held anywhere it is 0; beside what is not known, nothing is no cost. */
function knownCosts(all: readonly PortfolioTotals[]): readonly PortfolioTotals[] {
  const held = all.filter(({ priced, without_cost }) => priced > without_cost);
  return held.length === 0 && all.every(hasCost) ? all : held;
}

function counted(all: readonly PortfolioTotals[], column: "priced" | "unpriced" | "stale" | "without_cost"): number {
  return all.reduce((sum, totals) => sum + totals[column], 0);
}

interface Holding {
  readonly row: PortfolioRow;
  readonly currency: string;
  readonly portfolio: string;
}

function holdings(portfolios: readonly ValuedPortfolio[]): readonly Holding[] {
  return portfolios.flatMap(({ id, totals, rows }) =>
    [...rows.values()]
      .filter((row) => row.kind === "holding")
      .map((row) => ({ row, currency: totals.currency, portfolio: id })),
  );
}

function unsigned(change: string): string {
  return change.replace(/^-/, "");
}

function mover(symbol: string, each: readonly Holding[]): readonly Mover[] {
  const [first] = each;
  const change = each.find(({ row }) => row.change_percent !== null)?.row.change_percent;
  if (first === undefined || change == null) return [];
  const effects = [...groupedBy(each, ({ currency }) => currency)].map(([currency, of]) => {
    const known = of.map(({ row }) => row.day).filter((day) => day !== null);
    return { amount: known.length === 0 ? null : summed(known), currency };
  });
  const sorted = effects.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return [{ symbol, name: first.row.name, change, effects: sorted, portfolio: first.portfolio }];
}

function concernOf(row: PortfolioRow, portfolio: string): Concern | null {
  const { symbol, kind } = row;
  if (row.value === null) {
    const why = row.reason ?? phrase("no price is known");
    return { symbol, kind, quality: "unpriced", what: phrase("{symbol} has no value", { symbol }), why, portfolio };
  }
  if (row.quality !== "stale" || signOf(row.quantity) === "flat") return null;
  return {
    symbol,
    kind,
    quality: "stale",
    what: phrase("The price of {symbol} is old", { symbol }),
    why: nameOf(row),
    portfolio,
  };
}
