/** What the page without a server says of what was kept. Pure: values in, texts out. */

import { gainCell, percentCell } from "../cells/figures";
import { nameOf } from "../cells/holdings";
import { countText, type NetWorth, netWorths, worthPieces } from "../cells/home";
import { hasValue } from "../cells/totals";
import { compared, type Direction, moneyText, priceText } from "../lib/decimal";
import { ageText, clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import type { KeptPortfolio, KeptRow, LastValues } from "./last_values";

/** A figure's text, and its arrow where it is a gain or a loss. */
export interface Shown {
  readonly text: string;
  readonly direction?: Direction;
}
export type ShownFigures = { readonly [figure: string]: Shown };

/** `as of 14:02, 28 November 2026 – 3 h 12 min ago` */
export function asOf(at: number, now: number): string {
  const clock = clockOf();
  return phrase("as of {time}, {day} – {ago}", { time: clock.minute(at), day: clock.day(at), ago: agoText(at, now) });
}

/** `3 h 12 min ago`, which no end of a line divides. */
export function agoText(at: number, now: number): string {
  return phrase("{age} ago", { age: ageText(now - at) }).replaceAll(" ", "\u00a0");
}

/** Whether `at` is so much before `newest` that it needs telling. */
export function isOlder(at: number, newest: number): boolean {
  return newest - at >= 60_000;
}

/** `The market then: New York open, at 21 May 2012, 10:41 of the replay.`; nothing where it is not known. */
export function marketText({ market: { state, moment } }: LastValues): string {
  if (state === "" && moment === "") return "";
  if (moment === "") return phrase("The market then: {state}.", { state });
  if (state === "") return phrase("The replay was at {moment}.", { moment });
  return phrase("The market then: {state}; the replay was at {moment}.", { state, moment });
}

export interface ShownWorth {
  readonly figures: ShownFigures;
  /** The oldest of what it is the sum of. */
  readonly at: number;
}

/** One net worth in the currency of Home, as Home has it, where all of it is known in that; else one of each currency. */
export function worths({ portfolios }: LastValues): readonly ShownWorth[] {
  const parts = together(portfolios) ?? portfolios.map(({ id, totals, at }) => ({ id, totals, at }));
  const all = netWorths(parts.map(({ id, totals }) => ({ id, totals, rows: new Map() })));
  return all.map((worth) => ({
    figures: worthFigures(worth),
    at: Math.min(...parts.filter(({ totals }) => totals.currency === worth.currency).map(({ at }) => at)),
  }));
}

type Part = Pick<KeptPortfolio, "id" | "totals" | "at">;

/** What each portfolio adds to the one net worth; null where one of them is not known in its currency, or not all of it. */
function together(portfolios: readonly KeptPortfolio[]): readonly Part[] | null {
  const [currency, ...others] = new Set(portfolios.flatMap(({ inHome }) => inHome?.totals.currency ?? []));
  if (currency === undefined || others.length > 0) return null;
  const parts: Part[] = [];
  for (const { id, totals, at, inHome } of portfolios) {
    if (totals.currency === currency) parts.push({ id, totals, at });
    else if (inHome !== null && inHome.totals.unpriced <= totals.unpriced) parts.push({ id, ...inHome });
    else return null;
  }
  return parts;
}

function worthFigures(worth: NetWorth): ShownFigures {
  const { whole, minor } = worthPieces(worth);
  return {
    count: { text: countText(worth.count) },
    value: { text: whole },
    minor: { text: minor },
    currency: { text: worth.currency },
    day: shown(gainCell(worth.day)),
    "day-percent": shown(percentCell(worth.dayPercent)),
  };
}

export function portfolioFigures({ name, totals }: KeptPortfolio): ShownFigures {
  const isKnown = hasValue(totals);
  return {
    name: { text: name },
    value: { text: moneyText(isKnown ? totals.value : null) },
    currency: { text: totals.currency },
    day: shown(gainCell(isKnown ? totals.day : null)),
    "day-percent": shown(percentCell(isKnown ? totals.day_percent : null)),
  };
}

export function rowFigures(row: KeptRow): ShownFigures {
  const isHolding = row.kind === "holding";
  return {
    symbol: { text: row.symbol },
    name: { text: [nameOf(row), row.account_name].filter(Boolean).join(" · ") },
    quantity: { text: isHolding ? priceText(row.quantity, 0) : moneyText(row.quantity) },
    // Where there is no room for a column of its own.
    "quantity-narrow": { text: isHolding ? `${priceText(row.quantity, 0)} × ` : "" },
    price: { text: isHolding ? priceText(row.price, row.price_places) : "" },
    "price-unit": { text: isHolding && row.price !== null ? row.currency : "" },
    value: { text: moneyText(row.value) },
    day: shown(gainCell(row.day)),
  };
}

/** The largest first, as the portfolio's own page begins; what has no value last. */
export function inOrder(rows: readonly KeptRow[]): readonly KeptRow[] {
  return [...rows].sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return compared(b.value, a.value);
  });
}

function shown({ text, direction }: { readonly text: string; readonly direction?: Direction }): Shown {
  return direction === undefined ? { text } : { text, direction };
}
