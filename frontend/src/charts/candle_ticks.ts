/** Where the time axis below candles is labelled: hours of a day, days, months or years, as many as there is room for. */

import { clockOf } from "../lib/times";
import { locale } from "../lib/words";
import { CANDLE_MS, type CandleSeries } from "./candles";
import { offsetOf, timeTicks } from "./ticks";

const LABEL_WIDTH = 52;
const TIME_WIDTH = 40;
const FEW_DAYS = 10;
const MONTH_STEPS: readonly number[] = [1, 2, 3, 6, 12, 24, 60, 120];

export interface CandleTick {
  /** In slots from the left, the middle of the first one being 0. */
  readonly slot: number;
  readonly label: string;
}

export function candleTicks(series: CandleSeries, width: number): readonly CandleTick[] {
  if (series.frame.step === "minutes") return hours(series, width);
  const most = Math.max(1, Math.floor(width / LABEL_WIDTH));
  return series.candles.length <= FEW_DAYS ? days(series, most) : months(series, most);
}

function hours(series: CandleSeries, width: number): readonly CandleTick[] {
  const { zone } = series.frame;
  const to = series.from + series.slots * CANDLE_MS;
  const options = { offsetMs: offsetOf(zone, series.from), labelWidth: TIME_WIDTH };
  return timeTicks(series.from, to, width, options).map(({ at }) => ({
    slot: (at - series.from) / CANDLE_MS - 0.5,
    label: clockOf(zone).minute(at),
  }));
}

function days({ candles }: CandleSeries, most: number): readonly CandleTick[] {
  const every = Math.ceil(candles.length / most);
  const clock = clockOf("UTC");
  return candles.flatMap(({ at }, slot) =>
    slot % every === 0 ? [{ slot, label: clock.shortDay(Date.parse(`${at}T00:00:00Z`)) }] : [],
  );
}

/** A label at the first candle of a month; of every second, third and so on where there is no room for each. */
function months({ candles }: CandleSeries, most: number): readonly CandleTick[] {
  const name = new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" });
  const begins = candles.flatMap(({ at }, slot) => {
    const isFirst = at.slice(0, 7) !== candles[slot - 1]?.at.slice(0, 7);
    // The first candle of all may be in the middle of its month.
    return isFirst && slot > 0 ? [{ slot, month: monthsOf(at) }] : [];
  });
  const step = MONTH_STEPS.find((each) => begins.filter(({ month }) => month % each === 0).length <= most) ?? 120;
  return begins
    .filter(({ month }) => month % step === 0)
    .map(({ slot, month }) => ({
      slot,
      label: month % 12 === 0 ? `${month / 12}` : name.format(Date.UTC(2000, month % 12, 1)).slice(0, 3),
    }));
}

/** Months since year 0, so that January of each year is a multiple of 12. */
function monthsOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}
