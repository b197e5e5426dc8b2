// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { candleTicks } from "../../src/charts/candle_ticks";
import { candleFigures, candlesSentence, candlesTable, volumeText, whenText } from "../../src/charts/candle_words";
import { type Candle, type CandleFrame, CandleSeries, periodOf, type Step } from "../../src/charts/candles";
import { marksOf } from "../../src/charts/candles_chart";

const OPEN = Date.parse("2012-05-21T13:30:00Z");
const MINUTE = 60_000;

function candle(at: string, close: string, parts: Partial<Candle> = {}): Candle {
  return { at, open: close, high: close, low: close, close, volume: null, ...parts };
}

function series(step: Step, candles: readonly Candle[], parts: Partial<CandleFrame> = {}): CandleSeries {
  const frame = {
    symbol: "AAPL",
    pricePlaces: 2,
    zone: "America/New_York",
    span: "3M",
    step,
    day: "2012-05-21",
    opensAt: OPEN,
    closesAt: OPEN + 390 * MINUTE,
    before: "500.00",
    ...parts,
  };
  return new CandleSeries(frame, candles);
}

function days(count: number, first = "2012-01-02"): readonly Candle[] {
  const begins = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, at) =>
    candle(new Date(begins + at * 86_400_000).toISOString().slice(0, 10), "10.00"),
  );
}

describe("the last candle", () => {
  test("moves with each price of its period", () => {
    const daily = series("day", [candle("2012-05-18", "530.38"), candle("2012-05-21", "534.50")]);
    expect(daily.add("540.00", OPEN, "2012-05-21")).toBe("moved");
    expect(daily.add("531.00", OPEN + 1, "2012-05-21")).toBe("moved");
    expect(daily.add("531.00", OPEN + 2, "2012-05-21")).toBe("same");
    expect(daily.last).toEqual(candle("2012-05-21", "531.00", { open: "534.50", high: "540.00", low: "531.00" }));
    expect(daily.candles).toHaveLength(2);
  });

  test("is followed by one of the next day, and what is earlier belongs to another run", () => {
    const daily = series("day", [candle("2012-05-21", "534.50")]);
    expect(daily.add("560.00", OPEN, "2012-05-22")).toBe("moved");
    expect(daily.last).toEqual(candle("2012-05-22", "560.00"));
    expect(daily.add("534.00", OPEN, "2012-05-21")).toBe("strange");
    expect(daily.candles).toHaveLength(2);
  });

  test("of a week or a month takes all days of it", () => {
    const weekly = series("week", [candle("2012-05-14", "540.00"), candle("2012-05-21", "534.50")]);
    weekly.add("550.00", OPEN, "2012-05-25");
    expect(weekly.candles).toHaveLength(2);
    weekly.add("551.00", OPEN, "2012-05-29");
    expect(weekly.last?.at).toBe("2012-05-29");
    const monthly = series("month", [candle("2012-05-01", "534.50")]);
    monthly.add("550.00", OPEN, "2012-05-31");
    monthly.add("551.00", OPEN, "2012-06-01");
    expect(monthly.candles.map(({ at }) => at)).toEqual(["2012-05-01", "2012-06-01"]);
  });

  test("of minutes is of five of them, and another session is none of its chart", () => {
    const today = series("minutes", [candle("2012-05-21T13:30:00.000Z", "534.50")]);
    expect(today.add("535.00", OPEN + 4 * MINUTE, "2012-05-21")).toBe("moved");
    expect(today.candles).toHaveLength(1);
    today.add("536.00", OPEN + 5 * MINUTE, "2012-05-21");
    expect(today.last).toEqual(candle("2012-05-21T13:35:00.000Z", "536.00"));
    expect(today.add("536.00", OPEN, "2012-05-21")).toBe("strange");
    expect(today.add("536.00", OPEN + 6 * MINUTE, "2012-05-22")).toBe("strange");
  });

  test("begins where there was none", () => {
    const empty = series("day", []);
    expect(empty.last).toBeUndefined();
    expect(empty.add("534.50", OPEN, "2012-05-21")).toBe("moved");
    expect(empty.candles).toEqual([candle("2012-05-21", "534.50")]);
  });
});

test("periods of one step sort as they follow each other, over the year as well", () => {
  expect(periodOf("2012-01-01", "week")).toBe("2011-12-26");
  expect(periodOf("2012-12-31", "month") < periodOf("2013-01-01", "month")).toBe(true);
  const [noon, later] = ["2012-05-21T12:00:00.000Z", "2012-05-21T12:05:00.000Z"];
  expect(periodOf(noon, "minutes") < periodOf(later, "minutes")).toBe(true);
});

