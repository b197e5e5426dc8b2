import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appliedToPortfolio,
  type HeldPortfolio,
  nothingHeldOf,
  portfolioIn,
  portfolioScope,
} from "../../src/live/apply_portfolio";
import type { PortfolioDelta, PortfolioRow, PortfolioTotals, ServerMessage } from "../../src/live/messages.gen";
import { status } from "./frames";
import { holding, portfolioDelta, portfolioSnapshot, SCOPE, totals } from "./portfolio_frames";

interface State {
  readonly totals: PortfolioTotals;
  readonly rows: { readonly [key: string]: PortfolioRow };
}

type Step = Pick<PortfolioDelta, "totals" | "rows" | "added" | "removed">;

const KEYS = ["h:a:AAPL", "h:a:IBM", "c:a:USD"] as const;
const money = fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
const change = fc.record({ value: fc.option(money), day: fc.option(money) }, { requiredKeys: [] });
/** What becomes of each row in one beat: it stays, changes, comes (anew) or goes. */
const beats = fc.array(
  fc.record({
    totals: fc.record({ value: money, day: money }, { requiredKeys: [] }),
    fates: fc.array(
      fc.oneof(
        fc.constant("stays" as const),
        fc.constant("goes" as const),
        change.map((columns) => ({ columns })),
      ),
      { minLength: KEYS.length, maxLength: KEYS.length },
    ),
  }),
  { maxLength: 30 },
);
type Beat = Parameters<Parameters<typeof beats.map>[0]>[0][number];

/** What the server sends for a beat, and what it holds afterwards. */
function after(state: State, beat: Beat): { readonly step: Step; readonly state: State } {
  const rows = { ...state.rows };
  const changed: { [key: string]: object } = {};
  const added: { [key: string]: PortfolioRow } = {};
  const removed: string[] = [];
  KEYS.forEach((key, index) => {
    const fate = beat.fates[index] ?? "stays";
    const held = rows[key];
    if (fate === "stays") return;
    if (fate === "goes") {
      if (held !== undefined) removed.push(key);
      delete rows[key];
    } else if (held === undefined) {
      added[key] = rows[key] = holding({ symbol: key, ...fate.columns });
    } else {
      changed[key] = fate.columns;
      rows[key] = { ...held, ...fate.columns };
    }
  });
  const next = { totals: { ...state.totals, ...beat.totals }, rows };
  return { step: { totals: beat.totals, rows: changed, added, removed }, state: next };
}

function story(all: readonly Beat[]): { readonly states: readonly State[]; readonly sent: readonly PortfolioDelta[] } {
  const states: State[] = [{ totals: totals(), rows: { [KEYS[0]]: holding() } }];
  const sent = all.map((beat, index) => {
    const { step, state } = after(states.at(-1) ?? { totals: totals(), rows: {} }, beat);
    states.push(state);
    return portfolioDelta(index + 1, step.rows, { ...step, ledger: index + 1 });
  });
  return { states, sent };
}

function snapshotOf(sequence: number, state: State | undefined): ServerMessage {
  return portfolioSnapshot(sequence, state?.rows ?? {}, { totals: state?.totals ?? totals(), ledger: sequence });
}

function replayed(messages: readonly ServerMessage[]): HeldPortfolio {
  return messages.reduce(appliedToPortfolio, nothingHeldOf(SCOPE));
}

function shown({ totals: header, rows }: HeldPortfolio): unknown {
  return { totals: header, rows: Object.fromEntries(rows) };
}

describe("snapshot ⊕ deltas = fresh snapshot, for a portfolio", () => {
  test("whatever is lost, repeated or late, a client never holds a state that the server did not have", () => {
    const order = fc.infiniteStream(fc.integer({ min: 0, max: 29 }));
    fc.assert(
      fc.property(beats, order, (all, picks) => {
        const { states, sent } = story(all);
        const arriving = [...picks.take(60)].map((pick) => sent[pick]).filter((frame) => frame !== undefined);
        const held = replayed([snapshotOf(0, states[0]), ...arriving]);
        expect(shown(held)).toEqual(states[held.sequence]);
        expect(held.ledger).toBe(held.sequence);
      }),
    );
  });

  test("after any loss the heartbeat reveals what is missing, and one snapshot makes it good", () => {
    fc.assert(
      fc.property(beats, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (all, kept) => {
        const { states, sent } = story(all);
        const last = sent.length;
        const heartbeat = status(0, { scopes: { [SCOPE]: { epoch: "p1", sequence: last } } });
        const held = replayed([snapshotOf(0, states[0]), ...sent.filter((_, index) => kept[index]), heartbeat]);
        expect(held.needsRefresh).toBe(held.sequence < last);
        const healed = held.needsRefresh ? appliedToPortfolio(held, snapshotOf(last, states[last])) : held;
        expect(shown(healed)).toEqual(states[last]);
      }),
    );
  });

  test("a snapshot that is newer than its sequence says is put right by the next delta, which repeats what it knows", () => {
    fc.assert(
      fc.property(beats, (all) => {
        const { states, sent } = story(all);
        fc.pre(sent.length >= 2);
        // The server joins what happened since the sequence that the snapshot stands at into one delta of absolute values.
        const final = states[2] ?? { totals: totals(), rows: {} };
        const removed = KEYS.filter((key) => !Object.hasOwn(final.rows, key));
        const joined = portfolioDelta(1, {}, { totals: final.totals, added: final.rows, removed });
        expect(shown(replayed([snapshotOf(0, states[1]), joined]))).toEqual(final);
      }),
    );
  });
});

test("a portfolio in another currency goes when the portfolio does, and not before", () => {
  const name = SCOPE.slice("portfolio:".length);
  const scope = portfolioScope(portfolioIn(name, "USD"));
  expect(scope).toBe(`${SCOPE}@USD`);
  const role = "owner" as const;
  const seen = { type: "access" as const, portfolios: [{ id: name, name: "Mine", currency: "EUR", role }] };
  expect(appliedToPortfolio(nothingHeldOf(scope), seen).isLost).toBe(false);
  expect(appliedToPortfolio(nothingHeldOf(scope), { ...seen, portfolios: [] }).isLost).toBe(true);
});
