/** Messages for the tests, as the server would send them. */

import type { Delta, QuoteDelta, QuoteRow, Snapshot, Stamps, Status, Welcome } from "../../src/live/messages.gen";

export const STAMPS: Stamps = {
  source: "2012-05-21T13:30:00.000Z",
  received: "2026-11-20T10:00:00.000Z",
  sent: "2026-11-20T10:00:00.040Z",
};

export function row(changes: Partial<QuoteRow> = {}): QuoteRow {
  return {
    name: "Apple",
    currency: "USD",
    price_places: 2,
    price: "534.50",
    previous_close: "530.38",
    change: "4.12",
    change_percent: "0.78",
    quality: "replay",
    session: "regular",
    session_day: "2012-05-21",
    source: "replay",
    source_time: "2012-05-21T13:30:00.000Z",
    received_time: "2026-11-20T10:00:00.000Z",
    ...changes,
  };
}

export function welcome(changes: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    epoch: "e1",
    build: "0.1.0",
    server_time: "2026-11-20T10:00:00.000Z",
    market_time: "2012-05-21T13:30:00.000Z",
    is_replay: true,
    heartbeat_ms: 4000,
    limits: {
      message_bytes: 16384,
      messages_per_second: 20,
      message_burst: 40,
      symbols: 500,
      portfolios: 50,
      sockets_per_user: 20,
    },
    symbols: ["AAPL", "IBM"],
    portfolios: [],
    ...changes,
  };
}

export function snapshot(sequence: number, rows: Snapshot["rows"], changes: Partial<Snapshot> = {}): Snapshot {
  return { type: "snapshot", scope: "quotes", epoch: "e1", sequence, stamps: STAMPS, rows, id: null, ...changes };
}

export function delta(sequence: number, rows: { readonly [symbol: string]: QuoteDelta }): Delta {
  return { type: "delta", scope: "quotes", epoch: "e1", sequence, stamps: STAMPS, rows };
}

export function status(sequence: number, changes: Partial<Status> = {}): Status {
  return {
    type: "status",
    epoch: "e1",
    scopes: { quotes: { epoch: "e1", sequence } },
    server_time: "2026-11-20T10:00:04.000Z",
    market_time: "2012-05-21T13:34:00.000Z",
    feeds: [{ feed: "replay", state: "live", since: "2026-11-20T09:00:00.000Z", message: "" }],
    id: null,
    ...changes,
  };
}
