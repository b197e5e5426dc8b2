import { expect, test } from "vitest";
import { valueLabel } from "../../src/charts/value_label";

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
