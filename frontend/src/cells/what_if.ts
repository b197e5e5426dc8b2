/**
 * What a sale would bring by each method, from the costs and lots that the server found in the ledger and the price of now.
 *
 * Each lot has its part of the proceeds and is rounded by itself, as the gains report has it: what stands here is to the cent what is
 * booked when one really sells. tests/contract/what_if.json has both.
 */

import { compared, minus, quotient, rounded, summed, times } from "../lib/decimal";
import { phrase } from "../lib/words";
import { type Check, flag, integer, listOf, nullable, objectOf, text } from "../live/validate";

/** As the ledger keeps a share of an amount. */
const RELIEF_PLACES = 18;
/** More than the ledger's own precision needs of a quotient. */
const QUOTE_PLACES = 40;

export interface UsedLot {
  readonly lot: string;
  readonly acquired: string | null;
  readonly days: number | null;
  readonly term: string | null;
  readonly quantity: string;
  /** In its own currency, exact; null beside the reason where it is not known. */
  readonly opened: string | null;
  readonly currency: string | null;
  /** In coins of the base currency. */
  readonly base: string | null;
  readonly rate: string | null;
  readonly reason: string;
}

export interface Outcome {
  readonly method: string;
  readonly name: string;
  readonly is_own: boolean;
  readonly is_picked: boolean;
  readonly problem: string;
  readonly used: readonly UsedLot[];
  readonly left: string | null;
  readonly left_reason: string;
}

export interface OpenLot {
  readonly id: string;
  readonly name: string;
  readonly held: string;
}

export interface WhatIfData {
  readonly account: string;
  readonly account_name: string;
  readonly symbol: string;
  readonly currency: string;
  readonly coins: number;
  readonly base: string;
  readonly base_coins: number;
  readonly contract_size: string;
  readonly quote_unit: string;
  readonly fees_in_cost: boolean;
  readonly is_short: boolean;
  readonly held: string;
  readonly quantity: string;
  /** Why it cannot be; empty where it can. */
  readonly problem: string;
  readonly price: string | null;
  readonly rate: string | null;
  readonly rate_reason: string;
  readonly head: number;
  readonly lots: readonly OpenLot[];
  readonly outcomes: readonly Outcome[];
}

export const isWhatIf: Check<WhatIfData> = objectOf<WhatIfData>({
  account: text,
  account_name: text,
  symbol: text,
  currency: text,
  coins: integer,
  base: text,
  base_coins: integer,
  contract_size: text,
  quote_unit: text,
  fees_in_cost: flag,
  is_short: flag,
  held: text,
  quantity: text,
  problem: text,
  price: nullable(text),
  rate: nullable(text),
  rate_reason: text,
  head: integer,
  lots: listOf(objectOf<OpenLot>({ id: text, name: text, held: text })),
  outcomes: listOf(
    objectOf<Outcome>({
      method: text,
      name: text,
      is_own: flag,
      is_picked: flag,
      problem: text,
      used: listOf(
        objectOf<UsedLot>({
          lot: text,
          acquired: nullable(text),
          days: nullable(integer),
          term: nullable(text),
          quantity: text,
          opened: nullable(text),
          currency: nullable(text),
          base: nullable(text),
          rate: nullable(text),
          reason: text,
        }),
      ),
      left: nullable(text),
      left_reason: text,
    }),
  ),
});

/** What moves in cash, unsigned: received by a sale, paid to buy back. */
export interface Cash {
  /** After the fee of a sale, with the fee of a purchase; exact, in the currency of the trade. */
  readonly net: string;
  /** In coins of the base currency; null where there is no rate. */
  readonly base: string | null;
}

/** The figures of one method. Those that are not available are null, and `reason` says why. */
export interface Figures {
  /** What the lots had cost, or what their short sales had brought. */
  readonly relieved: string | null;
  readonly gain: string | null;
  readonly price: string | null;
  readonly currency: string | null;
  readonly reason: string;
}

