import { describe, expect, test } from "vitest";
import { arranged, DayRanges, holders, OWN_ORDER, type View } from "../../src/cells/watched";
import type { PortfolioRow, QuoteRow, VisiblePortfolio } from "../../src/live/messages.gen";

const DAY = "2012-05-21";

function quote(price: string | null, at: string, parts: Partial<QuoteRow> = {}): QuoteRow {
  const nothing = { change: null, change_percent: null, previous_close: null, received_time: null };
  const words = { name: "Apple", currency: "USD", price_places: 2, quality: "replay", session: "regular" } as const;
  return { ...nothing, ...words, source: "replay", session_day: DAY, source_time: at, price, ...parts };
}

describe("the range of the day", () => {
  test("is the server's, widened by what comes after", () => {
    const ranges = new DayRanges();
    ranges.add("AAPL", quote("501.50", `${DAY}T14:31:00Z`));
    expect(ranges.of("AAPL")).toBeNull();
    ranges.load("AAPL", DAY, { low: "499.50", high: "501.00" });
    expect(ranges.of("AAPL")).toEqual({ low: "499.50", high: "501.50" });
    ranges.add("AAPL", quote("99.9", `${DAY}T14:32:00Z`));
    ranges.add("AAPL", quote(null, `${DAY}T14:33:00Z`));
    expect(ranges.of("AAPL")).toEqual({ low: "99.9", high: "501.50" });
  });

  test("of another day is not known before the server says it", () => {
    const ranges = new DayRanges();
    ranges.load("AAPL", DAY, { low: "499.50", high: "501.00" });
    ranges.add("AAPL", quote("601.00", "2012-05-22T13:30:00Z", { session_day: "2012-05-22" }));
    expect(ranges.of("AAPL")).toBeNull();
    ranges.load("AAPL", "2012-05-22", { low: "600.00", high: "601.00" });
    expect(ranges.of("AAPL")).toEqual({ low: "600.00", high: "601.00" });
    ranges.load("AAPL", "2012-05-22", null);
    expect(ranges.of("AAPL")).toBeNull();
  });

  test("of an earlier run of the replay is forgotten", () => {
    const ranges = new DayRanges();
    ranges.load("AAPL", DAY, { low: "1.00", high: "900.00" });
    ranges.add("AAPL", quote("500.00", `${DAY}T19:00:00Z`));
    ranges.add("AAPL", quote("510.00", `${DAY}T13:31:00Z`));
    expect(ranges.of("AAPL")).toBeNull();
    ranges.load("AAPL", DAY, { low: "509.00", high: "510.00" });
    expect(ranges.of("AAPL")).toEqual({ low: "509.00", high: "510.00" });
  });
});

describe("who holds what", () => {
  const row = (parts: Partial<PortfolioRow>): PortfolioRow =>
    ({ kind: "holding", symbol: "AAPL", quantity: "1", quality: "replay", ...parts }) as PortfolioRow;
  const visible = [
    { id: "one", name: "Long term" },
    { id: "two", name: "Trading" },
  ] as unknown as readonly VisiblePortfolio[];

  test("is told in the order of the portfolios, each once", () => {
    const rows: { readonly [id: string]: readonly PortfolioRow[] } = {
      one: [row({ account: "a" }), row({ account: "b" }), row({ kind: "cash", symbol: "" })],
      two: [row({}), row({ symbol: "IBM", quantity: "0" }), row({ symbol: "HOUSE", quality: "manual" })],
    };
    const found = holders(visible, (id) => rows[id] ?? []);
    expect([...found.keys()]).toEqual(["AAPL"]);
    expect(found.get("AAPL")?.map(({ name }) => name)).toEqual(["Long term", "Trading"]);
  });
});

describe("a view of a list", () => {
  const rows = [
    { symbol: "MSFT", row: quote("29.75", "", { change: "0.48", change_percent: "1.64" }), held: "" },
    { symbol: "NONE", row: undefined, held: "Trading" },
    { symbol: "AAPL", row: quote("561.28", "", { change: "30.90", change_percent: "5.83" }), held: "Long term" },
  ];
  const in_ = (column: View["column"], isDescending: boolean): readonly string[] =>
    arranged(rows, { column, isDescending });

  test("is the own order first", () => {
    expect(arranged(rows, OWN_ORDER)).toEqual(["MSFT", "NONE", "AAPL"]);
  });

  test("sorts exactly, and what has no figure comes last both ways", () => {
    expect(in_("price", true)).toEqual(["AAPL", "MSFT", "NONE"]);
    expect(in_("price", false)).toEqual(["MSFT", "AAPL", "NONE"]);
    expect(in_("change", true)).toEqual(["AAPL", "MSFT", "NONE"]);
    expect(in_("percent", false)).toEqual(["MSFT", "AAPL", "NONE"]);
    expect(in_("name", false)).toEqual(["AAPL", "MSFT", "NONE"]);
    expect(in_("held", false)).toEqual(["AAPL", "NONE", "MSFT"]);
  });
});
