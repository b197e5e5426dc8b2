/** Where the day's profit and loss comes from: the parts in words, and the bars of their waterfall. Pure. */

import { type Direction, plotted, summed } from "../lib/decimal";
import { countedPhrase, phrase } from "../lib/words";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";

export const PARTS = ["price", "trading", "currency", "income", "fees", "taxes"] as const;
export type Part = (typeof PARTS)[number];

/** The figure of a part in a portfolio's header. */
export function partFigure(totals: PortfolioTotals, part: Part): string {
  return totals[`day_${part}`];
}

const MOST_NAMES = 3;

/** What stands behind each part, in a few words. */
export function partReasons(
  rows: Iterable<PortfolioRow>,
  totals: PortfolioTotals,
): { readonly [part in Part]: string } {
  const all = [...rows];
  const touched = (column: "day_trading" | "day_income" | "day_fees" | "day_taxes"): string =>
    named(all.filter((row) => row[column] !== null && plotted(row[column]) !== 0).map((row) => row.symbol)) ||
    phrase("none");
  const foreign = all.filter((row) => row.currency !== totals.currency && row.value !== null);
  return {
    price: countedPhrase("{count} holding", "{count} holdings", totals.priced),
    currency: named(foreign.map((row) => row.currency)) || phrase("none held"),
    trading: touched("day_trading"),
    income: touched("day_income"),
    fees: touched("day_fees"),
    taxes: touched("day_taxes"),
  };
}

export interface Bar {
  readonly y: number;
  readonly height: number;
  readonly direction: Direction;
}

export interface Waterfall {
  readonly zero: number;
  /** One for each step, then one for the total from zero. */
  readonly bars: readonly Bar[];
  /** Where each bar ends, which the next begins at. */
  readonly ends: readonly number[];
}

const LEAST_BAR = 2;
const PADDING = 2;

/** The bars of `steps`, each from where the one before ended, on a plot of `height` px. For positions only. */
export function waterfall(steps: readonly string[], height: number): Waterfall {
  const levels = [0];
  for (const [index] of steps.entries()) levels.push(plotted(summed(steps.slice(0, index + 1)) ?? "0"));
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const room = height - 2 * PADDING;
  const y = (level: number): number => PADDING + (high === low ? room / 2 : ((high - level) / (high - low)) * room);
  const bar = (from: number, to: number): Bar => {
    const [top, bottom] = [Math.min(y(from), y(to)), Math.max(y(from), y(to))];
    const tall = Math.max(LEAST_BAR, bottom - top);
    return { y: Math.min(top, height - tall), height: tall, direction: to > from ? "up" : to < from ? "down" : "flat" };
  };
  const last = levels.at(-1) ?? 0;
  return {
    zero: y(0),
    bars: [...steps.map((_, index) => bar(levels[index] ?? 0, levels[index + 1] ?? 0)), bar(0, last)],
    ends: levels.slice(1).map(y),
  };
}

/** Each name once, in order: `AAPL, IBM`, and how many more where they are many. */
function named(names: readonly string[]): string {
  const each = [...new Set(names)].sort();
  const more = each.length - MOST_NAMES;
  return each.slice(0, MOST_NAMES).join(", ") + (more > 0 ? phrase(" and {more} more", { more }) : "");
}
