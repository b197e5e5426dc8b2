/** How far a price can be trusted, as shape and words: `▸▸ replay, 14:31:07`. */

import { ageText, clockOf, millis } from "../lib/times";
import type { QualityName, QuoteRow } from "../live/messages.gen";

export interface QualityMark {
  readonly quality: QualityName;
  readonly text: string;
}

/** Where more time than this has passed, the age is told beside the time. */
const AGE_FROM_MS = 60_000;

/**
 * The mark of a row. A price that is fresh by its own word is stale while the line to the server is not current.
 *
 * `marketTime` is the market's clock, in which the price's source time is given.
 */
export function qualityMark(
  row: QuoteRow,
  at: { readonly marketTime: number | null; readonly isCurrent: boolean; readonly zone: string },
): QualityMark {
  const time = millis(row.source_time);
  if (row.price === null || time === null) return { quality: "unpriced", text: "unpriced" };
  const quality = at.isCurrent || row.quality === "closed" || row.quality === "manual" ? row.quality : "stale";
  const clock = clockOf(at.zone);
  const marketTime = at.marketTime ?? time;
  const isToday = clock.day(time) === clock.day(marketTime);
  const when = isToday ? clock.second(time) : `${clock.shortDay(time)}, ${clock.minute(time)}`;
  return { quality, text: `${WORDS[quality]} ${when}${age(quality, marketTime - time)}` };
}

function age(quality: QualityName, ms: number): string {
  const isTold = quality === "stale" || quality === "delayed";
  return isTold && ms >= AGE_FROM_MS ? `, ${ageText(ms)} old` : "";
}

const WORDS: { readonly [quality in QualityName]: string } = {
  live: "live,",
  replay: "replay,",
  delayed: "delayed,",
  closed: "close",
  stale: "stale since",
  manual: "entered by hand",
  unpriced: "unpriced",
};
