import { expect, test } from "vitest";
import { allocation } from "../../src/cells/allocation";
import { compared, summed } from "../../src/lib/decimal";
import { cash, held, unpriced } from "./held";

function instruments(count: number): ReturnType<typeof held>[] {
  return Array.from({ length: count }, (_, index) => held({ symbol: `S${index}`, value: `${100 - index}.00` }));
}

test("an instrument in two accounts is one slice", () => {
  const slices = allocation([held({ value: "1.50" }), held({ account: "a2", value: "2.25" })]);
  expect(slices).toEqual([{ name: "AAPL", kind: "instrument", value: "3.75" }]);
});

test("beyond four the smaller ones stand together, and one alone stands by itself", () => {
  expect(allocation(instruments(8)).map(({ name }) => name)).toEqual(["S0", "S1", "S2", "S3", "4 others"]);
  expect(allocation(instruments(5)).map(({ name }) => name)).toEqual(["S0", "S1", "S2", "S3", "S4"]);
});

test("cash and what is to be paid are one slice at the end, which says so", () => {
  const due = cash({ kind: "receivable", value: "2.00" });
  const slices = allocation([cash({ value: "10.00" }), due, held()]);
  expect(slices.at(-1)).toEqual({ name: "Cash and dividends due", kind: "cash", value: "12.00" });
  expect(allocation([cash({ value: "10.00" }), held()]).at(-1)?.name).toBe("Cash");
  expect(allocation([due, held()]).at(-1)?.name).toBe("Dividends due");
});

test("what has no price is in no slice", () => {
  expect(allocation([unpriced()])).toEqual([]);
});

test("the slices sum to the value of the portfolio", () => {
  const rows = [...instruments(20), cash({ value: "-55.10" }), held({ symbol: "S1", account: "a2", value: "0.07" })];
  const whole = summed(rows.map(({ value }) => value)) ?? "";
  expect(compared(summed(allocation(rows).map(({ value }) => value)) ?? "", whole)).toBe(0);
});
