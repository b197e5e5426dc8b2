/** What the connection pill says: one word for the worst thing that is true. */

import { millis } from "../lib/times";
import type { FeedReport, FeedStateName, QualityName } from "./messages.gen";
import type { Link } from "./socket";

export type ConditionName = "connecting" | "live" | "delayed" | "simulated" | "stale" | "offline" | "replay";

/** `since` is in ms since 1970 by this browser's clock, where the state has a beginning worth telling. */
export interface Condition {
  readonly name: ConditionName;
  readonly since: number | null;
}

export interface Circumstances {
  readonly link: Link;
  readonly feeds: readonly FeedReport[];
  /** Whether the rows held are what this connection gave, and not what is left of an earlier one. */
  readonly isCaughtUp: boolean;
  readonly isReplay: boolean;
  /** Of the price that the page is about. */
  readonly quality: QualityName | null;
  /** When the page came up: how long it has waited where nothing was ever heard. */
  readonly startedAt: number;
  readonly now: number;
}

const PATIENCE_MS = 5_000;
const BROKEN: ReadonlySet<FeedStateName> = new Set(["stale", "reconnecting", "rejected", "stopped"]);

export function conditionOf(at: Circumstances): Condition {
  const { link, feeds } = at;
  if (link.heardAt === null) {
    const isNew = link.phase !== "ended" && at.now - at.startedAt < PATIENCE_MS;
    return isNew ? { name: "connecting", since: null } : { name: "offline", since: at.startedAt };
  }
  if (link.phase === "silent") return { name: "stale", since: link.heardAt };
  if (link.phase !== "open") return { name: "offline", since: link.heardAt };
  if (!at.isCaughtUp) return { name: "connecting", since: null };
  const broken = feeds.filter((feed) => BROKEN.has(feed.state));
  if (broken.length > 0 && broken.length === feeds.length) return { name: "stale", since: earliest(broken) };
  if (at.isReplay) return { name: "replay", since: null };
  // Also after its close: what is invented never passes for what a market made.
  if (at.quality === "simulated" || feeds.some(({ feed }) => feed === "simulated"))
    return { name: "simulated", since: null };
  return { name: at.quality === "delayed" ? "delayed" : "live", since: null };
}

function earliest(feeds: readonly FeedReport[]): number | null {
  const moments = feeds.map((feed) => millis(feed.since)).filter((at) => at !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Whether what the page shows can be taken for the newest there is. */
export function isCurrent(name: ConditionName): boolean {
  return name === "live" || name === "delayed" || name === "simulated" || name === "replay";
}
