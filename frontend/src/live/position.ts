/** Where a client stands in a scope, and how frames lie to that. The same for every kind of scope. */

import type { Status } from "./messages.gen";

/** `epoch` is null where nothing is held yet. `needsRefresh` asks for a snapshot, and deltas are ignored until it comes. */
export interface Position {
  readonly epoch: string | null;
  readonly sequence: number;
  readonly needsRefresh: boolean;
}

/** A delta is the very next one, a repetition that changes nothing, or one that reveals a gap. */
export type Fit = "next" | "repeated" | "gap";

export function fitOf(
  held: Position,
  delta: { readonly epoch: string; readonly sequence: number; readonly since?: number },
): Fit {
  const isSameEpoch = delta.epoch === held.epoch;
  if (held.needsRefresh || (isSameEpoch && delta.sequence <= held.sequence)) return "repeated";
  return isSameEpoch && (delta.since ?? delta.sequence - 1) <= held.sequence ? "next" : "gap";
}

/**
 * Whether a status reveals a loss: it names another epoch of the scope, or a later sequence. A scope that is held and not
 * named is one that the server does not send, or not yet again.
 */
export function isBehind(held: Position, status: Status, scope: string): boolean {
  const position = status.scopes[scope];
  if (held.epoch === null || position === undefined) return held.epoch !== null;
  return position.epoch !== held.epoch || position.sequence > held.sequence;
}

export function refreshing<Held extends Position>(held: Held): Held {
  return held.needsRefresh ? held : { ...held, needsRefresh: true };
}

/** The rows after a delta; null where it names a row that is not held, which only a missed frame explains. */
export function merged<Row extends object>(
  rows: ReadonlyMap<string, Row>,
  changes: { readonly [key: string]: Partial<Row> },
): Map<string, Row> | null {
  const next = new Map(rows);
  for (const [key, change] of Object.entries(changes)) {
    const row = next.get(key);
    if (row === undefined) return null;
    next.set(key, { ...row, ...change });
  }
  return next;
}
