import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compared } from "../../src/lib/decimal";
import { type Amounts, comesIn, isWithoutTotal, KINDS, type Kind, totalOf } from "../../src/pages/transaction_total";

interface Case {
  readonly name: string;
  readonly type: Kind;
  readonly typed: { readonly [field: string]: string };
  readonly total: string;
  readonly settled?: string;
}

const contract: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../tests/contract/totals.json", import.meta.url), "utf8"),
);

function amounts(typed: Case["typed"]): Amounts {
  const read = (field: string): string | null => typed[field] ?? null;
  const currency = read("settlement_currency");
  return {
    quantity: read("quantity"),
    price: read("price"),
    gross: read("gross"),
    fees: read("fees"),
    taxes: read("taxes"),
    amount: read("amount"),
    contractSize: read("contract_size") ?? "1",
    quoteUnit: read("quote_unit") ?? "1",
    settlementRate: read("settlement_rate"),
    settlementAmount: read("settlement_amount"),
    settlementPlaces: currency === null ? null : currency === "JPY" ? 0 : 2,
  };
}

describe("the total of a form", () => {
  test.each(contract)("$name", ({ type, typed, total, settled }) => {
    const found = totalOf(type, amounts(typed));
    expect(compared(found?.total ?? "-1", total)).toBe(0);
    expect(found?.settled ?? undefined).toBe(settled);
  });

  test("there is none as long as something is missing", () => {
    expect(totalOf("buy", amounts({ quantity: "10" }))).toBeNull();
    expect(totalOf("sell", amounts({ price: "10" }))).toBeNull();
    expect(totalOf("deposit", amounts({}))).toBeNull();
    expect(totalOf("split", amounts({ amount: "1" }))).toBeNull();
    expect(totalOf("buy", amounts({ quantity: "1", price: "1", settlement_currency: "EUR" }))?.settled).toBeNull();
  });

  test("what is sold, paid out by a company or paid in comes in; all else goes out", () => {
    expect(KINDS.filter((kind) => !comesIn(kind) && !isWithoutTotal(kind))).toEqual([
      "buy",
      "withdrawal",
      "currency_exchange",
      "fee",
      "tax",
      "interest_charge",
      "cash_transfer",
    ]);
  });
});
