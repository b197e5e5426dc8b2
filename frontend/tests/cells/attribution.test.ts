import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARTS, partFigure, partReasons, waterfall } from "../../src/cells/attribution";
import { cash, held, totals } from "./held";

const HEIGHT = 36;

describe("the parts of the day", () => {
  test("each has its figure of the header", () => {
    expect(PARTS.map((part) => partFigure(totals(), part))).toEqual([
      "700.21",
      "-12.00",
      "-99.45",
      "39.18",
      "-3.50",
      "-1.00",
    ]);
  });

  test("what stands behind each is told by name", () => {
    const rows = [
      held({ day_income: "39.18" }),
      held({ symbol: "SAP", currency: "EUR", day_trading: "2.00", day_taxes: "-1.00" }),
      cash({ symbol: "EUR", currency: "EUR", day_fees: "-4.50" }),
    ];
    expect(partReasons(rows, totals({ priced: 2 }))).toEqual({
      price: "2 holdings",
      trading: "SAP",
      currency: "USD",
      income: "AAPL",
      fees: "EUR",
      taxes: "SAP",
    });
  });

  test("where there is nothing behind a part that is said", () => {
    const reasons = partReasons([held({ currency: "EUR" })], totals({ priced: 1 }));
    expect(reasons).toEqual({
      price: "1 holding",
      trading: "none",
      currency: "none held",
      income: "none",
      fees: "none",
      taxes: "none",
    });
  });

  test("many names are cut to three and a count", () => {
    const rows = ["E", "D", "C", "B", "A"].map((symbol) => held({ symbol, day_income: "1.00" }));
    expect(partReasons(rows, totals()).income).toBe("A, B, C and 2 more");
  });
});

describe("the waterfall", () => {
  test("each bar begins where the one before ended, and the last spans from zero to the total", () => {
    const { zero, bars, ends } = waterfall(["100.00", "-40.00", "10.00", "-30.00"], HEIGHT);
    expect(zero).toBe(34);
    expect(ends.map(Math.round)).toEqual([2, 15, 12, 21]);
    expect(bars.map(({ direction }) => direction)).toEqual(["up", "down", "up", "down", "up"]);
    expect(bars.at(-1)?.y).toBeCloseTo(ends[3] ?? 0);
  });

  test("a day without any movement is a line in the middle", () => {
    const { zero, bars } = waterfall(["0.00", "0.00", "0.00", "0.00"], HEIGHT);
    expect(zero).toBe(18);
    expect(bars.every(({ height, direction }) => height === 2 && direction === "flat")).toBe(true);
  });

  test("no bar is thinner than 2 px or leaves the plot, whatever the parts", () => {
    const amount = fc.integer({ min: -(10 ** 8), max: 10 ** 8 }).map((units) => `${units}.25`);
    fc.assert(
      fc.property(fc.array(amount, { minLength: 4, maxLength: 4 }), (steps) => {
        for (const { y, height } of waterfall(steps, HEIGHT).bars) {
          expect(height).toBeGreaterThanOrEqual(2);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y + height).toBeLessThanOrEqual(HEIGHT + 1e-9);
        }
      }),
    );
  });
});
