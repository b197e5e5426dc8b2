/** Rows and totals of a portfolio for tests. */

import type { PortfolioRow, PortfolioTotals } from "../../src/live/messages.gen";

const HELD: PortfolioRow = {
  kind: "holding",
  account: "a1",
  account_name: "Northbank",
  symbol: "AAPL",
  name: "Apple Inc.",
  currency: "USD",
  instrument_class: "equity",
  quantity: "10",
  price: "557.43",
  price_places: 2,
  change_percent: "5.10",
  quality: "replay",
  session: "regular",
  source_time: "2012-05-21T18:31:07.000Z",
  value: "5574.30",
  cost: "1000.00",
  unrealized: "4574.30",
  unrealized_percent: "457.43",
  day: "270.50",
  day_percent: "5.10",
  day_price: "270.50",
  day_trading: "0.00",
  day_currency: "0.00",
  day_income: "0.00",
  day_fees: "0.00",
  day_taxes: "0.00",
  reason: null,
};

export function held(columns: Partial<PortfolioRow> = {}): PortfolioRow {
  return { ...HELD, ...columns };
}

/** A holding without a price: it is in no sum. */
export function unpriced(columns: Partial<PortfolioRow> = {}): PortfolioRow {
  return held({
    symbol: "HLX.R",
    name: "Helix rights",
    price: null,
    change_percent: null,
    quality: "unpriced",
    source_time: null,
    value: null,
    unrealized: null,
    unrealized_percent: null,
    day: null,
    day_percent: null,
    day_price: null,
    day_currency: null,
    day_income: null,
    day_fees: null,
    reason: "No feed knows HLX.R.",
    ...columns,
  });
}

export function cash(columns: Partial<PortfolioRow> = {}): PortfolioRow {
  return held({
    kind: "cash",
    symbol: "USD",
    name: "US dollar",
    quantity: "3180.40",
    price: null,
    change_percent: null,
    value: "3180.40",
    cost: "3180.40",
    unrealized: "0.00",
    unrealized_percent: "0.00",
    day: "0.00",
    ...columns,
  });
}

export function totals(columns: Partial<PortfolioTotals> = {}): PortfolioTotals {
  return {
    currency: "EUR",
    value: "145479.20",
    cost: "102000.00",
    cost_unsigned: "102000.00",
    unrealized: "36285.19",
    unrealized_percent: "35.57",
    day: "623.44",
    day_percent: "0.43",
    day_opening: "144855.76",
    day_price: "700.21",
    day_trading: "-12.00",
    day_currency: "-99.45",
    day_income: "39.18",
    day_fees: "-3.50",
    day_taxes: "-1.00",
    priced: 12,
    stale: 1,
    unpriced: 1,
    without_day: 0,
    without_cost: 0,
    oldest_symbol: "SIE",
    oldest_time: "2012-05-21T18:10:00.000Z",
    reference_day: "2012-05-18",
    ...columns,
  };
}
