import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  explainedBy,
  FIRST_ORDER,
  GROUPINGS,
  grouped,
  largestValue,
  matches,
  SORT_COLUMNS,
  type SortOrder,
  sums,
} from "../../src/cells/holdings";
import { compared, moneyText, summed } from "../../src/lib/decimal";
import type { PortfolioRow } from "../../src/live/messages.gen";
import { CONTRACT, ROWS } from "../pages/held_page";
import { cash, held, unpriced } from "./held";

function rows(...each: readonly PortfolioRow[]): ReadonlyMap<string, PortfolioRow> {
  return new Map(each.map((row, index) => [`${row.kind}:${row.account}:${row.symbol}:${index}`, row]));
}

function symbols(
  map: ReadonlyMap<string, PortfolioRow>,
  order: SortOrder = FIRST_ORDER,
): readonly (readonly string[])[] {
  return grouped(map, order).map((group) => group.rows.map(({ row }) => row.symbol));
}

describe("the order of a portfolio's rows", () => {
  test("the largest holding stands first, then what has no price, then cash", () => {
    const small = held({ symbol: "IBM", value: "99.00" });
    const large = held({ symbol: "MSFT", value: "9900.00" });
    expect(symbols(rows(cash(), unpriced(), small, large))).toEqual([["MSFT", "IBM", "HLX.R", "USD"]]);
  });

  test("values are compared as numbers and not as text", () => {
    const order = { column: "value", isDescending: false } as const;
    const [nine, ten] = [held({ symbol: "A", value: "9.00" }), held({ symbol: "B", value: "10.00" })];
    expect(symbols(rows(ten, nine), order)).toEqual([["A", "B"]]);
  });

  test("a row without the figure stands last whichever way the others are sorted", () => {
    const map = rows(unpriced(), held({ symbol: "A", day: "-5.00" }), held({ symbol: "B", day: "5.00" }));
    expect(symbols(map, { column: "day", isDescending: true })).toEqual([["B", "A", "HLX.R"]]);
    expect(symbols(map, { column: "day", isDescending: false })).toEqual([["A", "B", "HLX.R"]]);
  });

  test("cash stays below the holdings however they are sorted", () => {
    const map = rows(cash({ symbol: "AAA" }), held({ symbol: "ZZZ" }));
    expect(symbols(map, { column: "name", isDescending: false })).toEqual([["ZZZ", "AAA"]]);
  });

  test("there is one group for each account, the one that is worth most first", () => {
    const map = rows(
      held({ account: "a2", account_name: "Harbor" }),
      held({ symbol: "IBM" }),
      cash({ account: "a2", account_name: "Harbor" }),
    );
    const groups = grouped(map, FIRST_ORDER);
    expect(groups.map(({ name, rows: each }) => [name, each.length])).toEqual([
      ["Harbor", 2],
      ["Northbank", 1],
    ]);
  });

  test("two accounts of one name stay two groups", () => {
    const map = rows(held({ account: "a2" }), held({ account: "a1" }));
    expect(grouped(map, FIRST_ORDER).map(({ key }) => key)).toEqual(["a1", "a2"]);
  });
});

describe("groups and orders are those of the server", () => {
  test.each(GROUPINGS)("by %s", (by) => {
    const told = grouped(ROWS, FIRST_ORDER, { by, traits: CONTRACT.traits }).map(({ key, name, rows: each }) => [
      key,
      name,
      each.length,
      moneyText(sums(each.map(({ row }) => row)).value),
      explainedBy(key, { by, traits: CONTRACT.traits }),
    ]);
    expect(told).toEqual(CONTRACT.expected.groupings[by]);
  });

  test.each(SORT_COLUMNS)("sorted by %s", (column) => {
    for (const way of ["descending", "ascending"]) {
      const order = { column, isDescending: way === "descending" };
      const [group] = grouped(ROWS, order, { by: "none", traits: {} });
      expect(group?.rows.map(({ key }) => key)).toEqual(CONTRACT.expected.orders[column][way]);
    }
  });
});

test("a filter finds words in the symbol, the name, the account, the class and what lists say", () => {
  const apple = ROWS.get("h:a-1:AAPL");
  if (apple === undefined) throw new Error("no AAPL");
  const found = ["aapl", "apple north", "GROWTH", "technology usd", "united"].map((text) =>
    matches(apple, text, CONTRACT.traits),
  );
  expect(found).toEqual([true, true, true, true, true]);
  expect(matches(apple, "apple harbor", CONTRACT.traits)).toBe(false);
});

describe("subtotals", () => {
  test("they add up, without what has no price", () => {
    const parts = [
      held({ value: "0.10", cost: "0.20" }),
      held({ value: "0.20", cost: "0.10" }),
      unpriced({ cost: "5.00" }),
    ];
    expect(sums(parts)).toEqual({
      value: "0.30",
      cost: "0.30",
      day: "541.00",
      dayPrice: "541.00",
      dayCurrency: "0.00",
      unrealized: "9148.60",
      unrealizedPercent: "3049533.33",
    });
  });

  test("where nothing has a price there is no sum, and not zero", () => {
    expect(sums([unpriced({ cost: "5.00" })])).toEqual({
      value: null,
      cost: null,
      day: null,
      dayPrice: null,
      dayCurrency: null,
      unrealized: null,
      unrealizedPercent: null,
    });
  });

  test("without a cost above zero there is no percentage", () => {
    expect(sums([held({ cost: "0.00" })]).unrealizedPercent).toBeNull();
  });

  test("what a short position brought counts like the cost of the others", () => {
    const both = [held({ cost: "800.00", unrealized: "100.00" }), held({ cost: "-200.00", unrealized: "110.00" })];
    expect(sums(both)).toMatchObject({ cost: "600.00", unrealized: "210.00", unrealizedPercent: "21.00" });
  });

  const cents = fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((units) => {
    const digits = `${Math.abs(units)}`.padStart(3, "0");
    return `${units < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  });

  test("the subtotals of all accounts sum to the sum of all rows, whatever they are", () => {
    const row = fc
      .record({ account: fc.constantFrom("a1", "a2", "a3"), value: cents, day: cents })
      .map(({ account, value, day }) => held({ account, account_name: account, value, day }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (each) => {
        const map = rows(...each);
        const groups = grouped(map, FIRST_ORDER);
        const parts = groups.map((group) => sums(group.rows.map(({ row: held }) => held)).value);
        expect(compared(summed(parts) ?? "", sums(map.values()).value ?? "")).toBe(0);
        expect(groups.flatMap((group) => group.rows)).toHaveLength(map.size);
      }),
    );
  });
});

test("weights are measured by the largest value, and by none where none is above zero", () => {
  expect(largestValue([held({ value: "9.00" }), held({ value: "10.00" }), unpriced()])).toBe("10.00");
  expect(largestValue([cash({ value: "-3.00" }), unpriced()])).toBeNull();
});
