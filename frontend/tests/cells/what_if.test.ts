import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cashOf, figuresOf, grossOf, isWhatIf, portion, shared, type WhatIfData } from "../../src/cells/what_if";

interface Case {
  readonly name: string;
  readonly document: WhatIfData;
  readonly price: string;
  readonly fee: string;
  readonly booked: {
    readonly relieved: string | null;
    readonly gain: string | null;
    readonly price: string | null;
    readonly currency: string | null;
  };
}

/** What the server said of each sale before it was booked, and what the gains report said of it afterwards. */
const CASES = JSON.parse(
  readFileSync(new URL("../../../tests/contract/what_if.json", import.meta.url), "utf8"),
) as readonly Case[];

function caseOf(name: string): Case {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`Expected a case called ${name}.`);
  return found;
}

describe("what would be booked", () => {
  test.each(CASES)("$name: to the cent what the ledger booked", ({ document, price, fee, booked }) => {
    const inspection = { strict: true, problem: "" };
    expect(isWhatIf(document, "what-if", inspection), inspection.problem).toBe(true);
    const own = document.outcomes.find((outcome) => outcome.is_own);
    expect(own).toBeDefined();
    if (own === undefined) return;
    const { reason, ...figures } = figuresOf(document, own, price, fee);
    expect(figures).toEqual(booked);
    expect(reason === "").toBe(booked.gain !== null);
  });

  test("every method relieves its own cost, and what stays adds up with it", () => {
    const { document, price, fee } = caseOf("first in first out, in a foreign currency");
    const figures = document.outcomes.map((outcome) => [
      outcome.name,
      figuresOf(document, outcome, price, fee).relieved,
      outcome.left,
    ]);
    expect(figures).toEqual([
      ["FIFO", "2395.93", "11072.48"],
      ["LIFO", "8852.96", "4615.45"],
      ["HIFO", "8852.96", "4615.45"],
      ["Average", "5376.30", "8092.11"],
    ]);
  });
});

describe("the cash", () => {
  const { document } = caseOf("first in first out, in a foreign currency");

  test("a fee is taken from what a sale brings, and is added to what is paid to buy back", () => {
    expect(cashOf(document, "100", "1.5")).toEqual({ net: "2398.5", base: "1881.18" });
    const short = caseOf("what is short is bought back").document;
    expect(cashOf({ ...short, quantity: "2" }, "100", "1.5")?.net).toBe("201.5");
  });

  test("a fee above the proceeds is none", () => {
    expect(cashOf(document, "0.01", "1")).toBeNull();
  });

  test("without a rate the net stands in the currency of the trade alone", () => {
    const without = { ...document, rate: null, rate_reason: "no rate of USD is known" };
    expect(cashOf(without, "100", "0")).toEqual({ net: "2400", base: null });
    const [own] = without.outcomes;
    if (own === undefined) throw new RangeError("Expected an outcome.");
    expect(figuresOf(without, own, "100", "0")).toMatchObject({ gain: null, reason: "no rate of USD is known" });
  });

  test("without a price the relieved cost stands, and nothing else", () => {
    const [own] = document.outcomes;
    if (own === undefined) throw new RangeError("Expected an outcome.");
    expect(figuresOf(document, own, null, "0")).toEqual({
      relieved: "2395.93",
      gain: null,
      price: null,
      currency: null,
      reason: "no price is known",
    });
  });

  test("contract size and quote unit are in it", () => {
    const { document: call } = caseOf("contracts with a price in pence");
    expect(Number(grossOf(call, "2", "50"))).toBe(7);
  });
});

describe("parts of an amount", () => {
  test("add up to all of it", () => {
    const parts = shared("100.00", ["1", "1", "1"], "3");
    expect(parts).toEqual(["33.333333333333333333", "33.333333333333333334", "33.333333333333333333"]);
  });

  test("are never more than there is", () => {
    expect(portion("0.0000000000000000009", "2", "3")).toBe("0.0000000000000000009");
    expect(portion("7.5", "3", "3")).toBe("7.5");
  });
});
