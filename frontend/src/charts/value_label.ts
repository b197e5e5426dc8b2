/** Values as an axis has them. */

import { roundedText } from "../lib/decimal";
import { placesOf } from "./ticks";

/** Of the last value, which stands on no step of the axis. */
const PLACES_OF_MILLIONS = 2;
const MILLION = 1_000_000;
const MILLIONS_FROM = 10 * MILLION;

/** `150,000`, or `12.5 M` where that is too long for the axis. */
export function valueLabel(value: number, step: number): string {
  if (Math.abs(value) < MILLIONS_FROM) return roundedText(value.toFixed(6), placesOf(step));
  const places = step === 0 ? PLACES_OF_MILLIONS : placesOf(step / MILLION);
  return `${roundedText((value / MILLION).toFixed(6), places)} M`;
}
