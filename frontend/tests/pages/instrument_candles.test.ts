// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Candle, CandleSeries, type Step } from "../../src/charts/candles";
import type { CandleSpan, LoadedCandles } from "../../src/charts/candles_data";
import { LoadFailed } from "../../src/charts/load";
import { shortcuts } from "../../src/lib/shortcuts";
import type { QuoteRow } from "../../src/live/messages.gen";
import { InstrumentCandles } from "../../src/pages/instrument_candles";

const SPANS = ["1D", "1W", "3M", "YTD", "1Y", "5Y", "All"];
const ROW: QuoteRow = {
  name: "Apple Inc.",
  currency: "USD",
  price_places: 2,
  price: "560.00",
  previous_close: "530.38",
  change: "29.62",
  change_percent: "5.58",
  quality: "live",
  session: "regular",
  session_day: "2012-05-21",
  source: "alpaca",
  source_time: "2012-05-21T14:00:00.000Z",
  received_time: null,
};

let load: ReturnType<typeof vi.fn<(symbol: string, span: CandleSpan) => Promise<LoadedCandles>>>;

function candle(at: string, close: string): Candle {
  return { at, open: close, high: close, low: close, close, volume: "1000" };
}

function loadedOf(span: CandleSpan, step: Step, candles: readonly Candle[]): LoadedCandles {
  const frame = {
    symbol: "AAPL",
    pricePlaces: 2,
    zone: "UTC",
    span,
    step,
    day: "2012-05-21",
    opensAt: null,
    closesAt: null,
    before: null,
  };
  return { series: new CandleSeries(frame, candles), events: [] };
}

function daily(span: CandleSpan, close = "534.50"): LoadedCandles {
  return loadedOf(span, "day", [candle("2012-05-18", "530.38"), candle("2012-05-21", close)]);
}

beforeEach(() => {
  const buttons = SPANS.map(
    (span) => `<button type="button" data-span="${span}" aria-pressed="${span === "3M"}">${span}</button>`,
  );
  document.body.innerHTML =
    `<div id="spans">${buttons.join("")}</div><button id="chart-table-button" aria-pressed="false"></button>` +
    `<span id="volume-legend"></span><input id="field"><div id="chart"></div>`;
  load = vi.fn((_symbol: string, span: CandleSpan) => Promise.resolve(daily(span)));
});

document.addEventListener("keydown", (event) => shortcuts.pressed(event));

afterEach(() => {
  vi.useRealTimers();
});

function begun(): InstrumentCandles {
  const candles = new InstrumentCandles({ symbol: "AAPL", unit: "USD", load });
  candles.start([{ day: "2012-05-18", kind: "buy", count: 1 }]);
  return candles;
}

function press(key: string, target: EventTarget = document): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function name(): string {
  return document.querySelector("#chart [role=img]")?.getAttribute("aria-label") ?? "";
}

async function shown(): Promise<void> {
  await vi.waitFor(() => expect(name()).toContain("Daily candles of AAPL in USD"));
}

test("the chart is named by its candles and tells the most that was traded", async () => {
  begun();
  await shown();
  expect(load).toHaveBeenCalledWith("AAPL", "3M");
  expect(document.getElementById("volume-legend")?.textContent).toBe("volume, most 1.0 k");
});

test("the axis of minutes is in the exchange's time, and says so", async () => {
  begun();
  await shown();
  load.mockImplementation(() => Promise.resolve(loadedOf("1D", "minutes", [candle("2012-05-21T14:00:00Z", "534.50")])));
  press("1");
  await vi.waitFor(() => expect(document.getElementById("volume-legend")?.textContent).toContain("UTC time"));
});

test("keys choose a span once each, and a key that is typed in a field does not", async () => {
  begun();
  await shown();
  press("7", document.getElementById("field") ?? document);
  expect(load).toHaveBeenCalledTimes(1);
  press("7");
  await vi.waitFor(() => expect(load).toHaveBeenLastCalledWith("AAPL", "All"));
  press("3");
  press("7");
  await vi.waitFor(() =>
    expect(document.querySelector("[data-span='All']")?.getAttribute("aria-pressed")).toBe("true"),
  );
  expect(load).toHaveBeenCalledTimes(2);
});

test("T shows the same data as a table, with what was booked, and back", async () => {
  begun();
  await shown();
  press("t");
  const table = document.querySelector(".minutes");
  expect(table?.hasAttribute("hidden")).toBe(false);
  expect(table?.textContent).toContain("1 purchase");
  expect(document.getElementById("chart-table-button")?.getAttribute("aria-pressed")).toBe("true");
  press("T");
  expect(table?.hasAttribute("hidden")).toBe(true);
});

test("a price moves the last candle", async () => {
  const candles = begun();
  await shown();
  candles.add(ROW);
  await vi.waitFor(() => expect(name()).toContain("last 560.00."));
});

test("a price that came while the candles were loaded is in them", async () => {
  const candles = begun();
  candles.add(ROW);
  await vi.waitFor(() => expect(name()).toContain("last 560.00."));
});

test("candles of another run are loaded anew", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  const candles = begun();
  await shown();
  candles.add({ ...ROW, session_day: "2012-05-14" });
  expect(load).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3_000);
  expect(load).toHaveBeenCalledTimes(2);
});

test("where nothing is known of a span it says what will stand there", async () => {
  load.mockImplementation((_symbol, span) => Promise.resolve(loadedOf(span, "day", [])));
  begun();
  await vi.waitFor(() => expect(document.getElementById("chart")?.textContent).toContain("No prices in this span yet"));
  press("t");
  expect(document.getElementById("chart-table-button")?.getAttribute("aria-pressed")).toBe("false");
});

test("what could not be loaded says why and is tried again", async () => {
  load.mockRejectedValueOnce(new LoadFailed("timeout", "No answer within 10 s."));
  begun();
  await vi.waitFor(() => expect(document.getElementById("chart")?.textContent).toContain("Code: timeout"));
  document.querySelector<HTMLButtonElement>("#chart button")?.click();
  await shown();
});
