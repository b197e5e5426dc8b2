/**
 * What a position and its open lots are worth, so that the lots add up to the position. Pure: values in, values out.
 *
 * The twins in Python are src/tickfolio/domain/valuation/lot_values.py and src/tickfolio/web/instrument_texts.py.
 */

import { minus, quotient, rounded, summed, times } from "../lib/decimal";
import type { PortfolioRow } from "../live/messages.gen";
import { type Check, integer, listOf, nullable, objectOf, text } from "../live/validate";
import { sums } from "./holdings";

export interface LotData {
  readonly quantity: string;
  /** In the base currency; null where it is not known. */
  readonly cost: string | null;
}

export interface PartData {
  /** Of the row of the portfolio's page. */
  readonly key: string;
  /** The cost at the exchange rate in force; null where it is not known. */
  readonly cost_now: string | null;
  readonly lots: readonly LotData[];
}

export interface PositionData {
  /** The newest change of the portfolio that is in it. */
  readonly head: number;
  /** Null where the instrument is of the base currency, or none is known. */
  readonly rate: string | null;
  /** What a quantity of 1 at a price of 1 is worth. */
  readonly unit: string;
  readonly places: number;
  readonly parts: readonly PartData[];
  readonly trades: readonly { readonly day: string; readonly kind: string; readonly count: number }[];
}

const isPosition: Check<PositionData> = objectOf<PositionData>({
  head: integer,
  rate: nullable(text),
  unit: text,
  places: integer,
  parts: listOf(
    objectOf<PartData>({
      key: text,
      cost_now: nullable(text),
      lots: listOf(objectOf<LotData>({ quantity: text, cost: nullable(text) })),
    }),
  ),
  trades: listOf(objectOf<PositionData["trades"][number]>({ day: text, kind: text, count: integer })),
});

/** The data in the page; data of another form are a fault of the server, and told. */
export function positionData(element: Element): PositionData {
  const inspection = { strict: false, problem: "" };
  const data: unknown = JSON.parse(element.textContent ?? "");
  if (!isPosition(data, "position", inspection)) throw new TypeError(inspection.problem);
  return data;
}

export interface PositionFigures {
  readonly quantity: string;
  readonly value: string | null;
  readonly cost: string | null;
  readonly unrealized: string | null;
  readonly percent: string | null;
  readonly pricePart: string | null;
  readonly currencyPart: string | null;
  readonly day: string | null;
  readonly dayParts: { readonly [part in DayPart]: string | null };
}

export const DAY_PARTS = ["price", "trading", "currency", "income", "fees", "taxes"] as const;
export type DayPart = (typeof DAY_PARTS)[number];

/** The rows of an instrument as one; a part of the gain needs the cost at the rate in force of each of them. */
export function positionFigures(rows: ReadonlyMap<string, PortfolioRow>, parts: readonly PartData[]): PositionFigures {
  const all = [...rows.values()];
  const { cost, value, day, unrealized, unrealizedPercent } = sums(all);
  const held = [...rows].filter(([, row]) => row.value !== null && !isNothing(row.quantity));
  const prices = held.map(([key, row]) => {
    const now = parts.find((part) => part.key === key)?.cost_now ?? null;
    return now === null || row.value === null ? null : minus(row.value, now);
  });
  const pricePart = prices.length === 0 ? null : summed(prices);
  const valued = all.filter((row) => row.value !== null);
  return {
    quantity: summed(all.map((row) => row.quantity)) ?? "0",
    value,
    cost,
    unrealized,
    percent: unrealizedPercent,
    pricePart,
    currencyPart: pricePart === null || unrealized === null ? null : minus(unrealized, pricePart),
    day,
    dayParts: Object.fromEntries(DAY_PARTS.map((part) => [part, dayPart(valued, part)])) as {
      readonly [part in DayPart]: string | null;
    },
  };
}

function dayPart(rows: readonly PortfolioRow[], part: DayPart): string | null {
  const known = rows.map((row) => row[`day_${part}`]).filter((amount) => amount !== null);
  return known.length === 0 ? null : summed(known);
}

/**
 * The value of a position divided by the quantities of its lots: each is the step of the rounded running total, so that
 * they add up to it.
 */
export function valuesOfLots(value: string, quantities: readonly string[], places: number): readonly string[] {
  const whole = summed(quantities) ?? "0";
  if (isNothing(whole)) return [];
  // A quotient wants a divisor above zero; of a short position both are below it.
  const isShort = whole.startsWith("-");
  const positive = (amount: string): string => (isShort ? minus("0", amount) : amount);
  let [running, before] = ["0", rounded("0", places)];
  return quantities.map((quantity) => {
    running = summed([running, quantity]) ?? running;
    const after = quotient(times(value, positive(running)), positive(whole), places) ?? before;
    const step = minus(after, before);
    before = after;
    return step;
  });
}

/** Whether the page's data are of these rows: of the same ledger, the same rows, and at the rate in force. */
export function fitsRows(data: PositionData, rows: ReadonlyMap<string, PortfolioRow>, ledger: number): boolean {
  if (data.head < ledger || data.parts.length !== rows.size) return false;
  return data.parts.every(({ key, lots }) => {
    const row = rows.get(key);
    if (row === undefined) return false;
    const held = summed(lots.map(({ quantity }) => quantity)) ?? "0";
    return isNothing(minus(held, row.quantity)) && isAtRate(data, row);
  });
}

/** A rate that changed shows in the value; a value that is a coin off after a split of the day is at the same rate. */
function isAtRate({ unit, rate, places }: PositionData, row: PortfolioRow): boolean {
  if (row.price === null || row.value === null) return true;
  const value = rounded(times(times(row.quantity, row.price), times(unit, rate ?? "1")), places);
  const off = minus(value, row.value).replace("-", "");
  return Number(off) <= Number(`1e-${places}`) + Number.EPSILON;
}

function isNothing(amount: string): boolean {
  return !/[1-9]/.test(amount);
}
