import { expect, test } from "vitest";
import { weightCell } from "../../src/cells/figures";
import { type AllocationData, divided, isAllocationData, isUnknown } from "../../src/cells/parts";
import { tiles } from "../../src/cells/tiles";
import { summed } from "../../src/lib/decimal";
import { cash, held, unpriced } from "./held";

const DATA: AllocationData = {
  by: "class",
  head: 1,
  names: { AAPL: "Apple", BUND: "Bund" },
  parts: { AAPL: ["equity", "Shares"], BUND: ["bond", "Bonds"] },
  words: { cash: "Cash", due: "Dividends due", unknown: "Unclassified" },
  targets: {},
  target_names: {},
  tolerance: "5",
};

const rows = [
  held({ symbol: "AAPL", value: "600.00", day: "6.00", quality: "live" }),
  held({ symbol: "AAPL", account: "a2", value: "100.00", day: null, quality: "stale" }),
  held({ symbol: "BUND", value: "200.00", day: "-1.00", quality: "live" }),
  cash({ symbol: "EUR", currency: "EUR", value: "100.00", day: "0.00" }),
  unpriced(),
];

test("parts are sums of rows, the largest first, with their weights", () => {
  const parts = divided(rows, "1000.00", DATA);
  expect(parts.map(({ name, value, weight, day }) => [name, value, weight, day])).toEqual([
    ["Shares", "700.00", "70.0 %", "6.00"],
    ["Bonds", "200.00", "20.0 %", "-1.00"],
    ["Cash", "100.00", "10.0 %", "0.00"],
  ]);
  expect(parts.map(({ detail }) => detail)).toEqual(["1 holding, 1 stale", "1 holding", "EUR"]);
  expect(summed(parts.map(({ value }) => value))).toBe("1000.00");
});

test("a holding has one weight: in the list of parts, as a tile and in its row", () => {
  // Cut to a decimal and filled up to a hundred, the first of these would be 33.4 % here and 33.3 % in its row.
  const each = ["100.00", "100.00", "100.00"].map((value, at) => held({ symbol: `S${at}`, value }));
  const parts = divided(each, "300.00", { ...DATA, by: "holding", parts: {} });
  const shown = tiles(divided(each, "300.00", { ...DATA, parts: {} }), "300.00").map(({ weight }) => weight);
  const inRows = each.map(({ value }) => weightCell(value, "300.00").text);
  expect(inRows).toEqual(["33.3 %", "33.3 %", "33.3 %"]);
  expect(shown).toEqual(inRows);
  expect(parts[0]?.weight).toBe(weightCell(parts[0]?.value ?? null, "300.00").text);
});

test("an overdraft weighs less than nothing and the others more than a hundred", () => {
  const parts = divided([held({ value: "1500.00" }), cash({ value: "-500.00" })], "1000.00", DATA);
  expect(parts.map(({ weight }) => weight)).toEqual(["150.0 %", "−50.0 %"]);
  expect(divided([cash({ value: "-500.00" })], "-500.00", DATA)[0]?.weight).toBe("—");
});

test("by currency cash is in the part of its currency, by account in that of its account", () => {
  const byCurrency = { ...DATA, by: "currency", parts: { AAPL: ["EUR", "EUR"], BUND: ["EUR", "EUR"] } };
  expect(divided(rows, "1000.00", byCurrency).map(({ name, detail }) => [name, detail])).toEqual([
    ["EUR", "2 holdings and cash, 1 stale"],
  ]);
  expect(divided(rows, "1000.00", { ...DATA, by: "account", parts: {} })).toHaveLength(2);
});

test("by holding a part is called by its symbol, and its name stands beside it", () => {
  const parts = { AAPL: ["AAPL", "AAPL"], BUND: ["BUND", "BUND"] };
  const found = divided(rows, "1000.00", { ...DATA, by: "holding", parts });
  expect(found.map(({ name, detail }) => [name, detail])).toEqual([
    ["AAPL", "Apple, stale"],
    ["BUND", "Bund"],
    ["Cash", "EUR"],
  ]);
});

test("what is off is told in points and in money, with its place in the band", () => {
  const data = { ...DATA, targets: { equity: "62.5", bond: "18", gold: "10" }, target_names: { gold: "Gold" } };
  const parts = divided(rows, "1000.00", data);
  expect(parts.map(({ name, target, money, state }) => [name, target, money, state])).toEqual([
    ["Shares", "62.5", "75.00", "over"],
    ["Bonds", "18", "20.00", "within"],
    ["Cash", null, null, ""],
    ["Gold", "10", "-100.00", "under"],
  ]);
  expect(Number(parts[0]?.points)).toBe(7.5);
  expect(parts[3]).toMatchObject({ value: "0.00", weight: "0.0 %", detail: "nothing held" });
});

test("what was booked after the data were asked for is unknown until they are asked for again", () => {
  const row = held({ symbol: "NEW", value: "1.00" });
  expect(isUnknown(row, DATA)).toBe(true);
  expect(isUnknown(row, { ...DATA, by: "account" })).toBe(false);
  expect(divided([row], "1.00", DATA)[0]).toMatchObject({ key: "unknown", name: "Unclassified" });
});

test("a tile is an instrument within its part; what is below zero has none", () => {
  const all = [...rows, cash({ symbol: "USD", currency: "USD", value: "-50.00" })];
  const found = tiles(divided(all, "950.00", DATA), "950.00");
  expect(found.map(({ part, name, value, day }) => [part, name, value, day])).toEqual([
    ["equity", "AAPL", "700.00", "6.00"],
    ["bond", "BUND", "200.00", "-1.00"],
    ["cash", "EUR cash", "100.00", "0.00"],
  ]);
});

test("a part that is below zero has no tile, whatever is in it", () => {
  const all = [held({ value: "900.00" }), cash({ value: "100.00" }), cash({ symbol: "USD", value: "-500.00" })];
  expect(tiles(divided(all, "500.00", DATA), "500.00").map(({ name }) => name)).toEqual(["AAPL"]);
});

test("what the server sends is looked at before it is believed", () => {
  const inspection = { strict: false, problem: "" };
  expect(isAllocationData(DATA, "data", inspection)).toBe(true);
  expect(isAllocationData({ ...DATA, parts: { AAPL: "equity" } }, "data", inspection)).toBe(false);
  expect(inspection.problem).not.toBe("");
});