test("today's chart has room for the whole session, and what lies between two candles is left free", () => {
  const today = series("minutes", [
    candle("2012-05-21T13:30:00.000Z", "1.00"),
    candle("2012-05-21T13:45:00.000Z", "1.00"),
  ]);
  expect(today.slots).toBe(78);
  expect([today.slotOf(0), today.slotOf(1)]).toEqual([0, 3]);
  const early = series("minutes", [candle("2012-05-21T13:00:00.000Z", "1.00")]);
  expect(early.slots).toBe(84);
  expect(series("minutes", [], { opensAt: null, closesAt: null }).slots).toBe(1);
  expect(series("day", days(3)).slots).toBe(3);
});

test("a day belongs to the last candle that begins by then", () => {
  const weekly = series("week", [candle("2012-05-14", "1.00"), candle("2012-05-21", "1.00")]);
  expect(weekly.placeOf("2012-05-13")).toBeNull();
  expect(weekly.placeOf("2012-05-18")).toBe(0);
  expect(weekly.placeOf("2012-05-21")).toBe(1);
});

test("events of one candle and kind are one mark, and those before the first are none", () => {
  const weekly = series("week", [candle("2012-05-14", "1.00"), candle("2012-05-21", "1.00")]);
  const marks = marksOf(weekly, [
    { day: "2012-05-01", kind: "buy", count: 1 },
    { day: "2012-05-15", kind: "buy", count: 2 },
    { day: "2012-05-17", kind: "buy", count: 1 },
    { day: "2012-05-17", kind: "dividend", count: 1 },
  ]);
  expect(marks).toEqual([
    { day: 0, kind: "buy", count: 3 },
    { day: 0, kind: "dividend", count: 1 },
  ]);
});

describe("words", () => {
  const daily = series("day", [
    candle("2012-05-18", "530.38", { volume: "40900000" }),
    candle("2012-05-21", "561.28", { open: "534.50", high: "561.54", low: "534.05" }),
  ]);

  test("name the chart in a sentence", () => {
    expect(candlesSentence(daily, "USD")).toBe(
      "Daily candles of AAPL in USD, 18 May 2012 to 21 May 2012, last 561.28.",
    );
    expect(candlesSentence(series("day", []), "USD")).toBe("No candles of AAPL yet.");
    expect(whenText(series("week", []), candle("2012-05-21", "1.00"))).toBe("week of 21 May 2012");
    expect(whenText(series("month", []), candle("2012-05-01", "1.00"))).toBe("May 2012");
    expect(whenText(series("minutes", []), candle("2012-05-21T13:35:00.000Z", "1.00"))).toBe("09:35");
  });

  test("tell each figure of a candle, with the change from the close before", () => {
    expect(candleFigures(daily, 1)).toEqual([
      ["Open", "534.50"],
      ["High", "561.54"],
      ["Low", "534.05"],
      ["Close", "561.28"],
      ["Change", "+5.83 %"],
      ["Volume", "—"],
    ]);
    expect(candleFigures(daily, 0)).toContainEqual(["Change", "+6.08 %"]);
    expect(candleFigures(series("day", days(1), { before: null }), 0)).toContainEqual(["Change", "—"]);
    expect(candleFigures(daily, 7)).toEqual([]);
  });

  test("shorten a volume", () => {
    expect(["950", "1200", "40900000", "2500000000"].map(volumeText)).toEqual(["950", "1.2 k", "40.9 M", "2.5 B"]);
  });

  test("are a table, the newest first", () => {
    const table = candlesTable(daily, "The candles.", (place) => (place === 0 ? "1 purchase" : ""));
    const rows = [...table.querySelectorAll("tbody tr")].map((row) => row.querySelector("th")?.textContent);
    expect(rows).toEqual(["21 May 2012", "18 May 2012"]);
    expect(table.querySelector("tbody tr:last-child")?.textContent).toContain("40.9 M1 purchase");
  });
});

describe("the time axis", () => {
  test("has the days of a week, months of a year and years of decades", () => {
    expect(candleTicks(series("day", days(5, "2012-05-14")), 800).map(({ label }) => label)).toEqual([
      "14 May",
      "15 May",
      "16 May",
      "17 May",
      "18 May",
    ]);
    const months = candleTicks(series("day", days(80)), 800);
    expect(months.map(({ label }) => label)).toEqual(["Feb", "Mar"]);
    const years = Array.from({ length: 60 }, (_, at) =>
      candle(`${2000 + Math.floor(at / 12)}-${`${(at % 12) + 1}`.padStart(2, "0")}-03`, "1.00"),
    );
    expect(candleTicks(series("month", years), 300).map(({ label }) => label)).toEqual([
      "2001",
      "2002",
      "2003",
      "2004",
    ]);
  });

  test("has the hours of the exchange", () => {
    const today = series("minutes", [candle("2012-05-21T13:30:00.000Z", "1.00")]);
    const labels = candleTicks(today, 800).map(({ label }) => label);
    expect(labels[0]).toBe("09:30");
    expect(labels).toContain("12:00");
  });
});
