import { expect, test } from "vitest";
import { partUnit } from "../../src/cells/figures";

test("prices in a part of their currency say so, and those in the currency itself do not", () => {
  expect(["USD", "GBP", "GBp", "ZAc", "ILA", "USD/1000", ""].map(partUnit)).toEqual([
    "",
    "",
    "GBp",
    "ZAc",
    "ILA",
    "USD/1000",
    "",
  ]);
});
