/**
 * Decimals as the server sends them: text, never a binary float, so that what stands on the page is what was sent.
 * Figures are written with the marks of the person (notation.ts); what is computed with is plain, as on the wire.
 *
 * The twin in Python is src/tickfolio/web/figures.py; both read tests/contract/figures.json.
 */

import { notation } from "./notation";

export const MINUS = "\u2212";
export const DASH = "\u2014";

export type Direction = "up" | "down" | "flat" | "none";

/** `units` ÷ 10^`places`. */
interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** What was read lately. Of the figures of a page few change from one frame to the next, and all are summed in each. */
const read = new Map<string, Scaled>();
const MOST_READ = 8_192;

function scaled(value: string): Scaled {
  const known = read.get(value);
  if (known !== undefined) return known;
  if (read.size >= MOST_READ) read.clear();
  const found = parsed(value);
  read.set(value, found);
  return found;
}

function parsed(value: string): Scaled {
  const match = PATTERN.exec(value);
  if (match === null) throw new RangeError(`Expected a decimal such as 557.43, was ${value.slice(0, 40)}.`);
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), places: fraction.length };
}

/** The units at `places`, rounded half-even where digits are lost. */
function unitsAt(value: Scaled, places: number): bigint {
  if (places === value.places) return value.units;
  if (places > value.places) return value.units * 10n ** BigInt(places - value.places);
  return halfEven(value.units, 10n ** BigInt(value.places - places));
}

