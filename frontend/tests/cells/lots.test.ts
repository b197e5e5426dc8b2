// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { fitsRows, type PositionData, positionData, positionFigures, valuesOfLots } from "../../src/cells/lots";
import { summed } from "../../src/lib/decimal";
import type { PortfolioRow } from "../../src/live/messages.gen";

const ROW: PortfolioRow = {
  kind: "holding",
  account: "a-1",
  account_name: "Broker",
  symbol: "AAPL",
  name: "Apple Inc.",
  currency: "USD",
  instrument_class: "equity",
  quantity: "3",
  price: "110.00",
  price_places: 2,
  change_percent: "1.00",
  quality: "live",
  session: "regular",
  source_time: null,
  value: "264.00",
  cost: "200.00",
  unrealized: "64.00",
  unrealized_percent: "32.00",
  day: "5.00",
  day_percent: "1.00",
  day_price: "4.00",
  day_trading: "0.00",
  day_currency: "1.00",
  day_income: "0.00",
  day_fees: "0.00",
  day_taxes: "0.00",
  reason: null,
};
const DATA: PositionData = {
  head: 7,
  rate: "0.8",
  unit: "1",
  places: 2,
  parts: [
    {
      key: "h:a-1:AAPL",
      cost_now: "240.00",
      lots: [
        { quantity: "1", cost: "70.00" },
        { quantity: "2", cost: "130.00" },
      ],
    },
  ],
  trades: [],
};

function rows(...all: readonly PortfolioRow[]): ReadonlyMap<string, PortfolioRow> {
  return new Map(all.map((row) => [`h:${row.account}:AAPL`, row]));
}

describe("values of lots", () => {
  test("add up to the value of the position, each a coin off at most", () => {
    expect(valuesOfLots("100.00", ["1", "1", "1"], 2)).toEqual(["33.33", "33.34", "33.33"]);
    expect(valuesOfLots("100.00", ["1", "2"], 2)).toEqual(["33.33", "66.67"]);
    const parts = valuesOfLots("12345.67", ["0.123456789", "3", "7.5", "1000"], 2);
    expect(summed(parts)).toBe("12345.67");
  });

  test("of a short position are below zero, and of nothing there are none", () => {
    expect(valuesOfLots("-90.00", ["-1", "-2"], 2)).toEqual(["-30.00", "-60.00"]);
    expect(valuesOfLots("0.00", [], 2)).toEqual([]);
    expect(valuesOfLots("0.00", ["0"], 2)).toEqual([]);
  });
});

describe("the figures of a position", () => {
  test("are those of its row, with the parts of the gain by the cost at the rate in force", () => {
    expect(positionFigures(rows(ROW), DATA.parts)).toEqual({
      quantity: "3",
      value: "264.00",
      cost: "200.00",
      unrealized: "64.00",
      percent: "32.00",
      pricePart: "24.00",
      currencyPart: "40.00",
      day: "5.00",
      dayParts: { price: "4.00", trading: "0.00", currency: "1.00", income: "0.00", fees: "0.00", taxes: "0.00" },
    });
  });

  test("of several accounts are their sums, and a part that one of them has not is not known", () => {
    const other = { ...ROW, account: "b-2", quantity: "1", value: "88.00", cost: "100.00", unrealized: "-12.00" };
    const both = rows(ROW, other);
    const found = positionFigures(both, DATA.parts);
    expect([found.quantity, found.value, found.unrealized, found.percent]).toEqual(["4", "352.00", "52.00", "17.33"]);
    expect([found.pricePart, found.currencyPart]).toEqual([null, null]);
    const known = [...DATA.parts, { key: "h:b-2:AAPL", cost_now: "90.00", lots: [] }];
    expect(positionFigures(both, known).pricePart).toBe("22.00");
  });

  test("without a price are not known", () => {
    const unpriced = { ...ROW, price: null, value: null, unrealized: null, day: null, day_price: null };
    const found = positionFigures(rows(unpriced), DATA.parts);
    expect([found.value, found.pricePart, found.day, found.dayParts.price]).toEqual([null, null, null, null]);
  });
});

describe("the page's data", () => {
  test("fit rows of the same ledger, quantity and rate", () => {
    expect(fitsRows(DATA, rows(ROW), 7)).toBe(true);
    expect(fitsRows(DATA, rows(ROW), 6)).toBe(true);
    expect(fitsRows(DATA, rows(ROW), 8)).toBe(false);
    expect(fitsRows(DATA, rows({ ...ROW, quantity: "4" }), 7)).toBe(false);
    expect(fitsRows(DATA, rows({ ...ROW, value: "264.33" }), 7)).toBe(false);
    expect(fitsRows(DATA, rows({ ...ROW, price: null, value: null }), 7)).toBe(true);
    expect(fitsRows(DATA, rows(), 7)).toBe(false);
    expect(fitsRows({ ...DATA, parts: [] }, rows(), 7)).toBe(true);
    expect(fitsRows(DATA, rows({ ...ROW, account: "b-2" }), 7)).toBe(false);
  });

  test("of another form are told", () => {
    const script = document.createElement("script");
    script.textContent = JSON.stringify(DATA);
    expect(positionData(script)).toEqual(DATA);
    script.textContent = '{"head": "7"}';
    expect(() => positionData(script)).toThrow(TypeError);
  });
});
