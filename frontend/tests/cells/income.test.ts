import { describe, expect, test } from "vitest";
import { heldNow, inBase, ratesNow, yieldNow, yieldOfAll, yieldText } from "../../src/cells/income";
import type { PortfolioRow } from "../../src/live/messages.gen";

function row(parts: Partial<PortfolioRow>): PortfolioRow {
  return {
    kind: "holding",
    symbol: "AAPL",
    quantity: "1",
    value: "10.00",
    cost: "5.00",
    currency: "USD",
    price: "1",
    ...parts,
  } as PortfolioRow;
}

describe("yields", () => {
  test("accounts that hold the same are one, and what was closed is none", () => {
    const held = heldNow([
      row({}),
      row({ value: "5.50" }),
      row({ symbol: "OLD", quantity: "0.00" }),
      row({ kind: "cash" }),
    ]);
    expect([...held]).toEqual([["AAPL", { value: "15.50", cost: "10.00" }]]);
  });

  test("one account without a price leaves the whole without a value", () => {
    const now = heldNow([row({}), row({ value: null })]).get("AAPL") ?? { value: "0", cost: "0" };
    expect(yieldNow("1.00", now)).toEqual({ value: null, cost: "10.00", onValue: null, onCost: "10.00" });
  });

  test("of all, each percentage is of what is known", () => {
    const all = yieldOfAll([
      { income: "45.00", value: "1800.00", cost: "1000.00" },
      { income: "10.00", value: "500.00", cost: null },
      { income: "7.00", value: null, cost: null },
    ]);
    expect(all).toEqual({ value: "2300.00", cost: "1000.00", onValue: "2.39", onCost: "4.50" });
    expect(yieldOfAll([{ income: "7.00", value: null, cost: null }])).toEqual({
      value: null,
      cost: null,
      onValue: null,
      onCost: null,
    });
  });

  test("a yield has no sign", () => {
    expect(yieldText("2.50")).toBe("2.50 %");
    expect(yieldText(null)).toBe("—");
  });
});

describe("what is still to be paid", () => {
  const rates = ratesNow(
    [
      row({ currency: "JPY" }),
      row({ kind: "receivable", currency: "USD", price: "0.9" }),
      row({ kind: "cash", currency: "GBP", price: null }),
      row({ kind: "cash", currency: "EUR", price: "1" }),
    ],
    "EUR",
  );

  test("moves with the rate of a row of cash or of a receivable", () => {
    expect([...rates]).toEqual([
      ["EUR", "1"],
      ["USD", "0.9"],
    ]);
    expect(inBase("40.55", "USD", rates, 2)).toBe("36.50");
    expect(inBase("40.50", "EUR", rates, 2)).toBe("40.50");
  });

  test("stays as it was where no row tells the rate", () => {
    expect(inBase("40.50", "GBP", rates, 2)).toBeNull();
  });
});
