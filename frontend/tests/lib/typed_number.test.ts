import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DecimalMark, readTyped, typedText } from "../../src/lib/typed_number";

interface Case {
  readonly typed: string;
  readonly mark: DecimalMark;
  readonly value: string;
}

const contract: { readonly read: readonly Case[]; readonly refused: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../../../tests/contract/typed_numbers.json", import.meta.url), "utf8"),
);

describe("typed numbers", () => {
  test.each(contract.read)("$typed is $value where decimals follow $mark", ({ typed, mark, value }) => {
    expect(readTyped(typed, mark)).toBe(value);
  });

  test.each(contract.refused)("$typed is not read where decimals follow $mark", ({ typed, mark }) => {
    expect(readTyped(typed, mark)).toBeNull();
  });

  test("what stands in a field is read back as the same number", () => {
    const marks = fc.constantFrom<DecimalMark>(".", ",");
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 20n), fc.integer({ min: 0, max: 18 }), marks, (units, places, mark) => {
        const digits = units.toString().padStart(places + 1, "0");
        const whole = digits.slice(0, digits.length - places);
        const value = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
        expect(readTyped(typedText(value, mark), mark)).toBe(value);
      }),
    );
  });

  test("any text is a decimal or none", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const value = readTyped(text, ".");
        expect(value === null || /^-?\d+(\.\d+)?$/.test(value)).toBe(true);
      }),
    );
  });
});
