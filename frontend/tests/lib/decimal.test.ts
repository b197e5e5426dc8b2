import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  compared,
  direction,
  minus,
  moneyText,
  partOf,
  percentChange,
  percentText,
  priceText,
  quotient,
  rounded,
  roundedText,
  shortened,
  signedMoney,
  signedText,
  signOf,
  summed,
  times,
  weightText,
} from "../../src/lib/decimal";
import { ENGLISH, GERMAN, writeAs } from "../../src/lib/notation";

interface Figure {
  readonly value: string;
  readonly places: number;
  readonly text: string;
  readonly german: string;
}

interface Amount {
  readonly value: string;
  readonly text: string;
  readonly signed: string;
  readonly german: string;
  readonly german_signed: string;
}

interface Part {
  readonly value: string | null;
  readonly whole: string;
  readonly text: string;
  readonly german: string;
}

interface Contract {
  readonly prices: readonly Figure[];
  readonly signed: readonly Figure[];
  readonly money: readonly Amount[];
  readonly weights: readonly Part[];
  readonly parts: readonly Part[];
}

const figures: Contract = JSON.parse(
  readFileSync(new URL("../../../tests/contract/figures.json", import.meta.url), "utf8"),
);

const decimals = fc
  .tuple(fc.bigInt(-(10n ** 24n), 10n ** 24n), fc.integer({ min: 1, max: 12 }))
  .map(([units, places]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  });

describe("figures for who reads German", () => {
  afterEach(() => {
    writeAs(ENGLISH);
  });

  test("prices, changes, amounts and percentages have its marks", () => {
    writeAs(GERMAN);
    for (const { value, places, german } of figures.prices) expect(priceText(value, places)).toBe(german);
    for (const { value, places, german } of figures.signed) expect(signedText(value, places)).toBe(german);
    for (const { value, german } of figures.money) expect(moneyText(value)).toBe(german);
    for (const { value, german_signed } of figures.money) expect(signedMoney(value)).toBe(german_signed);
    for (const { value, whole, german } of figures.weights) expect(weightText(value, whole)).toBe(german);
    for (const { value, whole, german } of figures.parts) expect(percentText(partOf(value, whole))).toBe(german);
    expect(roundedText("1234.567", 2)).toBe("1.234,57");
  });

  test("what is computed with stays plain", () => {
    writeAs(GERMAN);
    expect([minus("2000.50", "1"), times("1000", "2.5"), rounded("1234.5", 2), summed(["1000.1", "2"])]).toEqual([
      "1999.50",
      "2500.0",
      "1234.50",
      "1002.1",
    ]);
  });
});

