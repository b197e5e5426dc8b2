/**
 * What a client holds of one portfolio, and how each message changes it: snapshot ⊕ deltas = a fresh snapshot.
 *
 * The twin of `apply_to_portfolio` in src/tickfolio/live/wire/apply.py; both read the golden frames of tests/contract.
 */

import type { PortfolioDelta, PortfolioRow, PortfolioTotals, ServerMessage } from "./messages.gen";
import { fitOf, isBehind, merged, type Position, refreshing } from "./position";

const PORTFOLIO = "portfolio:";
/** What may follow an id: with a currency behind it, the same portfolio as if that were its base currency. */
const IN = "@";

/** `totals` is null where nothing is held yet; `isLost` says that the person may not see the portfolio any more. */
export interface HeldPortfolio extends Position {
  readonly scope: string;
  /** The newest ledger entry that the figures rest on. */
  readonly ledger: number;
  readonly totals: PortfolioTotals | null;
  readonly rows: ReadonlyMap<string, PortfolioRow>;
  readonly isLost: boolean;
}

export function portfolioScope(portfolio: string): string {
  return PORTFOLIO + portfolio;
}

/** What is watched where a portfolio is wanted in `currency`, which is not its own. */
export function portfolioIn(portfolio: string, currency: string): string {
  return portfolio + IN + currency;
}

/** The id of the portfolio of a scope; null for the scope of anything else. */
export function portfolioOf(scope: string): string | null {
  return scope.startsWith(PORTFOLIO) ? scope.slice(PORTFOLIO.length) : null;
}

export function nothingHeldOf(scope: string, isLost = false): HeldPortfolio {
  return {
    scope,
    epoch: null,
    sequence: 0,
    ledger: 0,
    totals: null,
    rows: new Map(),
    needsRefresh: false,
    isLost,
  };
}

/** `held` after one more message, which may be of another scope; one of no effect gives back the same object. */
export function appliedToPortfolio(held: HeldPortfolio, message: ServerMessage): HeldPortfolio {
  switch (message.type) {
    case "portfolio_snapshot": {
      if (message.scope !== held.scope) return held;
      const { scope, epoch, sequence, ledger, totals } = message;
      const rows = new Map(Object.entries(message.rows));
      return { scope, epoch, sequence, ledger, totals, rows, needsRefresh: false, isLost: false };
    }
    case "portfolio_delta":
      return message.scope === held.scope ? afterDelta(held, message) : held;
    case "status":
      return isBehind(held, message, held.scope) ? refreshing(held) : held;
    case "access": {
      const isSeen = message.portfolios.some(({ id }) => portfolioScope(id) === held.scope.split(IN)[0]);
      if (isSeen) return held.isLost ? { ...held, isLost: false } : held;
      return lost(held);
    }
    case "error":
      return message.code === "unknown_portfolio" && message.scope === held.scope ? lost(held) : held;
    default:
      return held;
  }
}

function lost(held: HeldPortfolio): HeldPortfolio {
  return held.isLost ? held : nothingHeldOf(held.scope, true);
}

function afterDelta(held: HeldPortfolio, delta: PortfolioDelta): HeldPortfolio {
  const fit = fitOf(held, delta);
  if (fit === "repeated") return held;
  const rows = fit === "next" ? merged(held.rows, delta.rows) : null;
  if (rows === null || held.totals === null) return refreshing(held);
  for (const [key, row] of Object.entries(delta.added)) rows.set(key, row);
  for (const key of delta.removed) rows.delete(key);
  const totals = { ...held.totals, ...delta.totals };
  return { ...held, sequence: delta.sequence, ledger: delta.ledger, totals, rows };
}
