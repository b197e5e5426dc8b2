import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LoadFailed } from "../../src/charts/load";
import { MINUTE_MS, SessionLine } from "../../src/charts/session_line";
import { loadToday } from "../../src/charts/today";
import { Days } from "../../src/pages/days";
import { row } from "../live/frames";

const OPENS = Date.parse("2012-05-21T13:30:00Z");

function line(symbol: string, minutes = 1, close = "1.00"): SessionLine {
  const frame = {
    symbol,
    sessionDay: "2012-05-21",
    opensAt: null,
    closesAt: null,
    zone: "UTC",
    previousClose: null,
    pricePlaces: 2,
  };
  return new SessionLine(
    frame,
    Array.from({ length: minutes }, (_, index) => {
      return { at: OPENS + index * MINUTE_MS, open: close, high: close, low: close, close };
    }),
  );
}

describe("the days of the listed instruments", () => {
  let asked: string[];
  let failed: string[];
  let answers: Map<string, (line: SessionLine | LoadFailed) => void>;
  let days: Days;

  beforeEach(() => {
    asked = [];
    failed = [];
    answers = new Map();
    days = new Days({
      onLoaded: () => {},
      onFailed: (symbol, failure) => failed.push(`${symbol} ${failure.code}`),
      load: (symbol) =>
        new Promise((resolve, reject) => {
          asked.push(symbol);
          answers.set(symbol, (answer) => (answer instanceof LoadFailed ? reject(answer) : resolve(answer)));
        }),
    });
  });

  async function answer(symbol: string, outcome: SessionLine | LoadFailed = line(symbol)): Promise<void> {
    answers.get(symbol)?.(outcome);
    await vi.waitFor(() => expect(outcome instanceof LoadFailed ? failed : days.line(symbol)).toBeTruthy());
  }

  test("two are asked for at once, and an urgent one goes before those that wait", async () => {
    for (const symbol of ["A", "B", "C", "D"]) days.reload(symbol);
    days.reload("D", true);
    expect(asked).toEqual(["A", "B"]);
    await answer("A");
    await vi.waitFor(() => expect(asked).toEqual(["A", "B", "D"]));
  });

  test("a failure is told and does not stop the others", async () => {
    for (const symbol of ["A", "B", "C"]) days.reload(symbol);
    await answer("A", new LoadFailed("timeout", "No answer within 10 s."));
    expect(failed).toEqual(["A timeout"]);
    await vi.waitFor(() => expect(asked).toEqual(["A", "B", "C"]));
  });

  test("a tick extends the line, and nothing is loaded again for it", async () => {
    days.reload("A");
    await answer("A");
    const tick = row({ price: "2.00", source_time: "2012-05-21T13:31:10.000Z" });
    expect(days.add("A", tick)).toBe(true);
    expect(days.line("A")?.last?.close).toBe("2.00");
    expect(asked).toEqual(["A"]);
  });

  describe("when another day begins", () => {
    const NEXT_OPEN = Date.parse("2012-05-22T13:30:00Z");

    beforeEach(async () => {
      days.reload("A");
      await answer("A", line("A", 390));
      vi.useFakeTimers();
      vi.setSystemTime(0);
      vi.advanceTimersByTime(60_000);
    });

    afterEach(() => vi.useRealTimers());

    function tickOfNext(second: number, price: string): ReturnType<typeof row> {
      const source_time = new Date(NEXT_OPEN + second * 1_000).toISOString();
      return row({ price, previous_close: "1.00", session_day: "2012-05-22", source_time });
    }

    function nextLine(close: string, at = NEXT_OPEN): SessionLine {
      const { frame } = line("A");
      return new SessionLine({ ...frame, sessionDay: "2012-05-22", opensAt: NEXT_OPEN }, [
        { at, open: close, high: close, low: close, close },
      ]);
    }

    async function answered(outcome: SessionLine | LoadFailed): Promise<void> {
      answers.get("A")?.(outcome);
      await vi.advanceTimersByTimeAsync(0);
    }

    test("its first price drops the old line at once, and the ticks make the new one", () => {
      expect(days.add("A", tickOfNext(0, "2.00"))).toBe(true);
      expect(days.add("A", tickOfNext(2, "1.90"))).toBe(true);
      expect(days.line("A")?.frame).toMatchObject({ sessionDay: "2012-05-22", previousClose: "1.00", opensAt: null });
      expect(days.line("A")?.range()).toEqual({ open: "2.00", high: "2.00", low: "1.90" });
      expect(asked).toEqual(["A", "A"]);
    });

    test("it is loaded by the clock, and not by further prices, until the server has that day", async () => {
      days.add("A", tickOfNext(0, "2.00"));
      for (const wait of [300, 600, 1_200, 2_000, 2_000]) {
        await answered(line("A", 390));
        expect(days.line("A")?.frame.sessionDay).toBe("2012-05-22");
        const before = asked.length;
        await vi.advanceTimersByTimeAsync(wait - 1);
        expect(asked.length).toBe(before);
        await vi.advanceTimersByTimeAsync(1);
        expect(asked.length).toBe(before + 1);
      }
      await answered(nextLine("2.10"));
      expect(days.line("A")?.frame.opensAt).toBe(NEXT_OPEN);
      const settled = asked.length;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked.length).toBe(settled);
    });

    test("what the ticks told after the server's last bar is kept", async () => {
      days.add("A", tickOfNext(0, "2.00"));
      days.add("A", tickOfNext(61, "2.20"));
      await answered(nextLine("2.10"));
      expect(days.line("A")?.range()).toEqual({ open: "2.10", high: "2.20", low: "2.10" });
    });

    test("a failure to load is tried again by the clock", async () => {
      days.add("A", tickOfNext(0, "2.00"));
      await answered(new LoadFailed("timeout", "No answer within 10 s."));
      await vi.advanceTimersByTimeAsync(300);
      expect(asked.length).toBe(3);
    });

    test("days that fly past are not each loaded at once", async () => {
      for (let day = 1; day <= 20; day += 1) {
        const session_day = new Date(OPENS + day * 86_400_000).toISOString().slice(0, 10);
        days.add("A", row({ price: "2.00", session_day, source_time: `${session_day}T13:30:00.000Z` }));
        expect(days.line("A")?.frame.sessionDay).toBe(session_day);
        await answered(line("A", 390));
        await vi.advanceTimersByTimeAsync(200);
      }
      expect(asked.length).toBeLessThan(8);
    });
  });

  test("a line that comes after a price of another day gives way to that day", async () => {
    vi.useFakeTimers();
    days.add("A", row({ price: "2.00", session_day: "2012-05-22", source_time: "2012-05-22T13:30:00.000Z" }));
    days.reload("A");
    await answer("A");
    expect(days.line("A")?.frame.sessionDay).toBe("2012-05-22");
    expect(days.line("A")?.range()?.open).toBe("2.00");
    vi.useRealTimers();
  });

  function tickOf(minute: number, price: string): ReturnType<typeof row> {
    return row({ price, source_time: new Date(OPENS + minute * MINUTE_MS + 10_000).toISOString() });
  }

  describe("when the replay runs anew on the same day", () => {
    let now: number;

    beforeEach(async () => {
      now = 0;
      vi.spyOn(performance, "now").mockImplementation(() => now);
      days.reload("A");
      await answer("A", line("A", 60, "9.00"));
      expect(days.add("A", tickOf(60, "9.50"))).toBe(true);
    });

    afterEach(() => vi.restoreAllMocks());

    test("its first price drops the old line at once, and the new one knows nothing of it", async () => {
      expect(days.add("A", tickOf(5, "2.00"))).toBe(false);
      expect([days.line("A"), asked]).toEqual([undefined, ["A", "A"]]);
      await answer("A", line("A", 5));
      expect(days.add("A", tickOf(5, "2.00"))).toBe(true);
      expect(days.line("A")?.range()).toEqual({ open: "1.00", high: "2.00", low: "1.00" });
    });

    test("where the new line cannot be loaded, a later price tries again", async () => {
      days.add("A", tickOf(5, "2.00"));
      await answer("A", new LoadFailed("timeout", "No answer within 10 s."));
      await vi.waitFor(() => expect(failed).toEqual(["A timeout"]));
      days.add("A", tickOf(5, "2.10"));
      expect(asked.length).toBe(2);
      now = 2_000;
      days.add("A", tickOf(5, "2.20"));
      await vi.waitFor(() => expect(asked.length).toBe(3));
    });

    test("a price a little late is no new run", () => {
      expect(days.add("A", tickOf(59, "2.00"))).toBe(false);
      expect([days.line("A")?.minutes.length, asked.length]).toEqual([61, 1]);
    });
  });

  test("a line loaded anew takes over no minute after the newest price", async () => {
    days.reload("A");
    await answer("A", line("A", 60, "9.00"));
    days.add("A", tickOf(5, "2.00"));
    days.reload("A");
    await answer("A", line("A", 5));
    await vi.waitFor(() => expect(days.line("A")?.minutes.length).toBe(6));
  });

  test("bars that come before their price are given time, and then count as another run's", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    days.reload("A");
    await answer("A", line("A", 60));
    days.add("A", tickOf(5, "2.00"));
    expect(days.line("A")?.minutes.length).toBe(60);
    now = 2_000;
    days.add("A", tickOf(5, "2.10"));
    expect([days.line("A"), asked.length]).toEqual([undefined, 2]);
  });
});

