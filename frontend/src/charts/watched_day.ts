/** Loads the sessions so far of what is on a watchlist, each with the range of the day where that is known. Validated. */

import type { DayRange } from "../cells/watched";
import { type Check, listOf, nullable, objectOf, text } from "../live/validate";
import { loaded } from "./load";
import { SPARK_FIELDS, type SparkDocument, sparkLine } from "./portfolio_day";
import type { SessionLine } from "./session_line";

interface WatchedDocument extends SparkDocument {
  readonly low: string | null;
  readonly high: string | null;
}

interface WatchedDocuments {
  readonly sparks: readonly WatchedDocument[];
}

export interface WatchedDay {
  readonly line: SessionLine;
  readonly range: DayRange | null;
}

const isWatched: Check<WatchedDocuments> = objectOf<WatchedDocuments>({
  sparks: listOf(objectOf<WatchedDocument>({ ...SPARK_FIELDS, low: nullable(text), high: nullable(text) })),
});

export async function loadWatched(id: string): Promise<readonly WatchedDay[]> {
  const { sparks } = await loaded(`/watchlists/${id}/sparks.json`, isWatched, "sparks");
  return sparks.map((each) => ({
    line: sparkLine(each),
    range: each.low === null || each.high === null ? null : { low: each.low, high: each.high },
  }));
}
