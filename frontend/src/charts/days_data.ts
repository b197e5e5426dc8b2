/** The days of a portfolio as the page carries them: what its charts draw, and what its live figures start from. Validated. */

import { type Check, flag, integer, listOf, nullable, objectOf, text } from "../live/validate";

/** How the return moves with the value: factor × (value − uncounted + outflow) ÷ invested − 1. Decimals as text. */
export interface Edge {
  readonly factor: string;
  readonly invested: string;
  readonly outflow: string;
  readonly uncounted: string;
}

export interface DaysData {
  /** The day before the span, as 2012-05-21; `days` count from it. */
  readonly first: string;
  readonly days: readonly number[];
  /** What 1 had become. */
  readonly index: readonly number[];
  readonly values: readonly string[];
  /** Below the running peak: 0 or a negative fraction. */
  readonly depths: readonly number[];
  /** The day, what was booked, how many of it. */
  readonly marks: readonly DayMark[];
  readonly currency: string;
  /** The newest booking that is in the figures. */
  readonly head: number;
  readonly ends_now: boolean;
  /** The market's day in the owner's zone, and that zone. */
  readonly day: string;
  readonly zone: string;
  readonly gain: string;
  readonly closing: string;
  readonly edge: Edge | null;
  /** What one more unit of money gained today adds to a contribution. */
  readonly weight: number;
  /** The rows of the value at the end, and the parts that they are of. */
  readonly rows: readonly RowNow[];
  readonly parts: readonly PartNow[];
  /** The return of the month and of the year that are not over, as fractions; null where they have none. */
  readonly month: number | null;
  readonly year: number | null;
  readonly span_days: number;
  readonly mwr: { readonly shown: number; readonly slope: number } | null;
  readonly benchmark: { readonly symbol: string; readonly index: readonly number[] } | null;
}

export interface RowNow {
  readonly key: string;
  readonly part: string;
  /** The units that the value is of; more or fewer of them are no gain. */
  readonly quantity: string;
  readonly value: string;
}

export interface PartNow {
  readonly key: string;
  readonly gain: string;
  readonly contribution: number;
}

export interface DayMark {
  readonly day: number;
  readonly kind: string;
  readonly count: number;
}

export const isNumber: Check<number> = (value, at, inspection): value is number => {
  if (typeof value === "number" && Number.isFinite(value)) return true;
  inspection.problem ||= `Expected a number at ${at}.`;
  return false;
};

const isData: Check<DaysData> = objectOf<DaysData>({
  first: text,
  days: listOf(integer),
  index: listOf(isNumber),
  values: listOf(text),
  depths: listOf(isNumber),
  marks: listOf(objectOf<DayMark>({ day: integer, kind: text, count: integer })),
  currency: text,
  head: integer,
  ends_now: flag,
  day: text,
  zone: text,
  gain: text,
  closing: text,
  edge: nullable(objectOf<Edge>({ factor: text, invested: text, outflow: text, uncounted: text })),
  weight: isNumber,
  rows: listOf(objectOf<RowNow>({ key: text, part: text, quantity: text, value: text })),
  parts: listOf(objectOf<PartNow>({ key: text, gain: text, contribution: isNumber })),
  month: nullable(isNumber),
  year: nullable(isNumber),
  span_days: integer,
  mwr: nullable(objectOf({ shown: isNumber, slope: isNumber })),
  benchmark: nullable(objectOf({ symbol: text, index: listOf(isNumber) })),
});

/** What the element holds. A page without days has none; one that cannot be read is a fault of the server, and told. */
export function daysData(element: Element | null): DaysData | null {
  if (element === null) return null;
  const inspection = { strict: false, problem: "" };
  const data: unknown = JSON.parse(element.textContent ?? "");
  if (!isData(data, "performance", inspection)) throw new TypeError(inspection.problem);
  return data;
}
