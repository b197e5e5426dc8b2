import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestMinute, timeScale, valueScale, xOf, yOf } from "../../src/charts/scale";
import { chartSentence, minuteFacts } from "../../src/charts/sentence";
import { MINUTE_MS, type SessionFrame, SessionLine } from "../../src/charts/session_line";
import { sparkPaths } from "../../src/charts/spark";
import { offsetOf, timeTicks, valueTicks } from "../../src/charts/ticks";

const OPENS = Date.parse("2012-05-21T13:30:00Z");
const CLOSES = Date.parse("2012-05-21T20:00:00Z");
const FRAME: SessionFrame = {
  symbol: "AAPL",
  sessionDay: "2012-05-21",
  opensAt: OPENS,
  closesAt: CLOSES,
  zone: "America/New_York",
  previousClose: "530.38",
  pricePlaces: 2,
};

function lineOf(closes: readonly string[], frame: Partial<SessionFrame> = {}): SessionLine {
  const minutes = closes.map((close, index) => {
    return { at: OPENS + index * MINUTE_MS, open: close, high: close, low: close, close };
  });
  return new SessionLine({ ...FRAME, ...frame }, minutes);
}

describe("the line of the day", () => {
  test("a price of the running minute moves its close, and its high or low", () => {
    const line = lineOf(["534.50"]);
    expect(line.add("536.00", OPENS + 20_000)).toBe(true);
    expect(line.add("533.00", OPENS + 40_000)).toBe(true);
    expect(line.minutes).toEqual([{ at: OPENS, open: "534.50", high: "536.00", low: "533.00", close: "533.00" }]);
  });

  test("a price of a later minute begins a new one", () => {
    const line = lineOf(["534.50"]);
    line.add("536.00", OPENS + MINUTE_MS + 1);
    expect(line.last).toMatchObject({ at: OPENS + MINUTE_MS, open: "536.00", close: "536.00" });
  });

  test("a price that changes nothing, or comes late, is not drawn again", () => {
    const line = lineOf(["534.50", "535.00"]);
    expect([line.add("535.00", OPENS + MINUTE_MS), line.add("500.00", OPENS)]).toEqual([false, false]);
  });

  test("a line loaded anew keeps what the ticks told since its last bar", () => {
    const earlier = lineOf(["534.50", "535.00", "536.00"]);
    const loaded = lineOf(["534.60"]);
    loaded.adopt(earlier, OPENS + 2 * MINUTE_MS);
    expect(loaded.minutes.map(({ close }) => close)).toEqual(["534.60", "535.00", "536.00"]);
    const nextDay = lineOf([], { sessionDay: "2012-05-22" });
    nextDay.adopt(earlier, OPENS + 2 * MINUTE_MS);
    expect(nextDay.minutes).toEqual([]);
  });

  test("a line loaded anew leaves behind the minutes after the newest price", () => {
    const loaded = lineOf(["534.60"]);
    loaded.adopt(lineOf(["534.50", "535.00", "999.00"]), OPENS + MINUTE_MS + 30_000);
    expect(loaded.minutes.map(({ close }) => close)).toEqual(["534.60", "535.00"]);
  });

  test("a line that ends more than a minute after a price is ahead of it", () => {
    const line = lineOf(["534.50", "535.00", "536.00"]);
    expect([OPENS + MINUTE_MS, OPENS + MINUTE_MS - 1].map((at) => line.isAheadOf(at))).toEqual([false, true]);
    expect(lineOf([]).isAheadOf(OPENS)).toBe(false);
  });

  test("a hole is noticed", () => {
    const line = lineOf(["534.50"]);
    expect(line.minutesMissingBefore(OPENS + MINUTE_MS)).toBe(0);
    expect(line.minutesMissingBefore(OPENS + 5 * MINUTE_MS)).toBe(4);
  });

  test("the range compares prices as decimals and not as text", () => {
    expect(lineOf(["99.50", "100.20", "9.99"]).range()).toEqual({ open: "99.50", high: "100.20", low: "9.99" });
    expect(lineOf([]).range()).toBeNull();
  });

  test("the axis spans the session, and grows where prices come before or after it", () => {
    expect(lineOf(["534.50"]).span()).toEqual({ from: OPENS, to: CLOSES });
    const line = lineOf(["534.50"]);
    line.add("535.00", CLOSES + MINUTE_MS);
    expect(line.span()).toEqual({ from: OPENS, to: CLOSES + 2 * MINUTE_MS });
    expect(lineOf([], { opensAt: null, closesAt: null }).span()).toBeNull();
  });
});

