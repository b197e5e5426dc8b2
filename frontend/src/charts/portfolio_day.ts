/** Loads a portfolio's day from the server: its value minute by minute, and the sparklines of what it holds. Validated. */

import { millis } from "../lib/times";
import { phrase } from "../lib/words";
import { type Check, integer, listOf, nullable, objectOf, text } from "../live/validate";
import type { DayMark } from "./days_data";
import { loaded } from "./load";
import { type FrameWords, MINUTE_MS, type Minute, SessionLine } from "./session_line";

interface PointDocument {
  readonly at: string;
  readonly value: string;
}

interface MarkDocument {
  readonly at: string;
  readonly kind: string;
  readonly count: number;
}

interface DayDocument {
  readonly currency: string;
  readonly session_day: string | null;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  readonly zone: string;
  readonly reference: string | null;
  readonly points: readonly PointDocument[];
  readonly marks: readonly MarkDocument[];
}

interface SparkPointDocument {
  readonly at: string;
  readonly close: string;
}

/** The session so far of one instrument, as few points as a line beside a name can show. */
export interface SparkDocument {
  readonly symbol: string;
  readonly session_day: string;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  readonly zone: string;
  readonly previous_close: string | null;
  readonly price_places: number;
  readonly points: readonly SparkPointDocument[];
}

interface SparksDocument {
  readonly sparks: readonly SparkDocument[];
}

const isDay: Check<DayDocument> = objectOf<DayDocument>({
  currency: text,
  session_day: nullable(text),
  opens_at: nullable(text),
  closes_at: nullable(text),
  zone: text,
  reference: nullable(text),
  points: listOf(objectOf<PointDocument>({ at: text, value: text })),
  marks: listOf(objectOf<MarkDocument>({ at: text, kind: text, count: integer })),
});

export const SPARK_FIELDS = {
  symbol: text,
  session_day: text,
  opens_at: nullable(text),
  closes_at: nullable(text),
  zone: text,
  previous_close: nullable(text),
  price_places: integer,
  points: listOf(objectOf<SparkPointDocument>({ at: text, close: text })),
};

const isSparks: Check<SparksDocument> = objectOf<SparksDocument>({
  sparks: listOf(objectOf<SparkDocument>(SPARK_FIELDS)),
});

export const VALUE_WORDS: FrameWords = {
  value: phrase("Value"),
  reference: phrase("previous close"),
  none: phrase("no values"),
};

/** A line beside a name is some 56 pixels wide: a day of minutes for each of hundreds of names would only fill the memory. */
const SPARK_STEP_MS = 10 * MINUTE_MS;

export interface PortfolioDay {
  readonly line: SessionLine;
  readonly currency: string;
}

/** The day of the portfolio with that id, called `name`, told in the time of `zone`; in its base currency unless said. */
export async function loadPortfolioDay(id: string, name: string, zone: string, currency = ""): Promise<PortfolioDay> {
  const asked = currency === "" ? "" : `?${new URLSearchParams({ currency })}`;
  const day = await loaded(`/portfolios/${id}/today.json${asked}`, isDay, "today");
  const minutes = day.points.flatMap(({ at, value }) => minuteOf(endedAt(at), value));
  const frame = {
    symbol: name,
    sessionDay: day.session_day,
    opensAt: millis(day.opens_at),
    closesAt: millis(day.closes_at),
    zone,
    previousClose: day.reference,
    pricePlaces: placesOf(day),
    axisPlaces: 0,
    words: VALUE_WORDS,
    hasOneValue: true,
    isAmount: true,
    marks: day.marks.map((mark) => markedMinute(mark, minutes)),
  };
  return { line: new SessionLine(frame, minutes), currency: day.currency };
}

/** The sessions so far of what the portfolio holds. */
export async function loadSparks(id: string): Promise<readonly SessionLine[]> {
  const { sparks } = await loaded(`/portfolios/${id}/sparks.json`, isSparks, "sparks");
  return sparks.map(sparkLine);
}

export function sparkLine(spark: SparkDocument): SessionLine {
  const minutes = spark.points.flatMap(({ at, close }) => minuteOf(millis(at), close));
  return new SessionLine(
    {
      symbol: spark.symbol,
      sessionDay: spark.session_day,
      opensAt: millis(spark.opens_at),
      closesAt: millis(spark.closes_at),
      zone: spark.zone,
      previousClose: spark.previous_close,
      pricePlaces: spark.price_places,
    },
    minutes,
    SPARK_STEP_MS,
  );
}

/** What was booked, at the minute that tells of it: the first one of the line for what was booked before it began. */
function markedMinute({ at, kind, count }: MarkDocument, minutes: readonly Minute[]): DayMark {
  const moment = millis(at) ?? 0;
  const minute = minutes.findLast((each) => each.at <= moment) ?? minutes[0];
  return { day: minute?.at ?? moment, kind, count };
}

/** A value is of the end of its minute, and a line knows minutes by their beginning. The running one has not ended. */
function endedAt(moment: string): number | null {
  const at = millis(moment);
  return at === null ? null : Math.ceil(at / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
}

function minuteOf(at: number | null, value: string): readonly Minute[] {
  return at === null ? [] : [{ at, open: value, high: value, low: value, close: value }];
}

/** As many decimals as the amounts have, which are those of the currency's smallest coin. */
function placesOf({ points, reference }: DayDocument): number {
  const some = points[0]?.value ?? reference ?? "0.00";
  const point = some.indexOf(".");
  return point < 0 ? 0 : some.length - point - 1;
}
