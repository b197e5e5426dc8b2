/** Where the days of an axis are labelled: days, weeks, months or years, as many as there is room for. */

import { clockOf } from "../lib/times";
import { locale } from "../lib/words";

const DAY_MS = 86_400_000;
const LABEL_WIDTH = 52;

export interface DayTick {
  /** In days from the first. */
  readonly day: number;
  readonly label: string;
}

/** Steps of days, then of months. */
const DAY_STEPS = [1, 2, 7, 14] as const;
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60] as const;

/** The day that is `count` after `first`, such as 2012-05-21, in ms since 1970. */
export function dayAt(first: string, count: number): number {
  return Date.parse(`${first}T00:00:00Z`) + count * DAY_MS;
}

/** The ticks of `count` days after `first`, the last included, on an axis of `width` px. */
export function dayTicks(first: string, count: number, width: number): readonly DayTick[] {
  if (count < 1 || width < LABEL_WIDTH) return [];
  const most = Math.max(1, Math.floor(width / LABEL_WIDTH));
  const step = DAY_STEPS.find((each) => count / each <= most);
  return step === undefined ? monthTicks(first, count, most) : everyDay(first, count, step);
}

function everyDay(first: string, count: number, step: number): readonly DayTick[] {
  const clock = clockOf("UTC");
  const ticks: DayTick[] = [];
  for (let day = count; day >= 0; day -= step) ticks.push({ day, label: clock.shortDay(dayAt(first, day)) });
  return ticks.toReversed();
}

function monthTicks(first: string, count: number, most: number): readonly DayTick[] {
  const begins = new Date(dayAt(first, 0));
  const months = count / 30.4;
  const step = MONTH_STEPS.find((each) => months / each <= most + 0.5) ?? 120;
  const name = new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" });
  const ticks: DayTick[] = [];
  // A step begins with January, so that years stand where they begin.
  let at = Math.ceil((begins.getUTCFullYear() * 12 + begins.getUTCMonth()) / step) * step;
  for (;;) {
    const moment = Date.UTC(Math.floor(at / 12), at % 12, 1);
    const day = Math.round((moment - begins.getTime()) / DAY_MS);
    if (day > count) return ticks;
    if (day >= 0) ticks.push({ day, label: at % 12 === 0 ? `${at / 12}` : name.format(moment).slice(0, 3) });
    at += step;
  }
}
