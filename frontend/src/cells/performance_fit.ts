/** Whether what is live can be shown on the page that is loaded: the same bookings, the same day, the same units. */

import type { DaysData } from "../charts/days_data";
import { compared } from "../lib/decimal";
import { clockOf } from "../lib/times";
import type { HeldPortfolio } from "../live/apply_portfolio";

/** Live figures start from the edge of a day: of another day, or with what was booked since, they would be wrong. */
export function fitsLive(data: DaysData, held: HeldPortfolio, marketTime: number | null): boolean {
  if (held.ledger !== data.head || held.totals?.currency !== data.currency) return false;
  return !isOver(data, marketTime) && hasTheUnits(data, held);
}

/** Whether the owner's day has ended since. A day before it is only the market's time not heard yet. */
export function isOver({ day, zone }: DaysData, marketTime: number | null): boolean {
  return marketTime !== null && clockOf(zone).isoDay(marketTime) > day;
}

/** What was recorded for a later moment counts from then on, without another booking. */
function hasTheUnits({ ends_now, rows }: DaysData, held: HeldPortfolio): boolean {
  if (!ends_now) return true;
  return rows.every(({ key, quantity }) => {
    const row = held.rows.get(key);
    return row !== undefined && compared(row.quantity, quantity) === 0;
  });
}
