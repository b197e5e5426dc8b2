// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LoadFailed } from "../../src/charts/load";
import { loadPortfolioDay, loadSparks, type PortfolioDay, VALUE_WORDS } from "../../src/charts/portfolio_day";
import { MINUTE_MS, SessionLine } from "../../src/charts/session_line";
import { Sparks } from "../../src/pages/portfolio_sparks";
import { ValueChart, type ValueFrame } from "../../src/pages/portfolio_value";
import { held } from "../cells/held";

// The library paints on a canvas, which the test's page has not.
vi.mock("lightweight-charts", () => {
  const series = { applyOptions: () => {}, setData: () => {}, update: () => {} };
  const times = { setVisibleLogicalRange: () => {} };
  const chart = { addSeries: () => series, timeScale: () => times, remove: () => {} };
  return { BaselineSeries: {}, LineSeries: {}, CrosshairMode: {}, createChart: () => chart };
});

const OPENS = Date.parse("2012-05-21T13:30:00Z");
const CLOSES = Date.parse("2012-05-21T20:00:00Z");

function dayOf(values: readonly string[]): PortfolioDay {
  const minutes = values.map((close, index) => {
    return { at: OPENS + index * MINUTE_MS, open: close, high: close, low: close, close };
  });
  const frame = {
    symbol: "Long term",
    sessionDay: "2012-05-21",
    opensAt: OPENS,
    closesAt: CLOSES,
    zone: "Europe/Berlin",
    previousClose: "100.00",
    pricePlaces: 2,
    axisPlaces: 0,
    words: VALUE_WORDS,
  };
  return { line: new SessionLine(frame, minutes), currency: "EUR" };
}

function frame(value: string, minute: number, columns: Partial<ValueFrame> = {}): ValueFrame {
  return { value, currency: "EUR", at: OPENS + minute * MINUTE_MS, day: "2012-05-18", ledger: 7, ...columns };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the documents of a portfolio's day", () => {
  function answer(document: unknown): void {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(document))));
  }

  test("values are of the end of their minutes, and the running one of its moment", async () => {
    const points = [
      { at: "2012-05-21T13:31:00.000Z", value: "101.00" },
      { at: "2012-05-21T13:31:20.000Z", value: "102.50" },
    ];
    const times = { opens_at: "2012-05-21T13:30:00.000Z", closes_at: "2012-05-21T20:00:00.000Z" };
    answer({
      currency: "EUR",
      session_day: "2012-05-21",
      ...times,
      zone: "Europe/Berlin",
      reference: "100.00",
      points,
      marks: [
        { at: "2012-05-21T07:00:00.000Z", kind: "deposit", count: 1 },
        { at: "2012-05-21T13:31:10.000Z", kind: "buy", count: 2 },
      ],
    });
    const { line, currency } = await loadPortfolioDay("p-1", "Long term", "America/New_York");
    expect(currency).toBe("EUR");
    expect(line.minutes.map(({ at, close }) => [at, close])).toEqual([
      [OPENS, "101.00"],
      [OPENS + MINUTE_MS, "102.50"],
    ]);
    // What was booked before the line begins stands at its first minute.
    expect(line.frame.marks).toEqual([
      { day: OPENS, kind: "deposit", count: 1 },
      { day: OPENS + MINUTE_MS, kind: "buy", count: 2 },
    ]);
    expect(line.frame).toMatchObject({ previousClose: "100.00", pricePlaces: 2, zone: "America/New_York" });
  });

  test("an answer of another shape is refused", async () => {
    answer({ currency: "EUR" });
    await expect(loadPortfolioDay("p-1", "Long term", "UTC")).rejects.toThrow("today.session_day");
    answer({ sparks: [{}] });
    await expect(loadSparks("p-1")).rejects.toThrow("sparks[0].symbol");
  });

  test("sparklines are lines of the instruments", async () => {
    const times = { opens_at: null, closes_at: null };
    const points = [{ at: "2012-05-21T13:30:00.000Z", close: "557.43" }];
    const spark = { symbol: "AAPL", session_day: "2012-05-21", ...times, zone: "UTC", previous_close: "530.38" };
    answer({ sparks: [{ ...spark, price_places: 2, points }] });
    const [line] = await loadSparks("p-1");
    expect(line?.frame).toMatchObject({ symbol: "AAPL", previousClose: "530.38" });
    expect(line?.last?.close).toBe("557.43");
  });
});