describe("loading a day", () => {
  const document = {
    symbol: "AAPL",
    session_day: "2012-05-21",
    opens_at: "2012-05-21T13:30:00.000Z",
    closes_at: "2012-05-21T20:00:00.000Z",
    zone: "America/New_York",
    previous_close: "530.38",
    price_places: 2,
    bars: [{ starts_at: "2012-05-21T13:30:00.000Z", open: "534.50", high: "535.00", low: "534.00", close: "534.75" }],
  };

  function answering(body: unknown, status = 200): void {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status }));
  }

  test("the server's bars become the line's minutes", async () => {
    answering({ ...document, later_field: 1 });
    const loaded = await loadToday("AAPL");
    expect(loaded.frame).toMatchObject({ symbol: "AAPL", previousClose: "530.38", zone: "America/New_York" });
    expect(loaded.minutes[0]).toMatchObject({ open: "534.50", high: "535.00", low: "534.00", close: "534.75" });
  });

  test("a problem document gives its code", async () => {
    answering({ code: "unknown_symbol", status: 404 }, 404);
    await expect(loadToday("XXXX")).rejects.toMatchObject({ code: "unknown_symbol" });
  });

  test("an answer of another shape is refused and not guessed at", async () => {
    answering({ ...document, bars: [{ starts_at: 5 }] });
    await expect(loadToday("AAPL")).rejects.toMatchObject({
      code: "unreadable_answer",
      message: "Expected text at today.bars[0].starts_at.",
    });
  });

  test("no connection is told as offline", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(loadToday("AAPL")).rejects.toMatchObject({ code: "offline" });
  });
});
