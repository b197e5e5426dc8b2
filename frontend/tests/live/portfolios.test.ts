import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { VisiblePortfolio } from "../../src/live/messages.gen";
import type { LedgerEvent, PortfolioChange } from "../../src/live/portfolios";
import { LiveStore } from "../../src/live/store";
import { FakeNetwork } from "./fake_transport";
import { delta, row, snapshot, status, welcome } from "./frames";
import { holding, MINE, OTHER, portfolioDelta, portfolioSnapshot, SCOPE, totals, visible } from "./portfolio_frames";

let network: FakeNetwork;
let store: LiveStore;
let changes: PortfolioChange[];
let events: LedgerEvent[];
let refusals: [string, string][];
let access: (readonly VisiblePortfolio[])[];
let signedOut: number;

const AAPL = "h:a:AAPL";
const IBM = "h:a:IBM";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-20T10:00:00Z") });
  network = new FakeNetwork();
  changes = [];
  events = [];
  refusals = [];
  access = [];
  signedOut = 0;
  store = new LiveStore({
    open: network.open,
    onRows: () => {},
    onCondition: () => {},
    onWelcome: () => {},
    onPortfolio: (change) => changes.push(change),
    onEvent: (event) => events.push(event),
    onRefused: (portfolio, code) => refusals.push([portfolio, code]),
    onAccess: (portfolios) => access.push(portfolios),
    onSignedOut: () => {
      signedOut += 1;
    },
    isHidden: () => false,
    random: () => 0.5,
  });
});

afterEach(() => {
  store.stop();
  vi.useRealTimers();
});

function connect(...symbols: string[]): void {
  store.watchPortfolios([MINE]);
  store.start(symbols);
  network.newest.opens();
  network.newest.says(welcome({ portfolios: [visible(MINE)] }));
}

function reconnect(): void {
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
}

test("a new connection subscribes to the portfolios, and to no quotes where there are none to watch", () => {
  connect();
  expect(network.newest.sent).toEqual([
    { type: "hello", resume: {} },
    { type: "subscribe", id: 1, portfolios: [MINE], totals_only: false },
  ]);
  expect(access).toEqual([[visible(MINE)]]);
  expect(store.visible).toEqual([visible(MINE)]);
});

test("portfolios with rows and those without are asked for apart", () => {
  store.watchPortfolios([OTHER], { totalsOnly: true });
  connect();
  expect(network.newest.sentOf("subscribe")).toEqual([
    { type: "subscribe", id: 1, portfolios: [MINE], totals_only: false },
    { type: "subscribe", id: 2, portfolios: [OTHER], totals_only: true },
  ]);
});

test("a snapshot brings totals and all rows, a delta what changed, came and went", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding() }, { id: 1 }));
  expect(store.portfolio(MINE)?.totals?.value).toBe("11010.00");
  network.newest.says(
    portfolioDelta(
      1,
      { [AAPL]: { value: "5020.00" } },
      { totals: { value: "11080.00" }, added: { [IBM]: holding({ symbol: "IBM" }) }, ledger: 3 },
    ),
  );
  network.newest.says(portfolioDelta(2, {}, { removed: [AAPL], ledger: 3 }));
  expect([...(store.portfolio(MINE)?.rows.keys() ?? [])]).toEqual([IBM]);
  expect(
    changes.map(({ keys, removed, isSnapshot, isLedgerNews }) => [[...keys], [...removed], isSnapshot, isLedgerNews]),
  ).toEqual([
    [[AAPL], [], true, false],
    [[AAPL, IBM], [], false, true],
    [[], [AAPL], false, false],
  ]);
  expect(changes[1]?.before.totals).toEqual(totals());
  expect(changes[1]?.received).toBe(Date.parse("2026-11-20T10:00:00.000Z"));
});

test("a snapshot of a ledger that went on tells so: events may have been missed", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding(), [IBM]: holding() }));
  reconnect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding() }, { epoch: "p2", ledger: 5 }));
  expect(changes.at(-1)).toMatchObject({ isSnapshot: true, isLedgerNews: true });
  expect([...(changes.at(-1)?.removed ?? [])]).toEqual([IBM]);
});

test("a reconnection names what is held of each scope and is caught up when all snapshots have come", () => {
  connect("AAPL");
  network.newest.says(snapshot(7, { AAPL: row() }));
  expect(store.isCaughtUp).toBe(false);
  network.newest.says(portfolioSnapshot(3, {}));
  expect(store.isCaughtUp).toBe(true);
  reconnect();
  expect(network.newest.sent[0]).toEqual({
    type: "hello",
    resume: {
      quotes: { epoch: "e1", sequence: 7, ledger: null },
      [SCOPE]: { epoch: "p1", sequence: 3, ledger: 2 },
    },
  });
  expect(store.isCaughtUp).toBe(false);
  network.newest.says(portfolioSnapshot(0, {}, { epoch: "p2" }));
  network.newest.says(snapshot(0, { AAPL: row() }, { epoch: "e2" }));
  expect(store.isCaughtUp).toBe(true);
});

