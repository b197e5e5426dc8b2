import { describe, expect, test } from "vitest";
import {
  concerns,
  countText,
  coverageText,
  movers,
  netWorths,
  otherParts,
  type ValuedPortfolio,
  worthPieces,
} from "../../src/cells/home";
import { summed } from "../../src/lib/decimal";
import type { PortfolioRow, PortfolioTotals } from "../../src/live/messages.gen";
import { cash, held, totals, unpriced } from "./held";

function portfolio(id: string, columns: Partial<PortfolioTotals>, ...rows: readonly PortfolioRow[]): ValuedPortfolio {
  return { id, totals: totals(columns), rows: new Map(rows.map((row, index) => [`${id}:${index}`, row])) };
}

const NONE = { value: "0.00", unrealized: "0.00", cost_unsigned: "0.00", priced: 0, unpriced: 0, stale: 0 };

describe("net worth", () => {
  test("portfolios of one currency are summed, with their percentages", () => {
    const columns = { day: "10.00", day_opening: "1000.00", unrealized: "50.00", cost_unsigned: "200.00" };
    const worths = netWorths([
      portfolio("p1", { ...columns, value: "145479.20" }),
      portfolio("p2", { ...columns, value: "0.80", day: "-5.00" }),
    ]);
    expect(worths).toHaveLength(1);
    expect(worths[0]).toMatchObject({
      currency: "EUR",
      count: 2,
      value: "145480.00",
      day: "5.00",
      dayPercent: "0.25",
      unrealized: "100.00",
      unrealizedPercent: "25.00",
      coverage: "24 of 26 priced, 2 stale",
    });
  });

  test("euros are never added to dollars", () => {
    const worths = netWorths([portfolio("p1", { value: "1.00", currency: "USD" }), portfolio("p2", { value: "2.00" })]);
    expect(worths.map(({ currency, value }) => [currency, value])).toEqual([
      ["EUR", "2.00"],
      ["USD", "1.00"],
    ]);
  });

  test("where one lacks an exchange rate there is no sum, and it is named", () => {
    const lacking = { ...portfolio("p1", { value: "1.00" }), lacksRate: "In roubles" };
    const [worth] = netWorths([lacking, portfolio("p2", { value: "2.00" })]);
    expect(worth).toMatchObject({ value: null, day: null, unrealized: null, isWhole: false });
    expect(worth?.coverage).toBe("no exchange rate into EUR for In roubles");
  });

  test("a portfolio without any price is in no sum, and where none has one there is a dash", () => {
    const nothing = { value: "0.00", priced: 0, unpriced: 2 };
    const [worth] = netWorths([portfolio("p1", nothing)]);
    expect(worth).toMatchObject({ value: null, day: null, dayPercent: null });
    expect(worth === undefined ? null : worthPieces(worth)).toEqual({ whole: "—", minor: "" });
    expect(worth).toMatchObject({ unrealized: null, unrealizedPercent: null });
    const [both] = netWorths([portfolio("p1", nothing), portfolio("p2", { value: "5.00" })]);
    expect(both?.value).toBe("5.00");
  });

  test("what has a value and no known cost is in the value and in no gain, and is counted", () => {
    const [alone] = netWorths([
      portfolio("p1", { priced: 1, without_cost: 1, unrealized: "0.00" }),
      portfolio("p2", NONE),
    ]);
    expect(alone).toMatchObject({ value: "145479.20", unrealized: null, unrealizedPercent: null });
    const [both] = netWorths([portfolio("p1", { priced: 2, without_cost: 1, unpriced: 0, stale: 0 })]);
    expect(both).toMatchObject({ unrealized: "36285.19", coverage: "2 of 2 priced, 1 without cost" });
    const [nothing] = netWorths([portfolio("p1", NONE), portfolio("p2", NONE)]);
    expect(nothing?.unrealized).toBe("0.00");
  });

  test("a day that began with nothing has no percentage", () => {
    expect(netWorths([portfolio("p1", { day_opening: "0.00" })])[0]?.dayPercent).toBeNull();
  });

  test("while the line is dead every price is old", () => {
    expect(coverageText([totals({ priced: 3, unpriced: 0, stale: 0 })], false)).toBe("3 of 3 priced, 3 stale");
    expect(coverageText([totals({ priced: 0, unpriced: 0, stale: 0 })], false)).toBe("nothing held");
    expect([countText(1), countText(3)]).toEqual(["1 portfolio", "3 portfolios"]);
  });
});

