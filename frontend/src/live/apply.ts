/**
 * What a client holds of the scope `quotes`, and how each message changes it: snapshot ⊕ deltas = a fresh snapshot.
 *
 * The twin of src/tickfolio/live/wire/apply.py; both read the golden frames of tests/contract. Pure: values in, values out.
 */

import type { Delta, QuoteDelta, QuoteRow, ServerMessage, Status } from "./messages.gen";

export const SCOPE = "quotes";

/** `epoch` is null where nothing is held yet. `needsRefresh` asks for a snapshot, and deltas are ignored until it comes. */
export interface Held {
  readonly epoch: string | null;
  readonly sequence: number;
  readonly rows: ReadonlyMap<string, QuoteRow>;
  readonly needsRefresh: boolean;
}

export const NOTHING_HELD: Held = { epoch: null, sequence: 0, rows: new Map(), needsRefresh: false };

/**
 * `held` after one more message; a message of no effect gives back the same object.
 *
 * A snapshot replaces everything. A delta counts only on top of the very sequence before it in the same epoch: an older one is
 * a repetition, any other reveals a gap. A status that names another epoch or a later sequence reveals a loss.
 */
export function applied(held: Held, message: ServerMessage): Held {
  switch (message.type) {
    case "snapshot": {
      const { epoch, sequence } = message;
      return { epoch, sequence, rows: new Map(Object.entries(message.rows)), needsRefresh: false };
    }
    case "delta":
      return afterDelta(held, message);
    case "status":
      return isBehind(held, message) ? refreshing(held) : held;
    case "welcome":
    case "portfolio_snapshot":
    case "portfolio_delta":
    case "event":
    case "access":
    case "error":
    case "bye":
      return held;
  }
}

function isBehind(held: Held, status: Status): boolean {
  const position = status.scopes[SCOPE];
  if (held.epoch === null || position === undefined) return false;
  return position.epoch !== held.epoch || position.sequence > held.sequence;
}

function afterDelta(held: Held, delta: Delta): Held {
  const isSameEpoch = delta.epoch === held.epoch;
  if (held.needsRefresh || (isSameEpoch && delta.sequence <= held.sequence)) return held;
  const isNext = isSameEpoch && delta.sequence === held.sequence + 1;
  const rows = isNext ? merged(held.rows, delta.rows) : null;
  return rows === null ? refreshing(held) : { ...held, sequence: delta.sequence, rows };
}

/** The rows after a delta; null where it names a row that is not held, which only a missed frame explains. */
function merged(
  rows: ReadonlyMap<string, QuoteRow>,
  changes: { readonly [symbol: string]: QuoteDelta },
): ReadonlyMap<string, QuoteRow> | null {
  const next = new Map(rows);
  for (const [symbol, change] of Object.entries(changes)) {
    const row = next.get(symbol);
    if (row === undefined) return null;
    next.set(symbol, { ...row, ...change });
  }
  return next;
}

function refreshing(held: Held): Held {
  return held.needsRefresh ? held : { ...held, needsRefresh: true };
}