/** What the trade comes to at a price; null where the fee is more than a sale brings. */
export function cashOf(data: WhatIfData, price: string, fee: string): Cash | null {
  const gross = grossOf(data, data.quantity, price);
  const net = data.is_short ? (summed([gross, fee]) ?? gross) : minus(gross, fee);
  if (net.startsWith("-")) return null;
  return { net, base: data.rate === null ? null : rounded(times(net, data.rate), data.base_coins) };
}

/** Quantity × price × contract size ÷ quote unit. */
export function grossOf(data: WhatIfData, quantity: string, price: string): string {
  const quoted = times(times(quantity, price), data.contract_size);
  return compared(data.quote_unit, "1") === 0 ? quoted : (quotient(quoted, data.quote_unit, QUOTE_PLACES) ?? quoted);
}

/** The figures of one method at a price, or at none. */
export function figuresOf(data: WhatIfData, outcome: Outcome, price: string | null, fee: string): Figures {
  const lacking = outcome.used.find(({ base }) => base === null);
  const relieved = lacking === undefined ? (summed(outcome.used.map(({ base }) => base)) ?? null) : null;
  const nothing = { relieved, gain: null, price: null, currency: null };
  if (lacking !== undefined) return { ...nothing, reason: lacking.reason };
  if (price === null) return { ...nothing, reason: phrase("no price is known") };
  if (data.rate === null) return { ...nothing, reason: data.rate_reason };
  const cash = cashOf(data, price, fee);
  if (cash === null) return { ...nothing, reason: "" };
  const lots = endedOf(data, outcome, price, cash.net).map((ended, at) => lotFigures(data, outcome.used[at], ended));
  const gain = summed(lots.map((lot) => lot.gain));
  const ofPrice = summed(lots.map((lot) => lot.price));
  return {
    relieved,
    gain,
    price: ofPrice,
    currency: gain === null || ofPrice === null ? null : minus(gain, ofPrice),
    reason: "",
  };
}

/** What each of the lots that are closed has of the proceeds, or of what is paid; a fee beside the cost is in none of them. */
function endedOf(data: WhatIfData, outcome: Outcome, price: string, net: string): readonly string[] {
  const whole = data.fees_in_cost ? net : grossOf(data, data.quantity, price);
  const parts = outcome.used.map(({ quantity }) => quantity);
  const closing = summed(parts) ?? "0";
  // What is sold beyond what is held opens a short lot, which takes the rest.
  return shared(portion(whole, closing, data.quantity), parts, closing);
}

function lotFigures(
  data: WhatIfData,
  lot: UsedLot | undefined,
  ended: string,
): { readonly gain: string | null; readonly price: string | null } {
  if (lot?.base == null || lot.opened === null || data.rate === null) return { gain: null, price: null };
  const moved = rounded(times(ended, data.rate), data.base_coins);
  const gain = signed(data, minus(moved, lot.base));
  if (lot.currency === data.base && data.currency === data.base) return { gain, price: gain };
  if (lot.rate === null) return { gain, price: null };
  const price = minus(times(ended, data.rate), times(lot.opened, lot.rate));
  return { gain, price: rounded(signed(data, price), data.base_coins) };
}

/** Of what was sold short, what is paid counts against what was received. */
function signed(data: WhatIfData, amount: string): string {
  return data.is_short ? minus("0", amount) : amount;
}

/** `total` divided among `parts`, which sum to `whole`; the last one takes what is left. As the ledger does it. */
export function shared(total: string, parts: readonly string[], whole: string): readonly string[] {
  let [left, rest] = [total, whole];
  return parts.map((part, at) => {
    if (at === parts.length - 1) return left;
    const share = portion(left, part, rest);
    [left, rest] = [minus(left, share), minus(rest, part)];
    return share;
  });
}

/** The share of `total` that goes with `part` of `whole`: to 18 places, and never more than there is. */
export function portion(total: string, part: string, whole: string): string {
  if (compared(part, whole) === 0) return total;
  const share = quotient(times(total, part), whole, RELIEF_PLACES) ?? total;
  return compared(share, total) > 0 ? total : share;
}
