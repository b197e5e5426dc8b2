/** The live figures of the performance page, as src/tickfolio/web/performance_texts.py writes them. */

import type { DaysData } from "../charts/days_data";
import { direction, minus, moneyText, percentText, quotient, signedMoney, signOf, summed, times } from "../lib/decimal";
import type { CellValue } from "./board";
import { wayOf } from "./figures";

const PLACES = 12;

export interface LiveFigures {
  /** What 1 became; null where nothing can earn. */
  readonly growth: string | null;
  readonly gain: string;
  readonly value: string;
}

/** The figures of the span with another value now. */
export function liveFigures(data: DaysData, value: string): LiveFigures {
  return { growth: growthAt(data, value), gain: added(data.gain, minus(value, data.closing)), value };
}

function growthAt({ edge }: DaysData, value: string): string | null {
  if (edge === null) return null;
  const left = added(minus(value, edge.uncounted), edge.outflow);
  return quotient(times(edge.factor, left), edge.invested, PLACES);
}

/** The return in percent, as it is written. */
export function returnCell(figures: LiveFigures, before: LiveFigures | null): CellValue | null {
  if (figures.growth === null) return null;
  const percent = times(minus(figures.growth, "1"), "100");
  return { text: percentText(percent), direction: direction(percent), tick: wayOf(before?.growth, figures.growth) };
}

export function gainCell(figures: LiveFigures, before: LiveFigures | null): CellValue {
  return { text: signedMoney(figures.gain), direction: signOf(figures.gain), tick: wayOf(before?.gain, figures.gain) };
}

export function closingCell(figures: LiveFigures, before: LiveFigures | null): CellValue {
  return { text: moneyText(figures.value), tick: wayOf(before?.value, figures.value) };
}

function added(left: string, right: string): string {
  return summed([left, right]) ?? left;
}
