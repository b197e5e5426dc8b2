/**
 * Decimals as the server sends them: text, never a binary float, so that what stands on the page is what was sent.
 *
 * The twin in Python is src/tickfolio/web/figures.py; both read tests/contract/figures.json.
 */

export const MINUS = "\u2212";
export const DASH = "\u2014";

export type Direction = "up" | "down" | "flat" | "none";

/** `units` ÷ 10^`places`. */
interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;

function scaled(value: string): Scaled {
  const match = PATTERN.exec(value);
  if (match === null) throw new RangeError(`Expected a decimal such as 557.43, was ${value.slice(0, 40)}.`);
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), places: fraction.length };
}

/** The units at `places`, rounded half-even where digits are lost. */
function unitsAt(value: Scaled, places: number): bigint {
  if (places >= value.places) return value.units * 10n ** BigInt(places - value.places);
  return halfEven(value.units, 10n ** BigInt(value.places - places));
}

function written(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  return places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
}

/** A price with `places` decimals, grouped by thousands; a dash where there is none. */
export function priceText(value: string | null, places: number): string {
  if (value === null) return DASH;
  const units = unitsAt(scaled(value), places);
  return `${units < 0n ? MINUS : ""}${written(units, places)}`;
}

/** As `priceText`, with a plus on a gain; what rounds to zero has no sign. */
export function signedText(value: string | null, places: number): string {
  if (value === null) return DASH;
  const units = unitsAt(scaled(value), places);
  const sign = units > 0n ? "+" : units < 0n ? MINUS : "";
  return `${sign}${written(units, places)}`;
}

export function percentText(value: string | null): string {
  return value === null ? DASH : `${signedText(value, 2)} %`;
}

/** Which arrow stands before the figure as it is shown. */
export function direction(value: string | null, places = 2): Direction {
  if (value === null) return "none";
  const units = unitsAt(scaled(value), places);
  return units > 0n ? "up" : units < 0n ? "down" : "flat";
}

/** Below zero, zero or above, as `left` is less than, equal to or more than `right`. */
export function compared(left: string, right: string): number {
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  const difference = unitsAt(a, places) - unitsAt(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `left` − `right`, exact. */
export function minus(left: string, right: string): string {
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  const units = unitsAt(a, places) - unitsAt(b, places);
  return `${units < 0n ? "-" : ""}${written(units, places).replaceAll(",", "")}`;
}

/** 100 × (`value` − `reference`) ÷ `reference` with 2 decimals, half-even; null where the reference is not above zero. */
export function percentChange(value: string, reference: string): string | null {
  const [a, b] = [scaled(value), scaled(reference)];
  const places = Math.max(a.places, b.places);
  const base = unitsAt(b, places);
  if (base <= 0n) return null;
  const units = halfEven((unitsAt(a, places) - base) * 10000n, base);
  return `${units < 0n ? "-" : ""}${written(units, 2).replaceAll(",", "")}`;
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
