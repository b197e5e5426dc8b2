/** How new what a value rests on is. Pure. */

import { millis } from "../lib/times";
import type { PortfolioRow } from "../live/messages.gen";

/** When the newest price that the value rests on was made. */
export function newestTime(rows: Iterable<PortfolioRow>): number | null {
  let newest: number | null = null;
  for (const { kind, source_time } of rows) {
    const at = kind === "holding" ? millis(source_time) : null;
    if (at !== null && (newest === null || at > newest)) newest = at;
  }
  return newest;
}

/** Whether one of the prices is of this moment. */
export function isLive(rows: Iterable<PortfolioRow>): boolean {
  for (const { quality } of rows) if (quality === "live" || quality === "replay") return true;
  return false;
}
