/**
 * What a transaction comes to, as one types it: exact, by the rule of the server.
 *
 * The twin in Python is `total_of` in src/tickfolio/web/transaction_texts.py; both read tests/contract/totals.json.
 */

import { minus, rounded, summed, times } from "../lib/decimal";

export const KINDS = ["buy", "sell", "dividend", "deposit", "withdrawal", "fee", "split", "currency_exchange"] as const;
export type Kind = (typeof KINDS)[number];

/** Decimals as text; null where nothing was typed, or nothing that can be read. */
export interface Amounts {
  readonly quantity: string | null;
  readonly price: string | null;
  readonly gross: string | null;
  readonly fees: string | null;
  readonly taxes: string | null;
  readonly amount: string | null;
  readonly settlementRate: string | null;
  readonly settlementAmount: string | null;
  /** Decimal places of the smallest coin of the currency that it is settled in; null where that is its own. */
  readonly settlementPlaces: number | null;
}

export interface Total {
  /** In the currency of the transaction, not below zero as a rule: whether it comes in or goes out follows from the type. */
  readonly total: string;
  /** In the currency that it is settled in; null where that is its own, or neither rate nor amount is known. */
  readonly settled: string | null;
}

/** The total; null as long as something that it needs is missing. */
export function totalOf(kind: Kind, typed: Amounts): Total | null {
  const total = ownTotal(kind, typed);
  return total === null ? null : { total, settled: settled(total, typed) };
}

/** Whether cash comes in. */
export function comesIn(kind: Kind): boolean {
  return kind === "sell" || kind === "dividend" || kind === "deposit";
}

function ownTotal(kind: Kind, typed: Amounts): string | null {
  const { gross, fees, taxes, amount } = typed;
  switch (kind) {
    case "buy":
      return summed([traded(typed), fees ?? "0", taxes ?? "0"]);
    case "sell":
      return less(traded(typed), fees ?? "0", taxes ?? "0");
    case "dividend":
      return less(gross, taxes ?? "0");
    case "split":
      return null;
    default:
      return amount;
  }
}

/** What the broker stated, or quantity × price. */
function traded({ gross, quantity, price }: Amounts): string | null {
  if (gross !== null) return gross;
  return quantity === null || price === null ? null : times(quantity, price);
}

function less(amount: string | null, ...costs: readonly string[]): string | null {
  const sum = summed(costs);
  return amount === null || sum === null ? null : minus(amount, sum);
}

/** Cash moves in whole coins, so what follows from a rate is rounded to them; a stated amount counts as it is. */
function settled(total: string, { settlementAmount, settlementRate, settlementPlaces }: Amounts): string | null {
  if (settlementPlaces === null) return null;
  if (settlementAmount !== null) return settlementAmount;
  return settlementRate === null ? null : rounded(times(total, settlementRate), settlementPlaces);
}
