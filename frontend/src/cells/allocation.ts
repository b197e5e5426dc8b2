/** How a portfolio is divided: the largest instruments, the others together, and cash. Pure: values in, values out. */

import { compared, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { phrase } from "../lib/words";
import type { PortfolioRow } from "../live/messages.gen";

export interface Slice {
  /** A symbol, or what a slice of several things is called. */
  readonly name: string;
  readonly kind: "instrument" | "others" | "cash";
  readonly value: string;
}

/** At most this many instruments have a slice of their own. */
const OWN_SLICES = 4;

/**
 * The slices, the largest instrument first, short ones last, then the others, then cash with what is to be paid. Together they
 * are the value of the portfolio. Without a price: in none.
 */
export function allocation(rows: Iterable<PortfolioRow>): readonly Slice[] {
  const priced = [...rows].filter((row) => row.value !== null);
  const held = groupedBy(
    priced.filter((row) => row.kind === "holding"),
    (row) => row.symbol,
  );
  const instruments = [...held]
    .map(([name, each]): Slice => ({ name, kind: "instrument", value: total(each) }))
    .filter(({ value }) => compared(value, "0") !== 0);
  const isOne = instruments.length === OWN_SLICES + 1;
  const own = largest(instruments, isOne ? OWN_SLICES + 1 : OWN_SLICES);
  const others = instruments.filter((each) => !own.includes(each));
  const cash = priced.filter((row) => row.kind !== "holding");
  return [
    ...own,
    ...(others.length === 0 ? [] : [slice(phrase("{count} others", { count: others.length }), "others", others)]),
    ...(cash.length === 0 ? [] : [{ name: cashName(cash), kind: "cash" as const, value: total(cash) }]),
  ];
}

/** So many of the slices, the largest first: the others are not put in order, of which there may be hundreds. */
function largest(slices: readonly Slice[], count: number): readonly Slice[] {
  const found: Slice[] = [];
  for (const each of slices) {
    const at = found.findIndex((other) => inOrder(each, other) < 0);
    if (at >= 0) found.splice(at, 0, each);
    else if (found.length < count) found.push(each);
    if (found.length > count) found.pop();
  }
  return found;
}

function inOrder(a: Slice, b: Slice): number {
  return compared(b.value, a.value) || (a.name < b.name ? -1 : 1);
}

/** What is to be paid is no cash yet, so the slice says where some of it is. */
export function cashName(rows: readonly PortfolioRow[]): string {
  const due = rows.filter((row) => row.kind === "receivable").length;
  return due === 0 ? phrase("Cash") : due === rows.length ? phrase("Dividends due") : phrase("Cash and dividends due");
}

function slice(name: string, kind: Slice["kind"], parts: readonly { readonly value: string }[]): Slice {
  return { name, kind, value: summed(parts.map(({ value }) => value)) ?? "0" };
}

function total(rows: readonly PortfolioRow[]): string {
  if (rows.length === 1) return rows[0]?.value ?? "0";
  return summed(rows.map(({ value }) => value)) ?? "0";
}
