/** How far something moved, for who has the page read out: a sign before a figure is not always spoken. */

import { direction, percentText } from "../lib/decimal";
import { phrase } from "../lib/words";

/** `AAPL 557.43 USD, up 1.30 %` */
export function spokenPrice(name: string, price: string, percent: string | null): string {
  const values = { name, price, percent: unsigned(percent) };
  switch (direction(percent)) {
    case "up":
      return phrase("{name} {price}, up {percent}", values);
    case "down":
      return phrase("{name} {price}, down {percent}", values);
    default:
      return `${name} ${price}, ${values.percent}`;
  }
}

/** `Long term up 0.43 %` */
export function spokenMove(name: string, percent: string | null): string {
  const values = { name, percent: unsigned(percent) };
  switch (direction(percent)) {
    case "up":
      return phrase("{name} up {percent}", values);
    case "down":
      return phrase("{name} down {percent}", values);
    default:
      return `${name} ${values.percent}`;
  }
}

function unsigned(percent: string | null): string {
  return percentText(percent).replace(/^[+\u2212]/, "");
}
