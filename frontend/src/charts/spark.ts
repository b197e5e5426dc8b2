/** The day so far as a line of 56 × 24 beside a name: the previous close dashed, the line in the day's direction. */

import { type Direction, plotted } from "../lib/decimal";
import type { SessionLine } from "./session_line";

const WIDTH = 56;
const HEIGHT = 24;
const PADDING = 2;

export interface SparkPaths {
  readonly base: string;
  readonly line: string;
}

/** The paths of `line`, over the whole session's width; empty where fewer than two minutes are known. */
export function sparkPaths(line: SessionLine): SparkPaths {
  const span = line.span();
  const { minutes } = line;
  if (span === null || minutes.length < 2) return { base: "", line: "" };
  const closes = minutes.map((minute) => plotted(minute.close));
  const previous = line.frame.previousClose === null ? null : plotted(line.frame.previousClose);
  const all = previous === null ? closes : [...closes, previous];
  const low = Math.min(...all);
  const height = Math.max(...all) - low || 1;
  const x = (at: number): string => (((at - span.from) / (span.to - span.from)) * WIDTH).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - PADDING - ((value - low) / height) * (HEIGHT - 2 * PADDING)).toFixed(1);
  // A point for each half pixel is as much as can be seen.
  const step = Math.max(1, Math.floor(minutes.length / (WIDTH * 2)));
  const points = minutes
    .map((minute, index) => ({ at: minute.at, value: closes[index] ?? low, index }))
    .filter(({ index }) => index % step === 0 || index === minutes.length - 1)
    .map(({ at, value }) => `${x(at)} ${y(value)}`);
  return { base: previous === null ? "" : `M0 ${y(previous)}H${WIDTH}`, line: `M${points.join("L")}` };
}

export function sparkClass(direction: Direction): string {
  return `spark-${direction === "none" ? "flat" : direction}`;
}
