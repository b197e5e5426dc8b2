import { expect, test } from "vitest";
import { depthNow, percentLabel } from "../../src/pages/performance_charts";

test.each([
  [2, 2, "+2 %"],
  [-2.5, 0.5, "−2.5 %"],
  [0, 1, "0 %"],
  [0.25, 0.05, "+0.25 %"],
  [1575.11, 0, "+1,575.1 %"],
  [0.001, 0, "0.0 %"],
  [0.025, 0.025, "+0.025 %"],
  [0.25, 0.25, "+0.25 %"],
  [7.5, 2.5, "+7.5 %"],
])("%d in steps of %d is labelled %s", (percent, step, label) => {
  expect(percentLabel(percent, step)).toBe(label);
});

test.each([
  ["the index rises and is still below its peak", -0.2, 0.8, 0.9, -0.1],
  ["the index rises above its peak", -0.2, 0.8, 1.5, 0],
  ["everything was lost", -1, 0, 0, -1],
])("below the peak, where %s", (_, depth, before, last, now) => {
  expect(depthNow(depth, before, last)).toBeCloseTo(now, 12);
});
