import { describe, expect, test } from "vitest";
import { type DayOf, summedDay } from "../../src/charts/net_worth_day";
import { type SessionFrame, SessionLine } from "../../src/charts/session_line";

const MINUTE = 60_000;

function dayOf(values: { readonly [minute: number]: string }, frame: Partial<SessionFrame> = {}, value = "0"): DayOf {
  const whole: SessionFrame = {
    symbol: "One",
    sessionDay: "2012-05-21",
    opensAt: 10 * MINUTE,
    closesAt: 20 * MINUTE,
    zone: "UTC",
    previousClose: "100.00",
    pricePlaces: 2,
    ...frame,
  };
  const minutes = Object.entries(values).map(([at, close]) => {
    return { at: Number(at) * MINUTE, open: close, high: close, low: close, close };
  });
  return { day: { line: new SessionLine(whole, minutes), currency: "EUR" }, value };
}

function told(days: readonly DayOf[]): readonly string[] {
  const { line } = summedDay(days, "Net worth", "UTC");
  return line.minutes.map(({ at, close }) => `${at / MINUTE} ${close}`);
}

describe("the day of several portfolios", () => {
  test("is the sum of what each was worth last, before its first minute what it began with", () => {
    const days = [dayOf({ 11: "101.00", 13: "103.00" }), dayOf({ 12: "50.00" }, { previousClose: "40.00" })];
    expect(told(days)).toEqual(["11 141.00", "12 151.00", "13 153.00"]);
  });

  test("spans all sessions and begins with all references", () => {
    const other = { opensAt: 5 * MINUTE, closesAt: 15 * MINUTE, previousClose: "40.00" };
    const { line, currency } = summedDay([dayOf({ 11: "1" }), dayOf({ 12: "2" }, other)], "Net worth", "Europe/Berlin");
    expect(line.frame).toMatchObject({
      symbol: "Net worth",
      opensAt: 5 * MINUTE,
      closesAt: 20 * MINUTE,
      previousClose: "140.00",
      zone: "Europe/Berlin",
    });
    expect(currency).toBe("EUR");
  });

  test("has no reference where one of them has none", () => {
    const { line } = summedDay([dayOf({ 11: "1" }), dayOf({ 12: "2" }, { previousClose: null })], "Net worth", "UTC");
    expect(line.frame.previousClose).toBeNull();
    expect(told([dayOf({ 11: "1" }), dayOf({ 12: "2" }, { previousClose: null })])).toEqual(["11 3", "12 3"]);
  });

  test("counts what is not traded in the session by what it is worth now", () => {
    const still = dayOf({}, { sessionDay: null, opensAt: null, closesAt: null, previousClose: null }, "7.00");
    const days = [still, dayOf({ 11: "101.00" })];
    expect(told(days)).toEqual(["11 108.00"]);
    expect(summedDay(days, "Net worth", "UTC").line.frame).toMatchObject({ previousClose: "107.00", pricePlaces: 2 });
    expect(told([still])).toEqual([]);
  });

  test("has what was booked in any of them", () => {
    const [bought, sold] = ["buy", "sell"].map((kind, place) => ({ day: (11 + place) * MINUTE, kind, count: 1 }));
    const marked = [bought, sold].map((mark) =>
      dayOf({ 11: "1", 12: "2" }, { marks: mark === undefined ? [] : [mark] }),
    );
    expect(summedDay(marked, "Net worth", "UTC").line.frame.marks).toEqual([bought, sold]);
  });

  test("of no portfolio is an error", () => {
    expect(() => summedDay([], "Net worth", "UTC")).toThrow("Expected the day of one portfolio");
  });
});
