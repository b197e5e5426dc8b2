/** The line of the day as the chart library takes it. */

import type { BaselineData, UTCTimestamp } from "lightweight-charts";
import { plotted } from "../lib/decimal";
import { isUnseenBetween, type Minute } from "./session_line";

export const NO_COLOUR = "rgba(0, 0, 0, 0)";

/**
 * A point for each minute. The way over a time for which there was no price is drawn in the colour `unseen`, and without a tint
 * below it, so that it does not pass for what the market did: the library paints from a point to the next as the first one says.
 */
export function sessionPoints(minutes: readonly Minute[], unseen: string): BaselineData<UTCTimestamp>[] {
  return minutes.map((minute, index) => {
    const point = sessionPoint(minute);
    return isUnseenBetween(minute, minutes[index + 1]) ? { ...point, ...unseenWay(unseen) } : point;
  });
}

export function sessionPoint(minute: Minute): BaselineData<UTCTimestamp> {
  return { time: chartTime(minute.at), value: plotted(minute.close) };
}

/** The moment `at`, in ms since 1970, as the library counts it. */
export function chartTime(at: number): UTCTimestamp {
  return Math.floor(at / 1000) as UTCTimestamp;
}

function unseenWay(colour: string): Omit<BaselineData, "time" | "value"> {
  return {
    topLineColor: colour,
    bottomLineColor: colour,
    topFillColor1: NO_COLOUR,
    topFillColor2: NO_COLOUR,
    bottomFillColor1: NO_COLOUR,
    bottomFillColor2: NO_COLOUR,
  };
}
