/**
 * What a client holds of the scope `quotes`, and how each message changes it: snapshot ⊕ deltas = a fresh snapshot.
 *
 * The twin of src/tickfolio/live/wire/apply.py; both read the golden frames of tests/contract. Pure: values in, values out.
 */

import type { Delta, QuoteRow, ServerMessage } from "./messages.gen";
import { fitOf, isBehind, merged, type Position, refreshing } from "./position";

export const SCOPE = "quotes";

export interface Held extends Position {
  readonly rows: ReadonlyMap<string, QuoteRow>;
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
      return Object.hasOwn(message.scopes, SCOPE) && isBehind(held, message, SCOPE) ? refreshing(held) : held;
    default:
      return held;
  }
}

function afterDelta(held: Held, delta: Delta): Held {
  const fit = fitOf(held, delta);
  if (fit === "repeated") return held;
  const rows = fit === "next" ? merged(held.rows, delta.rows) : null;
  return rows === null ? refreshing(held) : { ...held, sequence: delta.sequence, rows };
}
