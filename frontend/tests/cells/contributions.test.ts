import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARTS } from "../../src/cells/attribution";
import { GROUPINGS, gains, headGain, isGrouping, wholeGain } from "../../src/cells/contributions";
import { signedMoney, summed } from "../../src/lib/decimal";
import { CONTRACT, ROWS } from "../pages/held_page";
import { cash, held } from "./held";

const { expected, totals } = CONTRACT;

describe("gains by what they have in common", () => {
  test.each(GROUPINGS)("by %s they are told as the server tells them", (by) => {
    const told = gains(ROWS.values(), by).map(({ key, name, detail, query, parts, total }) => ({
      key,
      name,
      detail,
      query,
      parts: Object.fromEntries(PARTS.map((part) => [part, signedMoney(parts[part])])),
      total: signedMoney(total),
    }));
    expect([...told].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(expected.gains[by]);
  });

  test("the whole is the day of the portfolio", () => {
    expect(wholeGain(ROWS.values()).total).toBe(totals.day);
    expect(PARTS.map((part) => wholeGain(ROWS.values()).parts[part])).toEqual(
      PARTS.map((part) => totals[`day_${part}`]),
    );
  });

  test("a dividend due alone says so", () => {
    const due = held({ kind: "receivable", symbol: "IBM", name: "dividend" });
    expect(gains([due], "holding").map(({ name, detail }) => [name, detail])).toEqual([["IBM", "dividend due"]]);
  });

  test("the head has no figure where there are rows and none has a day", () => {
    expect(headGain(new Map([["h", held({ day: null })]]), "0.00")).toBeNull();
    expect(headGain(new Map([["h", held()]]), "1.00")).toBe("1.00");
    expect(headGain(new Map(), "0.00")).toBe("0.00");
  });

  test("a row without a day is in no group", () => {
    expect(gains([held({ day: null }), cash()], "holding").map(({ key }) => key)).toEqual(["USD"]);
  });

  test("in whatever way they are grouped the parts sum to the same", () => {
    const cents = fc.integer({ min: -1e9, max: 1e9 }).map((units) => (units / 100).toFixed(2));
    const row = fc
      .record({ symbol: fc.constantFrom("A", "B", "C"), account: fc.constantFrom("x", "y"), day_price: cents })
      .map((some) => held({ ...some, day: some.day_price }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.constantFrom(...GROUPINGS), (rows, by) => {
        const groups = gains(rows, by);
        expect(summed(groups.map(({ total }) => total))).toBe(wholeGain(rows).total);
        expect(summed(groups.map(({ parts }) => parts.price))).toBe(wholeGain(rows).parts.price);
      }),
    );
  });

  test("only the four ways are known", () => {
    expect([isGrouping("class"), isGrouping("sector"), isGrouping(undefined)]).toEqual([true, false, false]);
  });
});
