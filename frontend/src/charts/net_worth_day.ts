/** The day of several portfolios of one base currency as one line: at each minute the sum of what they were worth then. */

import { summed } from "../lib/decimal";
import type { PortfolioDay } from "./portfolio_day";
import { type Minute, SessionLine } from "./session_line";

/** A portfolio's day; `value` is what it is worth now, and was all day where nothing in it is traded. */
export interface DayOf {
  readonly day: PortfolioDay;
  readonly value: string | null;
}

/** The sum of `days`, which are of one currency. A portfolio counts by its last value before a minute, or its reference. */
export function summedDay(days: readonly DayOf[], name: string, zone: string): PortfolioDay {
  const lines = days.map(({ day }) => day.line);
  const sessionDay = newest(lines.map(({ frame }) => frame.sessionDay));
  const current = days.filter(({ day }) => day.line.frame.sessionDay === sessionDay && day.line.minutes.length > 0);
  // What has no line in this session is worth all day what it is worth now.
  const still = days.filter((each) => !current.includes(each)).flatMap(({ value }) => (value === null ? [] : [value]));
  const moments = [...new Set(current.flatMap(({ day }) => day.line.minutes.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const values = current.map(({ day }) => valuesAt(day.line, moments));
  const minutes = moments.map((at, place): Minute => {
    const value = summed([...values.map((each) => each[place] ?? "0"), ...still]) ?? "0";
    return { at, open: value, high: value, low: value, close: value };
  });
  const references = current.map(({ day }) => day.line.frame.previousClose);
  const frames = current.map(({ day }) => day.line.frame);
  const [first] = frames.length > 0 ? frames : lines.map(({ frame }) => frame);
  if (first === undefined) throw new RangeError("Expected the day of one portfolio at least, were none.");
  const frame = {
    ...first,
    symbol: name,
    zone,
    sessionDay,
    opensAt: edge(
      frames.map(({ opensAt }) => opensAt),
      Math.min,
    ),
    closesAt: edge(
      frames.map(({ closesAt }) => closesAt),
      Math.max,
    ),
    previousClose: summed([...references, ...still]),
    marks: frames.flatMap(({ marks }) => marks ?? []),
  };
  return { line: new SessionLine(frame, minutes), currency: days[0]?.day.currency ?? "" };
}

/** The values of a line at `moments`, which are in order: the last one before each, or what it began with. */
function valuesAt(line: SessionLine, moments: readonly number[]): readonly string[] {
  const { minutes, frame } = line;
  let last = frame.previousClose ?? minutes[0]?.close ?? "0";
  let next = 0;
  return moments.map((at) => {
    for (let minute = minutes[next]; minute !== undefined && minute.at <= at; minute = minutes[next]) {
      last = minute.close;
      next += 1;
    }
    return last;
  });
}

function newest(days: readonly (string | null)[]): string | null {
  return (
    days
      .flatMap((day) => (day === null ? [] : [day]))
      .sort()
      .at(-1) ?? null
  );
}

function edge(moments: readonly (number | null)[], of: (...values: number[]) => number): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : of(...known);
}
