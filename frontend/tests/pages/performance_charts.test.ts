import { expect, test } from "vitest";
import { percentLabel, valueLabel } from "../../src/pages/performance_charts";

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
  [150_000, 10_000, "150,000"],
  [12.5, 0.5, "12.5"],
  [1000.02, 0.02, "1,000.02"],
  [7.5, 2.5, "7.5"],
  [9_999_999, 0, "9,999,999"],
  [12_345_678.9, 0, "12.35 M"],
  [200_000_000, 50_000_000, "200 M"],
  [-12_500_000, 500_000, "−12.5 M"],
  [12_250_000, 250_000, "12.25 M"],
  [12_500_000, 2_500_000, "12.5 M"],
])("a value of %d in steps of %d is labelled %s", (value, step, label) => {
  expect(valueLabel(value, step)).toBe(label);
});
