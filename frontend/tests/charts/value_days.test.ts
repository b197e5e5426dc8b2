// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadValueDays, type ValueDays, valueLine } from "../../src/charts/value_days";
import { setPrivate } from "../../src/lib/privacy";

const DAYS: ValueDays = {
  first: "2012-05-14",
  days: [0, 1, 2, 3],
  values: ["100.00", "120.00", "90.00", "110.00"],
  marks: [{ day: 1, kind: "deposit", count: 1 }],
  currency: "EUR",
  head: 7,
  is_shorter: false,
  benchmark: { symbol: "IBM", name: "IBM", values: ["100.00", "110.00", "111.00", "112.00"], reason: "" },
};

afterEach(() => vi.unstubAllGlobals());

describe("the line", () => {
  test("ends at the value of now, and its name tells where it began", () => {
    const line = valueLine({ subject: "Value of Long term", days: DAYS, now: "130.00", hasBenchmark: false });
    expect(line.values).toEqual([100, 120, 90, 130]);
    expect(line.sentence).toBe(
      "Value of Long term from 14 May 2012 to 17 May 2012: 100.00 EUR to 130.00 EUR, " +
        "+30.00 % with what was paid in and out, low 90.00, high 130.00.",
    );
    expect(line.other).toBeNull();
    expect(line.columns.map(({ name, text }) => [name, text(3)])).toEqual([["Value", "130.00 EUR"]]);
  });

  test("without a live value it ends as it was recorded", () => {
    expect(valueLine({ subject: "Value of P", days: DAYS, now: null, hasBenchmark: false }).values.at(-1)).toBe(110);
  });

  test("has the benchmark beside it where that is wanted and known", () => {
    const line = valueLine({ subject: "Value of P", days: DAYS, now: null, hasBenchmark: true });
    expect(line.other).toEqual([100, 110, 111, 112]);
    expect(line.columns.map(({ name, text }) => [name, text(1)])).toEqual([
      ["Value", "120.00 EUR"],
      ["IBM", "110.00 EUR"],
    ]);
    expect(line.sentence).toContain("the same flows in IBM 112.00 EUR.");
    const lacking = { ...DAYS, benchmark: { symbol: "FB", name: "FB", values: [], reason: "no price" } };
    expect(valueLine({ subject: "Value of P", days: lacking, now: null, hasBenchmark: true }).other).toBeNull();
    expect(
      valueLine({ subject: "Value of P", days: { ...DAYS, benchmark: null }, now: null, hasBenchmark: true }).other,
    ).toBeNull();
  });

  test("hides its amounts where they are hidden", () => {
    setPrivate(true);
    const line = valueLine({ subject: "Value of P", days: DAYS, now: null, hasBenchmark: true });
    setPrivate(false);
    expect(line.sentence).toBe("Value of P from 14 May 2012 to 17 May 2012: values are hidden.");
    expect([line.isAmount, ...line.columns.map(({ isAmount }) => isAmount)]).toEqual([true, true, true]);
  });

  test("from nothing there is no percentage", () => {
    const days = { ...DAYS, values: ["0.00", "120.00", "90.00", "110.00"] };
    expect(valueLine({ subject: "Value of P", days, now: null, hasBenchmark: false }).sentence).not.toContain("%");
  });
});

describe("the document", () => {
  test("is read, and one of another shape refused", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ series: DAYS }))));
    expect(await loadValueDays("p-1", "1y")).toEqual(DAYS);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ series: null }))));
    expect(await loadValueDays("p-1", "1y")).toBeNull();
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ series: {} }))));
    await expect(loadValueDays("p-1", "1y")).rejects.toThrow("value.series");
  });
});
