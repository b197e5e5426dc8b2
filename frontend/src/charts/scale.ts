/** From values and minutes to px: one mapping, shared by the canvas and by the text on top of it. */

import { plotted } from "../lib/decimal";
import { MINUTE_MS, type SessionLine } from "./session_line";

export interface ValueScale {
  readonly low: number;
  readonly high: number;
}

const PADDING = 0.09;
/** A day without movement still gets a band of this part of the price, and one of nothing but zeros this band. */
const LEAST_BAND = 0.001;
const BAND_OF_ZERO = 1;

/** The values that the plot spans: every close and the previous close, with some air. Null where there is no value. */
export function valueScale(line: SessionLine): ValueScale | null {
  const values = line.minutes.map((minute) => plotted(minute.close));
  if (line.frame.previousClose !== null) values.push(plotted(line.frame.previousClose));
  if (values.length === 0) return null;
  const least = Math.min(...values);
  const most = Math.max(...values);
  const band = Math.max(most - least, Math.abs(most) * LEAST_BAND) || BAND_OF_ZERO;
  const middle = (least + most) / 2;
  const half = band * (0.5 + PADDING);
  return { low: middle - half, high: middle + half };
}

/** The distance of `value` from the plot's top. The library has the lowest value at the last px, not below it. */
export function yOf(value: number, scale: ValueScale, height: number): number {
  return ((scale.high - value) / (scale.high - scale.low)) * (height - 1);
}

export interface TimeScale {
  readonly from: number;
  /** How many minutes the axis holds. */
  readonly count: number;
}

export function timeScale(line: SessionLine): TimeScale | null {
  const span = line.span();
  if (span === null) return null;
  return { from: span.from, count: Math.max(2, Math.ceil((span.to - span.from) / MINUTE_MS)) };
}

/** The library puts the middle of a bar at its minute; its last px is the plot's edge. */
export function xOf(at: number, scale: TimeScale, width: number): number {
  const index = (at - scale.from) / MINUTE_MS;
  return ((index + 0.5) * width) / scale.count - 1;
}

/** The minute, counted from the first of `line`, that is nearest to `x`. */
export function nearestMinute(line: SessionLine, x: number, scale: TimeScale, width: number): number {
  const at = scale.from + (((x + 1) * scale.count) / width - 0.5) * MINUTE_MS;
  const { minutes } = line;
  let [low, high] = [0, minutes.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [left, right] = [minutes[middle], minutes[middle + 1]];
    if (left === undefined || right === undefined || at - left.at <= right.at - at) high = middle;
    else low = middle + 1;
  }
  return low;
}
