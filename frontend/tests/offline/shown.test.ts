import { describe, expect, test } from "vitest";
import type { KeptRow, LastValues } from "../../src/offline/last_values";
import { asOf, inOrder, isOlder, marketText, portfolioFigures, rowFigures, worths } from "../../src/offline/shown";
import { totals } from "../live/portfolio_frames";

const AT = new Date(2026, 10, 28, 14, 2).getTime();
const AGE = (3 * 60 + 12) * 60_000;

const KEPT = { inHome: null, at: AT, rowsAt: null };

function values(changes: Partial<LastValues> = {}): LastValues {
  return {
    version: "2",
    key: "k",
    at: AT,
    numbers: "en",
    theme: "",
    market: { state: "", moment: "" },
    portfolios: [],
    ...changes,
  };
}

function kept(symbol: string, value: string | null, changes: Partial<KeptRow> = {}): KeptRow {
  const row = {
    kind: "holding",
    symbol,
    name: `${symbol} Inc.`,
    account_name: "Bank",
    currency: "USD",
    quality: "live",
  } as const;
  return { ...row, quantity: "10.50", price: "3.5", price_places: 2, value, day: "-1.00", ...changes };
}

describe("what is said of what was kept", () => {
  test("its moment and its age", () => {
    expect(asOf(AT, AT + AGE)).toBe("as of 14:02, 28 November 2026 – 3\u00a0h\u00a012\u00a0min\u00a0ago");
    expect([isOlder(AT, AT + 59_999), isOlder(AT, AT + 60_000)]).toEqual([false, true]);
  });

  test("the market as it was, and a replay's own time", () => {
    expect(marketText(values())).toBe("");
    expect(marketText(values({ market: { state: "New York open", moment: "" } }))).toBe(
      "The market then: New York open.",
    );
    expect(marketText(values({ market: { state: "", moment: "21 May 2012, 10:41" } }))).toBe(
      "The replay was at 21 May 2012, 10:41.",
    );
    expect(marketText(values({ market: { state: "New York open", moment: "21 May 2012, 10:41" } }))).toBe(
      "The market then: New York open; the replay was at 21 May 2012, 10:41.",
    );
  });

  test("one net worth where all is known in the currency of Home, as old as the oldest part; else one of each", () => {
    const euros = { id: "1", name: "A", totals: totals({ currency: "EUR", value: "100.10" }), ...KEPT };
    const inHome = { totals: totals({ currency: "EUR", value: "20.20" }), at: AT - AGE };
    const dollars = { id: "2", name: "B", totals: totals({ currency: "USD", value: "25.00" }), ...KEPT, inHome };
    const [worth, ...others] = worths(values({ portfolios: [euros, dollars] }));
    expect(others).toEqual([]);
    expect(worth).toMatchObject({ at: AT - AGE, figures: { value: { text: "120" }, minor: { text: ".30" } } });
    const lacking = { ...dollars, inHome: { ...inHome, totals: totals({ currency: "EUR", unpriced: 1 }) } };
    const other = { ...dollars, id: "3", totals: totals({ currency: "CHF", value: "1.00" }), inHome: null };
    for (const portfolios of [
      [euros, lacking],
      [euros, dollars, other],
    ])
      expect(worths(values({ portfolios }))).toHaveLength(portfolios.length);
  });

  test("net worths by currency, each as old as the oldest of its portfolios", () => {
    const one = { id: "1", name: "A", totals: totals({ currency: "EUR", value: "100.10" }), ...KEPT };
    const two = { id: "2", name: "B", totals: totals({ currency: "EUR", value: "20.20" }), ...KEPT, at: AT - AGE };
    const [worth, ...others] = worths(values({ portfolios: [one, two] }));
    expect(others).toEqual([]);
    expect(worth?.at).toBe(AT - AGE);
    expect(worth?.figures).toMatchObject({
      value: { text: "120" },
      minor: { text: ".30" },
      count: { text: "2 portfolios" },
    });
  });

  test("a dash where a portfolio has no price at all", () => {
    const unknown = totals({ value: "0.00", priced: 0, unpriced: 2 });
    const figures = portfolioFigures({ id: "1", name: "A", totals: unknown, ...KEPT });
    expect(figures).toMatchObject({ value: { text: "—" }, day: { text: "—" } });
  });

  test("rows, the largest first, cash without a price", () => {
    const rows = [kept("A", null), kept("B", "5.00"), kept("C", "40.00")];
    expect(inOrder(rows).map(({ symbol }) => symbol)).toEqual(["C", "B", "A"]);
    expect(rowFigures(kept("B", "5.00"))).toMatchObject({
      name: { text: "B Inc. · Bank" },
      quantity: { text: "10.5" },
      price: { text: "3.50" },
      day: { text: "−1.00", direction: "down" },
    });
    expect(rowFigures(kept("USD", "5.00", { kind: "cash", price: null }))).toMatchObject({
      name: { text: "Cash · Bank" },
      price: { text: "" },
      "price-unit": { text: "" },
    });
  });
});
