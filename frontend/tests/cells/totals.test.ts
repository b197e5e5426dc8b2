import { describe, expect, test } from "vitest";
import { hasCost, hasValue, splitMoney, totalsWords } from "../../src/cells/totals";
import { totals } from "./held";

const AT = { marketTime: Date.parse("2012-05-21T18:31:00Z"), isCurrent: true, zone: "America/New_York" };

describe("a portfolio's totals in words", () => {
  test("coverage, what is stale, the oldest price and the day", () => {
    expect(totalsWords(totals(), AT)).toEqual({
      priced: "12 of 13 priced",
      stale: "1 stale",
      without: "",
      oldest: "oldest price 14:10:00, SIE, 21 min old",
      since: "since the close of 18 May",
    });
  });

  test("where all is fresh nothing is said to be stale, and a fresh price has no age", () => {
    const words = totalsWords(totals({ stale: 0, oldest_time: "2012-05-21T18:30:30.000Z" }), AT);
    expect([words.stale, words.oldest]).toEqual(["", "oldest price 14:30:30, SIE"]);
  });

  test("a price of another day tells its day", () => {
    const { oldest } = totalsWords(totals({ oldest_time: "2012-03-31T20:00:00.000Z" }), AT);
    expect(oldest).toBe("oldest price 31 Mar, 16:00, SIE, 50 days old");
  });

  test("while the line is dead all are stale", () => {
    expect(totalsWords(totals({ stale: 0, unpriced: 0 }), { ...AT, isCurrent: false }).stale).toBe("all stale");
    expect(totalsWords(totals({ stale: 0 }), { ...AT, isCurrent: false }).stale).toBe("12 stale");
  });

  test("an empty portfolio holds nothing and has no oldest price", () => {
    const empty = totals({
      priced: 0,
      unpriced: 0,
      stale: 0,
      oldest_symbol: null,
      oldest_time: null,
      reference_day: null,
    });
    expect(totalsWords(empty, AT)).toEqual({
      priced: "nothing held",
      stale: "",
      without: "",
      oldest: "",
      since: "today",
    });
  });

  test("there is no value where holdings stand there and none has a price", () => {
    expect(hasValue(totals({ priced: 0, unpriced: 2, value: "0.00" }))).toBe(false);
    expect(hasValue(totals({ priced: 0, unpriced: 2, value: "-5.00" }))).toBe(true);
    expect(hasValue(totals({ priced: 0, unpriced: 0, value: "0.00" }))).toBe(true);
  });

  test("there is no cost where no holding has both a price and a cost, and the reason is told", () => {
    const told = (columns: Parameters<typeof totals>[0]) => {
      const these = totals(columns);
      return [hasCost(these), totalsWords(these, AT).without];
    };
    expect(told({})).toEqual([true, ""]);
    expect(told({ priced: 2, without_cost: 1 })).toEqual([true, ", without 1 holding of unknown cost"]);
    expect(told({ priced: 2, without_cost: 2 })).toEqual([false, ", without 2 holdings of unknown cost"]);
    expect(told({ priced: 0, unpriced: 2 })).toEqual([false, ": no holding has a price"]);
    expect(told({ priced: 0, unpriced: 0 })).toEqual([true, ""]);
  });

  test("the cents are told apart, and a currency without them has none", () => {
    expect(splitMoney("145479.20")).toEqual({ whole: "145,479", minor: ".20" });
    expect(splitMoney("-123456")).toEqual({ whole: "−123,456", minor: "" });
  });
});