/** As the person reads it. */
function written(units: bigint, places: number): string {
  const { decimal, group } = notation();
  const { whole, fraction } = digitsOf(units, places);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${units < 0n ? MINUS : ""}${grouped}${places === 0 ? "" : `${decimal}${fraction}`}`;
}

/** As the wire writes it. */
function plain(units: bigint, places: number): string {
  const { whole, fraction } = digitsOf(units, places);
  return `${units < 0n ? "-" : ""}${whole}${places === 0 ? "" : `.${fraction}`}`;
}

function digitsOf(units: bigint, places: number): { readonly whole: string; readonly fraction: string } {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  const end = digits.length - places;
  return { whole: digits.slice(0, end), fraction: digits.slice(end) };
}

/** A price with at least `places` decimals, and with all that it has, grouped by thousands; a dash where there is none. */
export function priceText(value: string | null, places: number): string {
  if (value === null) return DASH;
  const given = scaled(value);
  const shown = Math.max(places, placesNeeded(given));
  return written(unitsAt(given, shown), shown);
}

/** How many decimals tell the value whole: zeros at its end are not among them. */
function placesNeeded({ units, places }: Scaled): number {
  let needed = places;
  for (let left = units; needed > 0 && left % 10n === 0n; left /= 10n) needed -= 1;
  return needed;
}

/** As `priceText`, with a plus on a gain; zero has no sign. */
export function signedText(value: string | null, places: number): string {
  if (value === null) return DASH;
  return `${value.startsWith("-") || scaled(value).units === 0n ? "" : "+"}${priceText(value, places)}`;
}

/** With 2 decimals, rounded half-even; what rounds to zero has no sign. */
export function percentText(value: string | null): string {
  return value === null ? DASH : `${signedText(roundedTo(scaled(value), 2), 2)} %`;
}

function roundedTo(value: Scaled, places: number): string {
  return plain(unitsAt(value, places), places);
}

/** Which arrow stands before a percentage as it is shown. */
export function direction(value: string | null): Direction {
  if (value === null) return "none";
  const units = unitsAt(scaled(value), 2);
  return units > 0n ? "up" : units < 0n ? "down" : "flat";
}

/** Below zero, zero or above, as `left` is less than, equal to or more than `right`. */
export function compared(left: string, right: string): number {
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  const [first, second] = [unitsAt(a, places), unitsAt(b, places)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** `left` − `right`, exact. */
export function minus(left: string, right: string): string {
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  return plain(unitsAt(a, places) - unitsAt(b, places), places);
}

/** `left` × `right`, exact. */
export function times(left: string, right: string): string {
  const [a, b] = [scaled(left), scaled(right)];
  return plain(a.units * b.units, a.places + b.places);
}

/** `value` rounded half-even to `places` decimals. */
export function rounded(value: string, places: number): string {
  return roundedTo(scaled(value), places);
}

/** `value` without zeros at the end of its decimals. */
export function shortened(value: string): string {
  return value.includes(".") ? value.replace(/\.?0+$/, "") : value;
}

/** 100 × (`value` − `reference`) ÷ `reference` with 2 decimals, half-even; null where the reference is not above zero. */
export function percentChange(value: string, reference: string): string | null {
  const [a, b] = [scaled(value), scaled(reference)];
  const places = Math.max(a.places, b.places);
  const base = unitsAt(b, places);
  if (base <= 0n) return null;
  return plain(halfEven((unitsAt(a, places) - base) * 10000n, base), 2);
}

/** The sum of `values`, with the places of the one that has most; null where one is not known. Nothing sums up to 0. */
export function summed(values: Iterable<string | null>): string | null {
  let [units, places] = [0n, 0];
  for (const value of values) {
    if (value === null) return null;
    const next = scaled(value);
    if (next.places > places) {
      units = unitsAt({ units, places }, next.places);
      places = next.places;
    }
    units += unitsAt(next, places);
  }
  return plain(units, places);
}

/** 100 × `value` ÷ `whole` with `places` decimals, half-even; null where either is not known or the whole is not above zero. */
export function partOf(value: string | null, whole: string | null, places = 2): string | null {
  if (value === null || whole === null) return null;
  const [a, b] = [scaled(value), scaled(whole)];
  const wider = Math.max(a.places, b.places);
  const base = unitsAt(b, wider);
  if (base <= 0n) return null;
  return plain(halfEven(unitsAt(a, wider) * 100n * 10n ** BigInt(places), base), places);
}

/** `value` ÷ `divisor` with `places` decimals, half-even; null where the divisor is not above zero. */
export function quotient(value: string, divisor: string, places: number): string | null {
  const [a, b] = [scaled(value), scaled(divisor)];
  const wider = Math.max(a.places, b.places);
  const base = unitsAt(b, wider);
  return base <= 0n ? null : plain(halfEven(unitsAt(a, wider) * 10n ** BigInt(places), base), places);
}

/**
 * What part of the whole `value` is, with 1 decimal; a dash where either is not known.
 *
 * Every page shows every weight by this, each rounded for itself: the same value has the same weight wherever it stands.
 */
export function weightText(value: string | null, whole: string | null): string {
  const part = partOf(value, whole, 1);
  return part === null ? DASH : `${moneyText(part)} %`;
}

/** An amount with the places that it has, which are those of its currency's smallest coin; a dash where there is none. */
export function moneyText(value: string | null): string {
  if (value === null) return DASH;
  const { units, places } = scaled(value);
  return written(units, places);
}

/** As `moneyText`, with a plus on a gain; zero has no sign. */
export function signedMoney(value: string | null): string {
  return `${signOf(value) === "up" ? "+" : ""}${moneyText(value)}`;
}

/** Rounded half-even to `places`: for axes, where a figure need not be whole. */
export function roundedText(value: string, places: number): string {
  return written(unitsAt(scaled(value), places), places);
}

/** Which arrow stands before an amount. */
export function signOf(value: string | null): Direction {
  if (value === null) return "none";
  const { units } = scaled(value);
  return units > 0n ? "up" : units < 0n ? "down" : "flat";
}

/** `numerator` ÷ `denominator` rounded half-even; the denominator is above zero. */
function halfEven(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const rounded = quotient + (isUp ? 1n : 0n);
  return numerator < 0n ? -rounded : rounded;
}

/** The nearest binary float, for positions on a chart's canvas only; never shown as a figure. */
export function plotted(value: string): number {
  return Number(value);
}
