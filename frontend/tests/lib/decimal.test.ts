import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compared, direction, minus, percentChange, percentText, priceText, signedText } from "../../src/lib/decimal";

interface Figure {
  readonly value: string;
  readonly places: number;
  readonly text: string;
}

const figures: { readonly prices: readonly Figure[]; readonly signed: readonly Figure[] } = JSON.parse(
  readFileSync(new URL("../../../tests/contract/figures.json", import.meta.url), "utf8"),
);

const decimals = fc
  .tuple(fc.bigInt(-(10n ** 24n), 10n ** 24n), fc.integer({ min: 1, max: 12 }))
  .map(([units, places]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  });

describe("figures", () => {
  test.each(figures.prices)("$value with $places places is written $text", ({ value, places, text }) => {
    expect(priceText(value, places)).toBe(text);
  });

  test.each(figures.signed)("$value as a change is written $text", ({ value, places, text }) => {
    expect(signedText(value, places)).toBe(text);
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
