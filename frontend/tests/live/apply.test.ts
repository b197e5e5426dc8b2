import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applied, type Held, NOTHING_HELD } from "../../src/live/apply";
import { appliedToPortfolio, type HeldPortfolio, nothingHeldOf } from "../../src/live/apply_portfolio";
import { parseServerMessage, type QuoteDelta, type QuoteRow, type ServerMessage } from "../../src/live/messages.gen";
import { delta, row, snapshot, status } from "./frames";

interface Case {
  readonly name: string;
  readonly frames: readonly unknown[];
  readonly strict?: boolean;
  /** Of the portfolio that the client watches; the quotes where absent. */
  readonly scope?: string;
  readonly expected: unknown;
}

const folder = new URL("../../../tests/contract/frames/", import.meta.url);
const cases: readonly Case[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")));

function read(frame: unknown, strict: boolean): ServerMessage | null {
  const parsed = parseServerMessage(frame, strict);
  if (parsed.kind === "invalid") throw new Error(parsed.problem);
  if (parsed.kind === "unknown type" && strict) throw new Error(`Unknown type ${parsed.type}.`);
  return parsed.kind === "message" ? parsed.message : null;
}

function replayed(held: Held, messages: readonly ServerMessage[]): Held {
  return messages.reduce(applied, held);
}

function asJson(held: Held): unknown {
  const { epoch, sequence, rows, needsRefresh } = held;
  return { epoch, sequence, rows: Object.fromEntries(rows), needs_refresh: needsRefresh };
}

function portfolioAsJson(held: HeldPortfolio): unknown {
  const { epoch, sequence, ledger, totals, rows, needsRefresh, isLost } = held;
  return {
    epoch,
    sequence,
    ledger,
    totals,
    rows: Object.fromEntries(rows),
    needs_refresh: needsRefresh,
    is_lost: isLost,
  };
}

describe("golden frames", () => {
  test.each(cases)("$name", ({ frames, expected, scope, strict = true }) => {
    const messages = frames.map((frame) => read(frame, strict)).filter((message) => message !== null);
    if (scope === undefined) expect(asJson(replayed(NOTHING_HELD, messages))).toEqual(expected);
    else expect(portfolioAsJson(messages.reduce(appliedToPortfolio, nothingHeldOf(scope)))).toEqual(expected);
  });
});

const SYMBOLS = ["AAPL", "IBM", "MSFT"] as const;
type Rows = Record<string, QuoteRow>;

const start: Rows = Object.fromEntries(SYMBOLS.map((symbol) => [symbol, row({ name: symbol })]));
const prices = fc.option(
  fc.integer({ min: 1, max: 99_999 }).map((cents) => `${Math.floor(cents / 100)}.${`${cents % 100}`.padStart(2, "0")}`),
);
const changes: fc.Arbitrary<QuoteDelta> = fc.record(
  { price: prices, change: prices, quality: fc.constantFrom("live", "stale", "unpriced") },
  { requiredKeys: [] },
);
const steps = fc.array(fc.dictionary(fc.constantFrom(...SYMBOLS), changes, { noNullPrototype: true }), {
  maxLength: 30,
});

/** The rows that the server holds after each step, which is what a fresh snapshot would say. */
function history(deltas: readonly { readonly [symbol: string]: QuoteDelta }[]): readonly Rows[] {
  const states: Rows[] = [start];
  for (const step of deltas) {
    const next: Rows = { ...states.at(-1) };
    for (const [symbol, change] of Object.entries(step)) next[symbol] = { ...row(), ...next[symbol], ...change };
    states.push(next);
  }
  return states;
}

describe("snapshot ⊕ deltas = fresh snapshot", () => {
  test("whatever is lost, repeated or late, a client never holds a state that the server did not have", () => {
    const order = fc.infiniteStream(fc.integer({ min: 0, max: 29 }));
    fc.assert(
      fc.property(steps, order, (deltas, picks) => {
        const states = history(deltas);
        const sent = deltas.map((step, index) => delta(index + 1, step));
        const arriving = [...picks.take(60)].map((pick) => sent[pick]).filter((frame) => frame !== undefined);
        const held = replayed(NOTHING_HELD, [snapshot(0, start), ...arriving]);
        expect(Object.fromEntries(held.rows)).toEqual(states[held.sequence]);
      }),
    );
  });

  test("after any loss the heartbeat reveals what is missing, and one snapshot makes it good", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (deltas, kept) => {
        const states = history(deltas);
        const arriving = deltas.map((step, index) => delta(index + 1, step)).filter((_, index) => kept[index]);
        const held = replayed(NOTHING_HELD, [snapshot(0, start), ...arriving, status(deltas.length)]);
        const fresh = states.at(-1) ?? start;
        expect(held.needsRefresh).toBe(held.sequence < deltas.length);
        const healed = held.needsRefresh ? applied(held, snapshot(deltas.length, fresh)) : held;
        expect(asJson(healed)).toEqual(asJson(applied(NOTHING_HELD, snapshot(deltas.length, fresh))));
      }),
    );
  });
});
