/** The live figures of the performance page, as src/tickfolio/web/performance_texts.py writes them. */

import type { DaysData } from "../charts/days_data";
import {
  direction,
  minus,
  moneyText,
  percentText,
  quotient,
  rounded,
  signedMoney,
  signedText,
  signOf,
  summed,
  times,
} from "../lib/decimal";
import type { CellValue } from "./board";
import { wayOf } from "./figures";

const PLACES = 12;
const DAYS_A_YEAR = 365;

export interface LivePart {
  readonly gain: string;
  /** In points: percent of the return. */
  readonly points: string;
}

export interface LiveFigures {
  /** What 1 became; null where nothing can earn. */
  readonly growth: string | null;
  readonly gain: string;
  readonly value: string;
  readonly parts: ReadonlyMap<string, LivePart>;
  /** Fractions; null where there is none. */
  readonly annual: number | null;
  readonly mwr: number | null;
  readonly month: number | null;
  readonly year: number | null;
}

/** The figures of the span with what its rows are worth now; null where one of them has no value any more, or is new. */
export function liveFigures(data: DaysData, worths: ReadonlyMap<string, string | null>): LiveFigures | null {
  const gained = new Map<string, string>();
  let change = "0";
  for (const { key, part, value } of data.rows) {
    const now = worths.get(key);
    if (now == null) return null;
    const moved = minus(now, value);
    change = added(change, moved);
    gained.set(part, added(gained.get(part) ?? "0", moved));
  }
  const value = added(data.closing, change);
  const growth = growthAt(data, value);
  const rendered = growthAt(data, data.closing);
  const ratio = growth === null || rendered === null ? 1 : Number(growth) / Number(rendered);
  return {
    growth,
    gain: added(data.gain, change),
    value,
    parts: partsOf(data, gained),
    annual:
      growth === null || data.span_days < DAYS_A_YEAR ? null : Number(growth) ** (DAYS_A_YEAR / data.span_days) - 1,
    mwr: data.mwr === null ? null : data.mwr.shown + data.mwr.slope * Number(change),
    month: data.month === null ? null : (1 + data.month) * ratio - 1,
    year: data.year === null ? null : (1 + data.year) * ratio - 1,
  };
}

function growthAt({ edge }: DaysData, value: string): string | null {
  if (edge === null) return null;
  const left = added(minus(value, edge.uncounted), edge.outflow);
  return quotient(times(edge.factor, left), edge.invested, PLACES);
}

function partsOf(data: DaysData, gained: ReadonlyMap<string, string>): ReadonlyMap<string, LivePart> {
  return new Map(
    data.parts.map(({ key, gain, contribution }) => {
      const moved = gained.get(key) ?? "0";
      const points = (contribution + data.weight * Number(moved)) * 100;
      return [key, { gain: added(gain, moved), points: points.toFixed(8) }];
    }),
  );
}

/** The return, as it is written; null where nothing can earn. */
export function returnCell(figures: LiveFigures, before: LiveFigures | null): CellValue | null {
  if (figures.growth === null) return null;
  const percent = times(minus(figures.growth, "1"), "100");
  return { text: percentText(percent), direction: direction(percent), tick: wayOf(before?.growth, figures.growth) };
}

/** The same without its sign of percent, in points. */
export function pointsCell(points: string, before?: string): CellValue {
  return { text: signedText(rounded(points, 2), 2), direction: direction(points), tick: wayOf(before, points) };
}

export function totalPoints(figures: LiveFigures): string | null {
  return figures.growth === null ? null : times(minus(figures.growth, "1"), "100");
}

/** What of the points is of no part. */
export function timingPoints(figures: LiveFigures): string | null {
  const total = totalPoints(figures);
  if (total === null) return null;
  return [...figures.parts.values()].reduce((left, { points }) => minus(left, points), total);
}

/** Several parts put together. */
export function togetherOf(figures: LiveFigures, keys: readonly string[]): LivePart {
  const parts = keys.map((key) => figures.parts.get(key)).filter((part) => part !== undefined);
  return {
    gain: summed(parts.map(({ gain }) => gain)) ?? "0",
    points: summed(parts.map(({ points }) => points)) ?? "0",
  };
}

export function gainCell(gain: string, before?: string): CellValue {
  return { text: signedMoney(gain), direction: signOf(gain), tick: wayOf(before, gain) };
}

export function closingCell(figures: LiveFigures, before: LiveFigures | null): CellValue {
  return { text: moneyText(figures.value), tick: wayOf(before?.value, figures.value) };
}

/** A fraction in percent. */
export function fractionCell(fraction: number): CellValue {
  const percent = (fraction * 100).toFixed(8);
  return { text: percentText(percent), direction: direction(percent) };
}

/** The shade of a month in the heat map; the limits are those of performance_texts.py. */
export function shadeOf(fraction: number): string {
  const percent = Number(rounded((fraction * 100).toFixed(8), 2));
  if (percent === 0) return "h-0";
  const step = 1 + [1, 2.5].filter((limit) => Math.abs(percent) >= limit).length;
  return `h-${percent > 0 ? "p" : "n"}${step}`;
}

function added(left: string, right: string): string {
  return summed([left, right]) ?? left;
}
