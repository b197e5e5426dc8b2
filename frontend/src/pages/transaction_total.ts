/**
 * What a transaction comes to, as one types it: exact, by the rule of the server.
 *
 * The twin in Python is `total_of` in src/tickfolio/web/transaction_kinds.py; both read tests/contract/totals.json.
 */

import { minus, quotient, rounded, summed, times } from "../lib/decimal";

const TRADE_PLACES = 12;

export const KINDS = [
  "buy",
  "sell",
  "deposit",
  "withdrawal",
  "currency_exchange",
  "dividend",
  "dividend_reinvested",
  "interest",
  "fee",
  "fee_refund",
  "tax",
  "tax_refund",
  "interest_charge",
  "transfer_in",
  "transfer_out",
  "cash_transfer",
  "split",
  "stock_dividend",
  "spin_off",
  "merger",
  "return_of_capital",
  "symbol_change",
] as const;
export type Kind = (typeof KINDS)[number];

/** Decimals as text; null where nothing was typed, or nothing that can be read. */
export interface Amounts {
  readonly quantity: string | null;
  readonly price: string | null;
  readonly gross: string | null;
  readonly fees: string | null;
  readonly taxes: string | null;
  readonly amount: string | null;
  /** Of the instrument: a trade comes to quantity × price × contract size ÷ quote unit. */
  readonly contractSize: string;
  readonly quoteUnit: string;
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
  return COMES_IN.has(kind);
}

const COMES_IN: ReadonlySet<Kind> = new Set([
  "sell",
  "deposit",
  "dividend",
  "dividend_reinvested",
  "interest",
  "fee_refund",
  "tax_refund",
  "merger",
  "return_of_capital",
]);

/** Whether a type moves no cash of its own, so that there is no total to show. */
export function isWithoutTotal(kind: Kind): boolean {
  return WITHOUT_TOTAL.has(kind);
}

const WITHOUT_TOTAL: ReadonlySet<Kind> = new Set([
  "transfer_in",
  "transfer_out",
  "split",
  "stock_dividend",
  "spin_off",
  "symbol_change",
]);

function ownTotal(kind: Kind, typed: Amounts): string | null {
  const { gross, fees, taxes, amount } = typed;
  switch (kind) {
    case "buy":
      return summed([traded(typed), fees ?? "0", taxes ?? "0"]);
    case "sell":
      return less(traded(typed), fees ?? "0", taxes ?? "0");
    case "dividend":
    case "dividend_reinvested":
    case "interest":
      return less(gross, taxes ?? "0");
    default:
      return isWithoutTotal(kind) ? null : amount;
  }
}

/** What the broker stated, or what the quantity comes to at the price. */
function traded({ gross, quantity, price, contractSize, quoteUnit }: Amounts): string | null {
  if (gross !== null) return gross;
  if (quantity === null || price === null) return null;
  const quoted = times(times(quantity, price), contractSize);
  return Number(quoteUnit) === 1 ? quoted : quotient(quoted, quoteUnit, TRADE_PLACES);
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