test("a gap in a portfolio asks for its snapshot and leaves the quotes alone", () => {
  connect("AAPL");
  network.newest.says(snapshot(7, { AAPL: row() }));
  network.newest.says(portfolioSnapshot(0, {}));
  network.newest.says(portfolioDelta(2, {}, { totals: { value: "1.00" } }));
  network.newest.says(delta(8, { AAPL: { price: "535.10" } }));
  expect(network.newest.sentOf("refresh")).toEqual([{ type: "refresh", scope: SCOPE }]);
  expect(store.portfolio(MINE)?.totals?.value).toBe("11010.00");
  expect(store.rows.get("AAPL")?.price).toBe("535.10");
  expect(changes.length).toBe(1);
});

test("a heartbeat that reveals a loss in a portfolio asks for its snapshot", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, {}));
  network.newest.says(status(0, { scopes: { [SCOPE]: { epoch: "p1", sequence: 1 } } }));
  expect(network.newest.sentOf("refresh")).toEqual([{ type: "refresh", scope: SCOPE }]);
});

test("each scope is acknowledged with its own sequence", () => {
  connect("AAPL");
  network.newest.says(snapshot(7, { AAPL: row() }));
  network.newest.says(portfolioSnapshot(3, {}));
  vi.advanceTimersByTime(1_000);
  expect(network.newest.sentOf("ack")).toEqual([
    { type: "ack", scope: "quotes", sequence: 7 },
    { type: "ack", scope: SCOPE, sequence: 3 },
  ]);
});

test("who comes back is caught up by what was missed, and later events are asked for", () => {
  connect("AAPL");
  network.newest.says(snapshot(7, { AAPL: row() }));
  network.newest.says(portfolioSnapshot(3, { [AAPL]: holding() }));
  network.newest.says({ type: "event", scope: SCOPE, ledger: 4, kind: "transaction_added", transaction: "t1" });
  reconnect();
  expect(network.newest.sent[0]).toMatchObject({ resume: { [SCOPE]: { epoch: "p1", sequence: 3, ledger: 4 } } });
  network.newest.says({ ...delta(9, { AAPL: { price: "540.00" } }), since: 7, id: 4 });
  expect(store.isCaughtUp).toBe(false);
  network.newest.says(portfolioDelta(5, { [AAPL]: { value: "5600.00" } }, { since: 3, id: 5, ledger: 4 }));
  expect(store.isCaughtUp).toBe(true);
  expect(store.rows.get("AAPL")?.price).toBe("540.00");
  expect(store.portfolio(MINE)?.rows.get(AAPL)?.value).toBe("5600.00");
});

test("events are handed on, each with its portfolio; those of a portfolio that is not watched are not", () => {
  connect();
  const event = { type: "event", scope: SCOPE, ledger: 3, kind: "transaction_added", transaction: "t1" };
  network.newest.says(event);
  network.newest.says({ ...event, scope: `portfolio:${OTHER}` });
  expect(events).toEqual([{ portfolio: MINE, ledger: 3, kind: "transaction_added", transaction: "t1" }]);
});

test("a portfolio that is taken away is told as lost, and not asked for after a reconnection", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding() }));
  network.newest.says({ type: "access", portfolios: [] });
  expect(changes.at(-1)).toMatchObject({ portfolio: MINE, held: { isLost: true, totals: null } });
  expect([...(changes.at(-1)?.removed ?? [])]).toEqual([AAPL]);
  expect(store.portfolio(MINE)).toBeNull();
  expect(access.at(-1)).toEqual([]);
  reconnect();
  expect(network.newest.sentOf("subscribe")).toEqual([]);
});

test("a portfolio that is not the person's is told as lost and refused", () => {
  connect();
  network.newest.says({ type: "error", code: "unknown_portfolio", message: "No.", id: 1, scope: SCOPE });
  expect(refusals).toEqual([[MINE, "unknown_portfolio"]]);
  expect(changes.at(-1)?.held.isLost).toBe(true);
  expect(store.portfolio(MINE)).toBeNull();
  expect(store.isCaughtUp).toBe(true);
});

