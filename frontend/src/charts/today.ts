/** Loads the day so far from the server, validated. */

import { millis } from "../lib/times";
import { type Check, integer, listOf, nullable, objectOf, text } from "../live/validate";
import { loaded } from "./load";
import { type Minute, SessionLine } from "./session_line";

interface BarDocument {
  readonly starts_at: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

interface TodayDocument {
  readonly symbol: string;
  readonly session_day: string | null;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  readonly zone: string;
  readonly previous_close: string | null;
  readonly price_places: number;
  readonly bars: readonly BarDocument[];
}

const isToday: Check<TodayDocument> = objectOf<TodayDocument>({
  symbol: text,
  session_day: nullable(text),
  opens_at: nullable(text),
  closes_at: nullable(text),
  zone: text,
  previous_close: nullable(text),
  price_places: integer,
  bars: listOf(objectOf<BarDocument>({ starts_at: text, open: text, high: text, low: text, close: text })),
});

export async function loadToday(symbol: string): Promise<SessionLine> {
  return lineOf(await loaded(`/stocks/${encodeURIComponent(symbol)}/today.json`, isToday, "today"));
}

function lineOf(today: TodayDocument): SessionLine {
  const minutes = today.bars.map(minuteOf).filter((minute) => minute !== null);
  return new SessionLine(
    {
      symbol: today.symbol,
      sessionDay: today.session_day,
      opensAt: millis(today.opens_at),
      closesAt: millis(today.closes_at),
      zone: today.zone,
      previousClose: today.previous_close,
      pricePlaces: today.price_places,
    },
    minutes,
  );
}

function minuteOf(bar: BarDocument): Minute | null {
  const at = millis(bar.starts_at);
  return at === null ? null : { at, open: bar.open, high: bar.high, low: bar.low, close: bar.close };
}
