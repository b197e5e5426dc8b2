import { describe, expect, test } from "vitest";
import { MINUTE_MS, type Minute, UNSEEN_AFTER_MS } from "../../src/charts/session_line";
import { NO_COLOUR, sessionPoints } from "../../src/charts/session_points";

const OPENS = Date.parse("2012-05-21T13:30:00Z");
const FAINT = "rgba(1, 2, 3, 0.25)";

function minutesAt(...moments: readonly number[]): readonly Minute[] {
  return moments.map((at) => ({ at, open: "1", high: "1", low: "1", close: "1" }));
}

describe("the line of the day for the library", () => {
  test("minute after minute, and over a short rest of a share that is traded little, it is the line", () => {
    const points = sessionPoints(minutesAt(OPENS, OPENS + MINUTE_MS, OPENS + MINUTE_MS + UNSEEN_AFTER_MS), FAINT);
    expect(points).toEqual([
      { time: OPENS / 1000, value: 1 },
      { time: (OPENS + MINUTE_MS) / 1000, value: 1 },
      { time: (OPENS + MINUTE_MS + UNSEEN_AFTER_MS) / 1000, value: 1 },
    ]);
  });

  test("the way over an outage is faint and has no tint, and only that", () => {
    const later = OPENS + UNSEEN_AFTER_MS + MINUTE_MS;
    const points = sessionPoints(minutesAt(OPENS, later, later + MINUTE_MS), FAINT);
    expect(points[0]).toMatchObject({ topLineColor: FAINT, bottomLineColor: FAINT });
    for (const fill of ["topFillColor1", "topFillColor2", "bottomFillColor1", "bottomFillColor2"]) {
      expect(points[0]).toHaveProperty(fill, NO_COLOUR);
    }
    expect(points.slice(1).map((point) => Object.keys(point))).toEqual([
      ["time", "value"],
      ["time", "value"],
    ]);
  });
});