describe("figures", () => {
  test.each(figures.prices)("$value with $places places is written $text", ({ value, places, text }) => {
    expect(priceText(value, places)).toBe(text);
  });

  test.each(figures.signed)("$value as a change is written $text", ({ value, places, text }) => {
    expect(signedText(value, places)).toBe(text);
  });

  test.each(figures.money)("the amount $value is written $text", ({ value, text, signed }) => {
    expect([moneyText(value), signedMoney(value)]).toEqual([text, signed]);
  });

  test.each(figures.weights)("$value of $whole weighs $text", ({ value, whole, text }) => {
    expect(weightText(value, whole)).toBe(text);
  });

  test.each(figures.parts)("$value of $whole is $text", ({ value, whole, text }) => {
    expect(percentText(partOf(value, whole))).toBe(text);
  });

  test("the arrow of an amount is its sign, however small", () => {
    expect(["0.001", "-0.001", "0.00", null].map(signOf)).toEqual(["up", "down", "flat", "none"]);
  });

  test("a sum keeps the places of its widest part, and is not known where one part is not", () => {
    expect(summed(["1.5", "-0.25", "3"])).toBe("4.25");
    expect(summed(["1.50", null])).toBeNull();
    expect(summed([])).toBe("0");
  });

  test("a sum is exact, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(decimals), (values) => {
        const there = summed(values) ?? "";
        const back = summed(values.toReversed()) ?? "";
        expect(compared(there, back)).toBe(0);
        for (const value of values) expect(compared(minus(summed([there, value]) ?? "", value), there)).toBe(0);
      }),
    );
  });

  test("a figure that is not there is a dash", () => {
    expect([priceText(null, 2), signedText(null, 2), percentText(null)]).toEqual(["—", "—", "—"]);
  });

  test("a percentage has a sign, two decimals and its unit", () => {
    expect([percentText("5.1"), percentText("-0.25"), percentText("0.00")]).toEqual(["+5.10 %", "−0.25 %", "0.00 %"]);
  });

  test("the arrow follows the figure as it is shown", () => {
    expect([direction("0.01"), direction("-0.01"), direction("-0.004"), direction(null)]).toEqual([
      "up",
      "down",
      "flat",
      "none",
    ]);
  });

  test("text that is no decimal is refused and not guessed at", () => {
    expect(() => priceText("1e5", 2)).toThrow("Expected a decimal such as 557.43, was 1e5.");
  });

  test("a percentage of a change is rounded half-even, as the server does", () => {
    expect(percentChange("557.43", "530.38")).toBe("5.10");
    expect(percentChange("99.99", "100")).toBe("-0.01");
    expect(percentChange("100.125", "100")).toBe("0.12");
    expect(percentChange("1", "0")).toBeNull();
  });

  const read = (text: string): string => text.replaceAll(",", "").replace("\u2212", "-").replace("+", "");

  test("no place that a value has is cut", () => {
    fc.assert(
      fc.property(decimals, fc.nat(12), (value, places) => {
        expect(compared(read(priceText(value, places)), value)).toBe(0);
      }),
    );
  });

  test("the change shown is the price shown less the previous close shown", () => {
    fc.assert(
      fc.property(decimals, decimals, fc.nat(12), (price, previous, places) => {
        const shown = minus(read(priceText(price, places)), read(priceText(previous, places)));
        expect(compared(shown, read(signedText(minus(price, previous), places)))).toBe(0);
      }),
    );
  });

  test("a quotient is rounded once, half-even, and there is none by zero or less", () => {
    expect([
      quotient("1271.50", "1000", 6),
      quotient("1", "3", 4),
      quotient("1", "8", 2),
      quotient("1", "0", 2),
    ]).toEqual(["1.271500", "0.3333", "0.12", null]);
  });

  test("a product is exact", () => {
    expect([times("0.333", "12.345678"), times("-1.50", "2")]).toEqual(["4.111110774", "-3.00"]);
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(compared(times(a, minus(b, c)), minus(times(a, b), times(a, c)))).toBe(0);
      }),
    );
  });

  test("a rounded amount is the nearest, a half goes to the even side, and zeros at the end can be left out", () => {
    expect([rounded("2.345", 2), rounded("2.355", 2), rounded("7", 2), rounded("0.5", 0)]).toEqual([
      "2.34",
      "2.36",
      "7.00",
      "0",
    ]);
    expect([shortened("1.500"), shortened("100"), shortened("2.00"), shortened("0.085")]).toEqual([
      "1.5",
      "100",
      "2",
      "0.085",
    ]);
  });

  test("of more figures than are kept as they were read each is still itself", () => {
    const figures = Array.from({ length: 20_000 }, (_, at) => `${at}.25`);
    expect([summed(figures), summed(figures)]).toEqual(["199995000.00", "199995000.00"]);
    expect(figures.every((figure) => compared(figure, figure) === 0)).toBe(true);
  });

  test("adding back what was taken away gives the same value", () => {
    fc.assert(
      fc.property(decimals, decimals, (left, right) => {
        const difference = minus(left, right);
        expect(compared(minus(left, difference), right)).toBe(0);
        expect(Math.sign(compared(left, right))).toBe(compared(difference, "0"));
      }),
    );
  });
});