describe("the scales", () => {
  test("the plot holds every close and the previous close, with air", () => {
    const scale = valueScale(lineOf(["534.50", "557.43"]));
    expect(scale?.low).toBeLessThan(530.38);
    expect(scale?.high).toBeGreaterThan(557.43);
  });

  test("a day without movement still has a band", () => {
    const scale = valueScale(lineOf(["530.38"])) ?? { low: 0, high: 0 };
    expect(scale.high - scale.low).toBeGreaterThan(0.5);
    expect(yOf(530.38, scale, 201)).toBeCloseTo(100);
  });

  test("a line of zeros has a place too", () => {
    const scale = valueScale(lineOf(["0.00", "0.00"], { previousClose: "0.00" })) ?? { low: 0, high: 0 };
    expect(yOf(0, scale, 201)).toBeCloseTo(100);
  });

  test("pointing at a minute's place finds that minute", () => {
    const line = lineOf(Array.from({ length: 200 }, (_, index) => `${500 + index}.00`));
    const scale = timeScale(line);
    if (scale === null) throw new Error("Expected a scale.");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 199 }), fc.integer({ min: 200, max: 1600 }), (index, width) => {
        const minute = line.minutes[index];
        expect(nearestMinute(line, xOf(minute?.at ?? 0, scale, width), scale, width)).toBe(index);
      }),
    );
    expect([nearestMinute(line, -50, scale, 800), nearestMinute(line, 5_000, scale, 800)]).toEqual([0, 199]);
  });

  test("value ticks are round, inside, and about as many as wanted", () => {
    expect(valueTicks(529.1, 561.4, 6)).toEqual([530, 540, 550, 560]);
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        (low, span) => {
          const ticks = valueTicks(low, low + span, 6);
          expect(ticks.length).toBeLessThanOrEqual(7);
          for (const tick of ticks) expect(tick >= low - 1e-6 && tick <= low + span + 1e-6).toBe(true);
        },
      ),
    );
  });

  test("time ticks begin at the opening and then stand at round hours of the exchange", () => {
    const options = { offsetMs: offsetOf(FRAME.zone, OPENS), labelWidth: 40 };
    const told = timeTicks(OPENS, CLOSES, 340, options).map(({ at, anchor }) => [(at - OPENS) / MINUTE_MS, anchor]);
    expect(options.offsetMs).toBe(-4 * 3_600_000);
    expect(told).toEqual([
      [0, "start"],
      [150, "middle"],
      [270, "middle"],
      [390, "end"],
    ]);
  });

  test("zones ahead of, behind and at UTC are known", () => {
    expect(["Asia/Kolkata", "America/New_York", "UTC"].map((zone) => offsetOf(zone, OPENS) / 3_600_000)).toEqual([
      5.5, -4, 0,
    ]);
  });
});

describe("the chart in words", () => {
  test("its name says open, last, low, high and previous close", () => {
    expect(chartSentence(lineOf(["534.50", "557.43"]), "USD")).toBe(
      "AAPL on 21 May 2012 in USD: 534.50 at 09:30, 557.43 at 09:31, low 534.50, high 557.43, previous close 530.38.",
    );
  });

  test("without a price it says so", () => {
    expect(chartSentence(lineOf([]), "USD")).toBe("AAPL: no prices of this session yet.");
  });

  test("of a portfolio it is told in its own words", () => {
    const words = { value: "Value", reference: "at the reference", none: "no values" };
    const line = lineOf(["145000.00", "145479.20"], { symbol: "Long term", previousClose: "144856.10", words });
    expect(chartSentence(line, "EUR")).toBe(
      "Long term on 21 May 2012 in EUR: 145,000.00 at 09:30, 145,479.20 at 09:31, low 145,000.00, high 145,479.20, " +
        "at the reference 144,856.10.",
    );
    expect(chartSentence(lineOf([], { symbol: "Long term", words }), "EUR")).toBe(
      "Long term: no values of this session yet.",
    );
  });

  test("a minute is told with its change since the previous close", () => {
    const line = lineOf(["557.43"]);
    const [minute] = line.minutes;
    if (minute === undefined) throw new Error("Expected a minute.");
    expect(minuteFacts(line, minute)).toEqual({
      when: "09:30",
      price: "557.43",
      change: "+27.05",
      changePercent: "+5.10 %",
    });
    expect(minuteFacts(lineOf(["1.00"], { previousClose: null }), minute).change).toBeNull();
  });
});

describe("the spark", () => {
  test("it spans the session, so that a young day is short", () => {
    const { base, line } = sparkPaths(lineOf(["534.50", "536.00"]));
    expect(base).toBe("M0 22.0H56");
    expect(line).toBe("M0.0 7.3L0.1 2.0");
  });

  test("a line of one minute is not drawn", () => {
    expect(sparkPaths(lineOf(["534.50"]))).toEqual({ base: "", line: "" });
  });
});

test("a small line grows by a point in each step, and its last point moves with the price", () => {
  const line = new SessionLine(FRAME, [], 5 * MINUTE_MS);
  const opens = 1_000 * 5 * MINUTE_MS;
  for (let minute = 0; minute < 12; minute += 1) line.add(`${100 + minute}.00`, opens + minute * MINUTE_MS);
  expect(line.minutes.map(({ at, close }) => [at - opens, close])).toEqual([
    [0, "104.00"],
    [5 * MINUTE_MS, "109.00"],
    [10 * MINUTE_MS, "111.00"],
  ]);
});

test("a price after the server's last minute extends a small line within its step", () => {
  const opens = 1_000 * 5 * MINUTE_MS;
  const at = opens + 3 * MINUTE_MS;
  const known = { at, open: "1.00", high: "1.00", low: "1.00", close: "1.00" };
  const line = new SessionLine(FRAME, [known], 5 * MINUTE_MS);
  expect(line.add("2.00", at + MINUTE_MS)).toBe(true);
  expect(line.minutes).toMatchObject([{ at, close: "2.00" }]);
  expect(line.add("3.00", at - 1)).toBe(false);
});
