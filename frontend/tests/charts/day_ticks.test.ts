import fc from "fast-check";
import { expect, test } from "vitest";
import { dayAt, dayTicks } from "../../src/charts/day_ticks";

function labels(first: string, count: number, width: number): readonly string[] {
  return dayTicks(first, count, width).map(({ label }) => label);
}

test("a day is so many after the first, also over a leap day and a change of clocks", () => {
  expect(new Date(dayAt("2012-02-28", 2)).toISOString()).toBe("2012-03-01T00:00:00.000Z");
  expect(new Date(dayAt("2012-03-24", 2)).toISOString()).toBe("2012-03-26T00:00:00.000Z");
});

test("one day has both its ends", () => {
  expect(dayTicks("2012-05-20", 1, 800)).toEqual([
    { day: 0, label: "20 May" },
    { day: 1, label: "21 May" },
  ]);
});

test("a few weeks are labelled back from the last day", () => {
  expect(labels("2012-04-30", 21, 300)).toEqual(["30 Apr", "7 May", "14 May", "21 May"]);
});

test("months have their names and a January its year", () => {
  expect(labels("2011-10-15", 219, 640)).toEqual(["Nov", "Dec", "2012", "Feb", "Mar", "Apr", "May"]);
});

test("years stand where they begin, as many as there is room for", () => {
  expect(labels("2000-01-01", 4500, 320)).toEqual(["2000", "2002", "2004", "2006", "2008", "2010", "2012"]);
});

test("there are none without days or without room", () => {
  expect([dayTicks("2012-05-20", 0, 800), dayTicks("2012-05-20", 9, 50)]).toEqual([[], []]);
});

test("no two labels meet, whatever the span and the width", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 200, max: 1600 }), (count, width) => {
      const ticks = dayTicks("1999-07-14", count, width);
      expect(ticks.length).toBeGreaterThan(0);
      for (const [place, { day }] of ticks.entries()) {
        expect(day).toBeGreaterThanOrEqual(0);
        expect(day).toBeLessThanOrEqual(count);
        const before = ticks[place - 1];
        if (before !== undefined) expect(((day - before.day) / count) * width).toBeGreaterThan(40);
      }
    }),
  );
});