test("price, currency and the other parts are the whole day", () => {
  const day = totals();
  expect(otherParts(day)).toBe("22.68");
  expect(summed([day.day_price, day.day_currency, otherParts(day)])).toBe(day.day);
});

describe("movers", () => {
  const moved = (symbol: string, change: string, day = "1.00"): PortfolioRow =>
    held({ symbol, change_percent: change, day });

  test("the six with the largest effect are listed, up first and down last", () => {
    const days = ["5", "-1", "9.5", "10", "-3", "-2", "-0.5", "1"];
    const rows = days.map((day, index) => moved(`S${index}`, "0.10", day));
    expect(movers([portfolio("p1", {}, ...rows)], "EUR").map(({ effects }) => effects[0]?.amount)).toEqual([
      "10",
      "9.5",
      "5",
      "-1",
      "-2",
      "-3",
    ]);
  });

  test("an instrument in several portfolios is told once, with its effect in each currency", () => {
    const [only, ...others] = movers(
      [
        portfolio("p1", {}, moved("AAPL", "5.10", "1.10")),
        portfolio("p2", {}, moved("AAPL", "5.10", "2.05")),
        portfolio("p3", { currency: "USD" }, moved("AAPL", "5.10", "7.00"), moved("IBM", "1.00", "9.00")),
      ],
      "EUR",
    );
    expect(only?.effects).toEqual([
      { amount: "3.15", currency: "EUR" },
      { amount: "7.00", currency: "USD" },
    ]);
    expect(others).toEqual([]);
  });

  test("what stands still just now keeps its place", () => {
    const rows = [moved("A", "0.00", "0.00"), moved("B", "1.00"), moved("C", "-1.00", "-1.00")];
    expect(movers([portfolio("p1", {}, ...rows)], "EUR").map(({ symbol }) => symbol)).toEqual(["B", "A", "C"]);
  });

  test("where nothing has moved, nothing has a price or all is cash there are none", () => {
    const rows = [moved("A", "0.00", "0.00"), unpriced(), cash({ change_percent: "5.00" })];
    expect(movers([portfolio("p1", {}, ...rows)], "EUR")).toEqual([]);
  });
});

describe("what needs attention", () => {
  test("what has no value stands before what has an old price, each once", () => {
    const old = held({ symbol: "SIE", name: "Siemens", quality: "stale" });
    const told = concerns([portfolio("p1", {}, old, unpriced()), portfolio("p2", {}, old)]);
    expect([told.count, told.more]).toEqual([2, ""]);
    expect(told.listed.map(({ what, why, portfolio: of }) => [what, why, of])).toEqual([
      ["HLX.R has no value", "No feed knows HLX.R.", "p1"],
      ["The price of SIE is old", "Siemens", "p1"],
    ]);
  });

  test("an old price of something sold today concerns nobody", () => {
    expect(concerns([portfolio("p1", {}, held({ quality: "stale", quantity: "0" }))]).count).toBe(0);
  });

  test("all are counted, and it is told how many the list has no room for", () => {
    const many = ["A", "B", "C", "D", "E", "F", "G"].map((symbol) => unpriced({ symbol }));
    const told = concerns([portfolio("p1", {}, ...many)]);
    expect([told.count, told.listed.length, told.more]).toEqual([7, 6, "and 1 more"]);
  });
});