describe("the chart of the value", () => {
  const PANEL =
    '<span id="chart-day"></span><span id="chart-zone"></span><span id="value-since"></span><span id="legend-reference"></span>' +
    '<div id="chart"></div><button id="chart-table-button"></button>';
  let loads: (() => Promise<PortfolioDay>)[];
  let chart: ValueChart;
  let asked: number;

  beforeEach(() => {
    document.body.innerHTML = PANEL;
    loads = [];
    asked = 0;
    chart = new ValueChart({
      id: "p-1",
      name: "Long term",
      zone: "Europe/Berlin",
      load: () => {
        asked += 1;
        return loads.shift()?.() ?? Promise.reject(new LoadFailed("offline", "No connection."));
      },
    });
  });

  async function started(day: PortfolioDay): Promise<SessionLine> {
    loads.push(() => Promise.resolve(day));
    chart.start();
    await vi.advanceTimersByTimeAsync(0);
    return day.line;
  }

  test("the line grows with each frame", async () => {
    const line = await started(dayOf(["101.00"]));
    chart.add(frame("102.00", 0.5));
    chart.add(frame("103.00", 1.2));
    expect(line.minutes.map(({ close }) => close)).toEqual(["102.00", "103.00"]);
    expect(document.getElementById("chart-day")?.textContent).toBe("21 May 2012");
    expect(document.getElementById("chart-zone")?.textContent).toBe("Berlin time");
  });

  test("what was heard while the day was loaded is kept on top of it", async () => {
    const day = dayOf(["101.00"]);
    loads.push(() => Promise.resolve(day));
    chart.start();
    chart.add(frame("104.00", 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(day.line.last).toMatchObject({ at: OPENS + MINUTE_MS, close: "104.00" });
  });

  test("a hole, a booking and another day load the line anew, once", async () => {
    await started(dayOf(["101.00"]));
    const later = dayOf(["101.00", "102.00", "103.00", "104.00", "105.00"]);
    for (const other of [
      frame("105.00", 9),
      frame("105.00", 1, { ledger: 8 }),
      frame("99.00", 1, { day: "2012-05-21" }),
    ]) {
      const before = asked;
      chart.add(frame("101.00", 0.5));
      chart.add(other);
      chart.add(other);
      loads.push(() => Promise.resolve(later));
      await vi.advanceTimersByTimeAsync(6_000);
      expect(asked).toBe(before + 1);
      loads.push(() => Promise.resolve(dayOf(["101.00"])));
      chart.caughtUp();
      await vi.advanceTimersByTimeAsync(6_000);
    }
  });

  test("values of another currency are not drawn on the line of the first", async () => {
    const line = await started(dayOf(["101.00"]));
    chart.add(frame("130.00", 0.5, { currency: "USD" }));
    expect(line.last?.close).toBe("101.00");
  });

  test("where nothing has a value there is a sentence and no line, until something has one", async () => {
    loads.push(() => Promise.resolve(dayOf([])));
    chart.start();
    chart.add(frame("0", 0.5, { value: null }));
    await vi.advanceTimersByTimeAsync(0);
    const told = (): string => document.getElementById("chart")?.textContent ?? "";
    expect(told()).toContain("Nothing has a value now");
    expect(told()).not.toMatch(/\d/);
    const day = dayOf(["101.00"]);
    loads.push(() => Promise.resolve(day));
    chart.add(frame("102.00", 1));
    await vi.advanceTimersByTimeAsync(6_000);
    await vi.dynamicImportSettled();
    expect([told().includes("Nothing has a value"), day.line.last?.close]).toEqual([false, "102.00"]);
  });

  test("a line that ends without a value gives way to the sentence", async () => {
    const line = await started(dayOf(["101.00"]));
    chart.add(frame("102.00", 0.5));
    chart.add(frame("0", 1, { value: null }));
    await vi.dynamicImportSettled();
    expect(document.getElementById("chart")?.textContent).toContain("Nothing has a value now");
    expect(line.last?.close).toBe("102.00");
  });

  test("what failed is told with its code, and tried again by a click", async () => {
    loads.push(() => Promise.reject(new LoadFailed("http_500", "The server answered 500.")));
    chart.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(document.getElementById("chart")?.textContent).toContain("Code: http_500");
    loads.push(() => Promise.resolve(dayOf([])));
    document.querySelector<HTMLElement>("#chart button")?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(document.getElementById("chart")?.textContent).toContain("No session yet");
  });
});

describe("sparklines", () => {
  function lineOf(symbol: string, close: string): SessionLine {
    const minute = { at: OPENS, open: close, high: close, low: close, close };
    return new SessionLine({ ...dayOf([]).line.frame, symbol }, [minute]);
  }

  test("they are loaded together, extended by prices, and loaded anew for what has none", async () => {
    const shown: string[] = [];
    let asked = 0;
    const lines = [[lineOf("AAPL", "557.00")], [lineOf("AAPL", "557.00"), lineOf("IBM", "196.00")]];
    const sparks = new Sparks(
      "p-1",
      (line) => shown.push(`${line.frame.symbol} ${line.last?.close}`),
      () => Promise.resolve(lines[asked++] ?? []),
    );
    sparks.add([held({ price: "557.43", source_time: "2012-05-21T13:30:30.000Z" })]);
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, shown]).toEqual([1, ["AAPL 557.00"]]);
    sparks.add([held({ price: "558.00", source_time: "2012-05-21T13:30:40.000Z" })]);
    expect(shown.at(-1)).toBe("AAPL 558.00");
    sparks.add([held({ symbol: "IBM", price: "196.10", source_time: "2012-05-21T13:30:40.000Z" })]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(asked).toBe(2);
    expect(shown).toContain("IBM 196.00");
  });

  test("a price of another session loads them anew", async () => {
    let asked = 0;
    const sparks = new Sparks(
      "p-1",
      () => {},
      () => {
        asked += 1;
        return Promise.resolve([lineOf("AAPL", "557.00")]);
      },
    );
    sparks.reloadSoon();
    await vi.advanceTimersByTimeAsync(0);
    sparks.add([held({ source_time: "2012-05-22T13:30:10.000Z" })]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(asked).toBe(2);
  });
});
