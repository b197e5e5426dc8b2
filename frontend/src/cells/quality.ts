/** How far a price can be trusted, as shape and words: `▸▸ replay, 14:31:07`. */

import { ageText, clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import type { QualityName } from "../live/messages.gen";

export interface QualityMark {
  readonly quality: QualityName;
  readonly text: string;
}

/** What says how far a price can be trusted; a quote has it, and so has a portfolio's row. */
export interface Sourced {
  readonly price: string | null;
  readonly quality: QualityName;
  readonly source_time: string | null;
}

export interface QualityContext {
  readonly marketTime: number | null;
  readonly isCurrent: boolean;
  readonly zone: string;
}

/** Where more time than this has passed, the age is told beside the time. */
const AGE_FROM_MS = 60_000;

/**
 * The mark of a row. A price that is fresh by its own word is stale while the line to the server is not current.
 *
 * `marketTime` is the market's clock, in which the price's source time is given.
 */
export function qualityMark(row: Sourced, at: QualityContext): QualityMark {
  const time = millis(row.source_time);
  if (row.price === null || time === null) return { quality: "unpriced", text: phrase("unpriced") };
  const quality = qualityNow(row.quality, at.isCurrent);
  const clock = clockOf(at.zone);
  const marketTime = at.marketTime ?? time;
  const isToday = clock.day(time) === clock.day(marketTime);
  const when = isToday ? clock.second(time) : `${clock.shortDay(time)}, ${clock.minute(time)}`;
  return { quality, text: `${words(quality, when)}${age(quality, marketTime - time)}` };
}

/** The quality while the line to the server is current or not: only what is final by its own word outlives the line. */
export function qualityNow(quality: QualityName, isCurrent: boolean): QualityName {
  return isCurrent || quality === "closed" || quality === "manual" || quality === "unpriced" ? quality : "stale";
}

/** The mark of a row where there is little room: the shape's quality, and a word only where the price is not fresh. */
export function shortMark(row: Sourced, at: QualityContext): QualityMark {
  const time = millis(row.source_time);
  const quality = qualityNow(row.quality, at.isCurrent);
  if (row.price === null || time === null || quality === "unpriced")
    return { quality: "unpriced", text: phrase("no price") };
  if (quality === "manual") return { quality, text: clockOf(at.zone).shortDay(time) };
  const isOld = quality === "stale" || quality === "delayed";
  return { quality, text: isOld ? ageText((at.marketTime ?? time) - time) : "" };
}

/** How a quality is read out where its shape stands alone. */
export const SPOKEN_QUALITIES: { readonly [quality in QualityName]: string } = {
  live: phrase("live"),
  replay: phrase("replay"),
  delayed: phrase("delayed"),
  simulated: phrase("simulated"),
  closed: phrase("at the close"),
  stale: phrase("stale"),
  manual: phrase("entered by hand"),
  unpriced: phrase("unpriced"),
};

function age(quality: QualityName, ms: number): string {
  const isTold = quality === "stale" || quality === "delayed";
  return isTold && ms >= AGE_FROM_MS ? phrase(", {age} old", { age: ageText(ms) }) : "";
}

function words(quality: QualityName, when: string): string {
  switch (quality) {
    case "live":
      return phrase("live, {when}", { when });
    case "replay":
      return phrase("replay, {when}", { when });
    case "delayed":
      return phrase("delayed, {when}", { when });
    case "simulated":
      return phrase("simulated, {when}", { when });
    case "closed":
      return phrase("close {when}", { when });
    case "stale":
      return phrase("stale since {when}", { when });
    case "manual":
      return phrase("entered by hand {when}", { when });
    case "unpriced":
      return phrase("unpriced");
  }
}
