import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bookedWords, rings } from "../../src/charts/day_marks";
import type { DayMark } from "../../src/charts/days_data";

function mark(day: number, kind: string, count = 1): DayMark {
  return { day, kind, count };
}

describe("rings", () => {
  const at = (day: number): number => day * 10;

  test("one of each kind has its letter, and a sale is filled", () => {
    const kinds = ["deposit", "withdrawal", "buy", "sell", "dividend", "split"];
    const marks = kinds.map((kind, place) => mark(place * 3, kind));
    const found = rings(marks, at, 16);
    expect(found.map(({ text }) => text)).toEqual(["+", "−", "B", "S", "D", "÷"]);
    expect(found.map(({ isSale }) => isSale)).toEqual([false, false, false, true, false, false]);
  });

  test("those that would meet are one in the middle, with their number", () => {
    const [both, far] = rings([mark(1, "sell", 2), mark(2, "buy"), mark(9, "buy")], at, 16);
    expect(both).toEqual({ x: 15, day: 1, text: "3", width: 15, isSale: false });
    expect(far?.text).toBe("B");
  });

  test("several of one kind on one day are counted, and sales stay filled", () => {
    expect(rings([mark(4, "sell", 12)], at, 16)).toEqual([{ x: 40, day: 4, text: "12", width: 15, isSale: true }]);
  });

  test("a long number has a longer ring, which keeps its distance too", () => {
    const [first, second] = rings([mark(1, "buy", 294), mark(3, "buy", 1234)], at, 16);
    expect(first).toEqual({ x: 20, day: 1, text: "1,528", width: 34.5, isSale: false });
    expect(second).toBeUndefined();
    const far = rings([mark(1, "buy", 294), mark(5, "buy", 1234)], at, 16);
    expect(far.map(({ text, width }) => [text, width])).toEqual([
      ["294", 21.5],
      ["1,234", 34.5],
    ]);
  });

  test("there are none of nothing", () => {
    expect(rings([], at, 16)).toEqual([]);
  });

  test("they never meet and count all that was booked", () => {
    const marks = fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: 7000 }),
        kind: fc.constant("buy"),
        count: fc.integer({ min: 2, max: 99 }),
      }),
    );
    fc.assert(
      fc.property(marks, (all) => {
        const found = rings(all, (day) => (day / 7000) * 700, 16);
        for (const [place, ring] of found.entries()) {
          const before = found[place - 1];
          if (before !== undefined)
            expect(ring.x - before.x).toBeGreaterThanOrEqual((ring.width + before.width) / 2 + 1 - 1e-9);
        }
        const count = found.reduce((sum, { text }) => sum + Number(text.replace(",", "")), 0);
        expect(count).toBe(all.reduce((sum, each) => sum + each.count, 0));
      }),
    );
  });
});

test("what was booked on a day is told in words", () => {
  const marks = [mark(3, "buy", 2), mark(3, "dividend"), mark(4, "sell"), mark(3, "merger", 1200)];
  expect(bookedWords(marks, 3)).toBe("2 purchases, 1 dividend, 1,200 merger");
  expect(bookedWords(marks, 5)).toBe("");
});
