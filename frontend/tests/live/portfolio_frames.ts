/** Messages about portfolios for the tests, as the server would send them. */

import type {
  PortfolioDelta,
  PortfolioRow,
  PortfolioSnapshot,
  PortfolioTotals,
  VisiblePortfolio,
} from "../../src/live/messages.gen";
import { STAMPS } from "./frames";

export const MINE = "3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10";
export const OTHER = "9b0f3c9e-52a1-4b43-8c52-1d0f4a7c6e21";
export const SCOPE = `portfolio:${MINE}`;

export function totals(changes: Partial<PortfolioTotals> = {}): PortfolioTotals {
  return {
    currency: "USD",
    value: "11010.00",
    cost: "4000.00",
    cost_unsigned: "4000.00",
    unrealized: "1010.00",
    unrealized_percent: "25.25",
    day: "10.00",
    day_percent: "0.09",
    day_opening: "11000.00",
    day_price: "10.00",
    day_trading: "0.00",
    day_currency: "0.00",
    day_income: "0.00",
    day_fees: "0.00",
    day_taxes: "0.00",
    priced: 1,
    stale: 0,
    unpriced: 0,
    without_day: 0,
    without_cost: 0,
    oldest_symbol: "AAPL",
    oldest_time: "2012-05-21T13:30:00.000Z",
    reference_day: "2012-05-18",
    ...changes,
  };
}

export function holding(changes: Partial<PortfolioRow> = {}): PortfolioRow {
  return {
    kind: "holding",
    account: "5f0c7f4e-1a5b-4f0c-8a66-0d8f4c1b2a33",
    account_name: "Broker",
    symbol: "AAPL",
    name: "Apple",
    currency: "USD",
    instrument_class: "equity",
    quantity: "10",
    price: "501.00",
    price_places: 2,
    change_percent: "0.20",
    quality: "replay",
    session: "regular",
    source_time: "2012-05-21T13:30:00.000Z",
    value: "5010.00",
    cost: "4000.00",
    unrealized: "1010.00",
    unrealized_percent: "25.25",
    day: "10.00",
    day_percent: "0.20",
    day_price: "10.00",
    day_trading: "0.00",
    day_currency: "0.00",
    day_income: "0.00",
    day_fees: "0.00",
    day_taxes: "0.00",
    reason: null,
    ...changes,
  };
}

export function portfolioSnapshot(
  sequence: number,
  rows: PortfolioSnapshot["rows"],
  changes: Partial<PortfolioSnapshot> = {},
): PortfolioSnapshot {
  const place = { scope: SCOPE, epoch: "p1", sequence, ledger: 2 };
  return { type: "portfolio_snapshot", ...place, stamps: STAMPS, totals: totals(), rows, id: null, ...changes };
}

export function portfolioDelta(
  sequence: number,
  rows: PortfolioDelta["rows"],
  changes: Partial<PortfolioDelta> = {},
): PortfolioDelta {
  const place = { scope: SCOPE, epoch: "p1", sequence, ledger: 2 };
  const news = { totals: {}, rows, added: {}, removed: [] };
  return { type: "portfolio_delta", ...place, stamps: STAMPS, ...news, ...changes };
}

export function visible(id: string, changes: Partial<VisiblePortfolio> = {}): VisiblePortfolio {
  return { id, name: "Savings", currency: "USD", role: "owner", ...changes };
}
