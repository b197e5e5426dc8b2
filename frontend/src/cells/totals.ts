/** A portfolio's totals in words: coverage, what is stale, the oldest price, since when the day counts. */

import { moneyText, signOf } from "../lib/decimal";
import { notation } from "../lib/notation";
import { ageText, clockOf, millis } from "../lib/times";
import { countedPhrase, phrase } from "../lib/words";
import type { PortfolioTotals } from "../live/messages.gen";

export interface WordsContext {
  readonly marketTime: number | null;
  readonly isCurrent: boolean;
  /** Of the person who looks. */
  readonly zone: string;
}

export interface TotalsWords {
  /** `12 of 13 priced` */
  readonly priced: string;
  /** `1 stale`, or nothing. */
  readonly stale: string;
  /** `, without 1 holding of unknown cost`, to be read on from the cost, or nothing. */
  readonly without: string;
  /** `oldest price 14:10:00, SIE`, or nothing. */
  readonly oldest: string;
  /** `since the close of 18 May` */
  readonly since: string;
}

/** Whether there is a value to show: not where holdings stand there and none of them has a price. */
export function hasValue(totals: PortfolioTotals): boolean {
  return totals.priced > 0 || totals.unpriced === 0 || signOf(totals.value) !== "flat";
}

/** Whether there is a cost and an unrealized gain to show: not where holdings stand there and none has both a price and a cost. */
export function hasCost(totals: PortfolioTotals): boolean {
  return totals.priced > totals.without_cost || totals.priced + totals.unpriced === 0;
}

export function totalsWords(totals: PortfolioTotals, at: WordsContext): TotalsWords {
  const all = totals.priced + totals.unpriced;
  const stale = at.isCurrent ? totals.stale : totals.priced;
  return {
    priced:
      all === 0 ? phrase("nothing held") : phrase("{priced} of {held} priced", { priced: totals.priced, held: all }),
    stale:
      stale === 0 ? "" : stale === all && all > 1 ? phrase("all stale") : phrase("{count} stale", { count: stale }),
    without: withoutText(totals),
    oldest: oldestText(totals, at),
    since: sinceText(totals.reference_day),
  };
}

/** The digits before the decimal mark and those from it on, so that the cents of a large figure can be dimmed. */
export function splitMoney(value: string): { readonly whole: string; readonly minor: string } {
  const text = moneyText(value);
  const point = text.indexOf(notation().decimal);
  return point < 0 ? { whole: text, minor: "" } : { whole: text.slice(0, point), minor: text.slice(point) };
}

function withoutText(totals: PortfolioTotals): string {
  const count = totals.without_cost;
  if (count > 0)
    return countedPhrase(
      ", without {count} holding of unknown cost",
      ", without {count} holdings of unknown cost",
      count,
    );
  return hasCost(totals) ? "" : phrase(": no holding has a price");
}

function oldestText({ oldest_symbol, oldest_time }: PortfolioTotals, at: WordsContext): string {
  const time = millis(oldest_time);
  if (oldest_symbol === null || time === null) return "";
  const clock = clockOf(at.zone);
  const now = at.marketTime ?? time;
  const isToday = clock.day(time) === clock.day(now);
  const when = isToday ? clock.second(time) : `${clock.shortDay(time)}, ${clock.minute(time)}`;
  const values = { when, symbol: oldest_symbol };
  return now - time >= 60_000
    ? phrase("oldest price {when}, {symbol}, {age} old", { ...values, age: ageText(now - time) })
    : phrase("oldest price {when}, {symbol}", values);
}

/** A day of the calendar is a day everywhere: it is read as UTC and written as UTC. */
function sinceText(day: string | null): string {
  const at = day === null ? null : millis(`${day}T00:00:00Z`);
  return at === null ? phrase("today") : phrase("since the close of {day}", { day: clockOf("UTC").shortDay(at) });
}