test("a portfolio that cannot be read now is told so and waited for", () => {
  connect();
  network.newest.says({ type: "error", code: "portfolio_unavailable", message: "Later.", id: 1, scope: SCOPE });
  expect(refusals).toEqual([[MINE, "portfolio_unavailable"]]);
  expect(store.isCaughtUp).toBe(false);
  network.newest.says(portfolioSnapshot(0, {}));
  expect(store.isCaughtUp).toBe(true);
});

test("a page may watch more while it is connected, and leave", () => {
  connect();
  store.watchPortfolios([MINE, OTHER], { totalsOnly: false });
  expect(network.newest.sentOf("subscribe").at(-1)).toMatchObject({ portfolios: [OTHER] });
  store.watchPortfolios([MINE]);
  expect(network.newest.sentOf("subscribe").length).toBe(2);
  store.unwatchPortfolios([MINE, "unheard of"]);
  expect(network.newest.sentOf("unsubscribe")).toEqual([{ type: "unsubscribe", id: 3, portfolios: [MINE] }]);
  expect(store.portfolio(MINE)).toBeNull();
  network.newest.says(portfolioSnapshot(0, {}));
  expect(changes).toEqual([]);
});

test("rows are asked for where only the totals were known, and what is known stays until they come", () => {
  store.watchPortfolios([MINE], { totalsOnly: true });
  store.start([]);
  network.newest.opens();
  network.newest.says(portfolioSnapshot(0, {}));
  store.watchPortfolios([MINE]);
  expect(network.newest.sentOf("subscribe").at(-1)).toMatchObject({ portfolios: [MINE], totals_only: false });
  expect(store.portfolio(MINE)?.totals?.value).toBe("11010.00");
});

test("a session that ended takes all portfolios with it and the socket does not come back", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding() }));
  network.newest.says({ type: "bye", code: "signed_out", retry_after_ms: null });
  expect(signedOut).toBe(1);
  expect(store.isSignedOut).toBe(true);
  expect(store.portfolio(MINE)).toBeNull();
  network.newest.breaks();
  vi.advanceTimersByTime(60_000);
  expect(network.opened.length).toBe(1);
  expect(store.link.phase).toBe("ended");
});

test("a restart of the server keeps what is held and comes back", () => {
  connect();
  network.newest.says(portfolioSnapshot(0, { [AAPL]: holding() }));
  network.newest.says({ type: "bye", code: "restarting", retry_after_ms: 1_000 });
  network.newest.breaks();
  vi.advanceTimersByTime(1_300);
  expect(signedOut).toBe(0);
  expect(store.portfolio(MINE)?.totals?.value).toBe("11010.00");
  network.newest.opens();
  expect(network.newest.sentOf("subscribe").at(-1)).toMatchObject({ portfolios: [MINE] });
});

test("what portfolios lack is known until it is over, and does not make the page wait", () => {
  connect();
  expect(store.isCaughtUp).toBe(false);
  const report = { state: "withheld", since: "2026-11-20T09:59:00.000Z" } as const;
  network.newest.says(status(0, { portfolios: report }));
  expect([store.portfoliosReport, store.isCaughtUp]).toEqual([report, true]);
  network.newest.says(status(0, { portfolios: { state: "current", since: null } }));
  expect([store.portfoliosReport, store.isCaughtUp]).toEqual([null, false]);
  network.newest.says(status(0, { portfolios: { ...report, state: "behind" } }));
  reconnect();
  expect(store.portfoliosReport?.state).toBe("behind");
  network.newest.says(welcome({ portfolios: [visible(MINE)] }));
  expect(store.portfoliosReport).toBeNull();
});

test("what is withheld is not asked for, and what is missing afterwards is", () => {
  connect();
  network.newest.says(portfolioSnapshot(3, { [AAPL]: holding() }, { id: 1 }));
  for (let beat = 0; beat < 10; beat += 1) {
    vi.advanceTimersByTime(3_000);
    network.newest.says(status(0, { portfolios: { state: "withheld", since: "2026-11-20T09:59:00.000Z" } }));
  }
  expect(network.newest.sentOf("refresh")).toEqual([]);
  const scopes = { [SCOPE]: { epoch: "p1", sequence: 4 } };
  network.newest.says(status(0, { scopes, portfolios: { state: "current", since: null } }));
  expect(network.newest.sentOf("refresh")).toEqual([{ type: "refresh", scope: SCOPE }]);
});

test("a page that watches no portfolio has nothing to say of them", () => {
  store.start(["AAPL"]);
  network.newest.opens();
  network.newest.says(status(0, { portfolios: { state: "behind", since: "2026-11-20T09:59:00.000Z" } }));
  expect(store.portfoliosReport).toBeNull();
});
