import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { conditionOf } from "../../src/live/condition";
import { LiveStore, type RowsChange } from "../../src/live/store";
import { FakeNetwork } from "./fake_transport";
import { delta, row, snapshot, status, welcome } from "./frames";

let network: FakeNetwork;
let store: LiveStore;
let changes: RowsChange[];
let startedAt: number;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-20T10:00:00Z") });
  startedAt = Date.now();
  network = new FakeNetwork();
  changes = [];
  store = new LiveStore({
    open: network.open,
    onRows: (change) => changes.push(change),
    onCondition: () => {},
    onWelcome: () => {},
    isHidden: () => false,
    random: () => 0.5,
  });
  store.start(["AAPL", "IBM"]);
});

afterEach(() => {
  store.stop();
  vi.useRealTimers();
});

function connect(sequence = 7, epoch = "e1"): void {
  network.newest.opens();
  network.newest.says(welcome({ epoch }));
  network.newest.says(snapshot(sequence, { AAPL: row(), IBM: row({ name: "IBM" }) }, { epoch }));
}

test("a new connection says hello, then subscribes to everything watched", () => {
  connect();
  expect(network.newest.sent).toEqual([
    { type: "hello", resume: {} },
    { type: "subscribe", id: 1, quotes: ["AAPL", "IBM"] },
  ]);
  expect(store.rows.get("AAPL")?.price).toBe("534.50");
});

test("a reconnection names the last sequence held and watches the same symbols", () => {
  connect();
  network.newest.says(delta(8, { AAPL: { price: "535.10" } }));
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
  expect(network.newest.sent[0]).toEqual({
    type: "hello",
    resume: { quotes: { epoch: "e1", sequence: 8, ledger: null } },
  });
  expect(network.newest.sent[1]).toMatchObject({ type: "subscribe", quotes: ["AAPL", "IBM"] });
  expect(store.rows.get("AAPL")?.price).toBe("535.10");
});

test("a gap asks for a snapshot once, and again only after a while without an answer", () => {
  connect();
  for (const sequence of [9, 10, 11]) network.newest.says(delta(sequence, { AAPL: { price: "1.00" } }));
  expect(network.newest.sentOf("refresh").length).toBe(1);
  vi.advanceTimersByTime(3_100);
  network.newest.says(delta(12, { AAPL: { price: "1.00" } }));
  expect(network.newest.sentOf("refresh").length).toBe(2);
  expect(store.rows.get("AAPL")?.price).toBe("534.50");
});

test("after a reconnection to a new epoch the answer to the subscription is waited for", () => {
  connect();
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
  network.newest.says(welcome({ epoch: "e2" }));
  expect(network.newest.sentOf("refresh").length).toBe(0);
  network.newest.says(snapshot(1, { AAPL: row({ price: "600.00" }) }, { epoch: "e2" }));
  expect(store.rows.get("AAPL")?.price).toBe("600.00");
});

test("a heartbeat that reveals a loss asks for a snapshot", () => {
  connect();
  network.newest.says(status(9));
  expect(network.newest.sentOf("refresh")).toEqual([{ type: "refresh", scope: "quotes" }]);
});

test("an acknowledgement says how long the last price took to the screen, once", () => {
  store.stop();
  const times = [120, null];
  store = new LiveStore({
    open: network.open,
    onRows: () => {},
    onCondition: () => {},
    onWelcome: () => {},
    isHidden: () => false,
    paintedMs: () => times.shift() ?? null,
  });
  store.start(["AAPL", "IBM"]);
  connect();
  vi.advanceTimersByTime(1_000);
  network.newest.says(delta(8, { AAPL: { price: "535.10" } }));
  vi.advanceTimersByTime(1_000);
  expect(network.newest.sent.filter(({ type }) => type === "ack")).toEqual([
    { type: "ack", scope: "quotes", sequence: 7, painted_ms: 120 },
    { type: "ack", scope: "quotes", sequence: 8 },
  ]);
});

test("frames are acknowledged at most once a second, with the highest sequence", () => {
  connect();
  for (let sequence = 8; sequence < 20; sequence += 1)
    network.newest.says(delta(sequence, { AAPL: { price: "1.00" } }));
  vi.advanceTimersByTime(1_000);
  expect(network.newest.sentOf("ack")).toEqual([{ type: "ack", scope: "quotes", sequence: 19 }]);
  vi.advanceTimersByTime(5_000);
  expect(network.newest.sentOf("ack").length).toBe(1);
});

test("a further symbol that the server knows is watched after the next reconnection too", async () => {
  connect();
  const answer = store.watch(["MSFT"]);
  const id = network.newest.sentOf("subscribe").at(-1)?.["id"];
  network.newest.says(snapshot(8, { AAPL: row(), MSFT: row() }, { id: Number(id) }));
  expect(await answer).toBeNull();
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
  expect(network.newest.sent[1]).toMatchObject({ quotes: ["AAPL", "IBM", "MSFT"] });
});

test("a symbol that the server refuses is told with the server's reason", async () => {
  connect();
  const answer = store.watch(["XXXX"]);
  const id = Number(network.newest.sentOf("subscribe").at(-1)?.["id"]);
  network.newest.says({ type: "error", code: "unknown_symbol", message: "No instrument has the symbol XXXX.", id });
  expect(await answer).toMatchObject({ code: "unknown_symbol", message: "No instrument has the symbol XXXX." });
});

test("a snapshot without the request's id answers it where it has all the symbols", async () => {
  connect();
  let settled: unknown = "pending";
  const answer = store.watch(["MSFT", "ORCL"]).then((refusal) => {
    settled = refusal;
  });
  network.newest.says(snapshot(8, { AAPL: row(), MSFT: row() }));
  await Promise.resolve();
  expect(settled).toBe("pending");
  network.newest.says(snapshot(9, { AAPL: row(), MSFT: row(), ORCL: row() }));
  await answer;
  expect(settled).toBeNull();
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
  expect(network.newest.sent[1]).toMatchObject({ quotes: ["AAPL", "IBM", "MSFT", "ORCL"] });
});

test("a request on a dead socket is told as offline when the socket is dropped, and can be asked again", async () => {
  connect();
  const answer = store.watch(["MSFT"]);
  vi.advanceTimersByTime(12_500);
  expect(await answer).toMatchObject({ code: "offline" });
  connect(1, "e2");
  const again = store.watch(["MSFT"]);
  const id = Number(network.newest.sentOf("subscribe").at(-1)?.["id"]);
  network.newest.says(snapshot(2, { MSFT: row() }, { epoch: "e2", id }));
  expect(await again).toBeNull();
});

test("a request that the connection took with it is told as offline", async () => {
  connect();
  const answer = store.watch(["MSFT"]);
  network.newest.breaks();
  expect(await answer).toMatchObject({ code: "offline" });
});

test("pings measure the server's clock", () => {
  connect();
  vi.advanceTimersByTime(200);
  const ping = network.newest.sentOf("ping")[0];
  network.newest.says(status(7, { id: Number(ping?.["id"]), server_time: "2026-11-20T10:00:07.200Z" }));
  expect(store.clock.offset).not.toBeNull();
});

test("messages of an unknown type, without sense or not in JSON are survived", () => {
  connect();
  network.newest.says({ type: "weather" });
  network.newest.says({ type: "delta", scope: "quotes", sequence: "eight" });
  network.newest.onmessage?.(new MessageEvent("message", { data: "{" }));
  network.newest.says(delta(8, { AAPL: { price: "535.10" } }));
  expect(store.rows.get("AAPL")?.price).toBe("535.10");
});

test("a frame names the symbols it changed and when the server received the newest price", () => {
  connect();
  network.newest.says(delta(8, { IBM: { price: "196.00" } }));
  expect(changes.map(({ symbols, isSnapshot }) => [[...symbols], isSnapshot])).toEqual([
    [["AAPL", "IBM"], true],
    [["IBM"], false],
  ]);
  expect(changes.at(-1)?.received).toBe(Date.parse("2026-11-20T10:00:00.000Z"));
});

function conditionNow(): ReturnType<typeof conditionOf> {
  const { link, feeds, isCaughtUp } = store;
  return conditionOf({ link, feeds, isCaughtUp, isReplay: true, quality: "replay", startedAt, now: Date.now() });
}

test("the pill goes from connecting over replay and stale to offline, and back", () => {
  expect(conditionNow().name).toBe("connecting");
  connect();
  expect(conditionNow().name).toBe("replay");
  vi.advanceTimersByTime(5_500);
  expect(conditionNow()).toEqual({ name: "stale", since: startedAt });
  vi.advanceTimersByTime(6_600);
  expect(conditionNow()).toEqual({ name: "offline", since: startedAt });
  vi.advanceTimersByTime(200);
  connect();
  expect(conditionNow().name).toBe("replay");
});

test("a new connection is current only when its first snapshot has come", () => {
  connect();
  network.newest.breaks();
  vi.advanceTimersByTime(200);
  network.newest.opens();
  expect(conditionNow().name).toBe("connecting");
  network.newest.says(welcome());
  network.newest.says(status(7));
  expect(conditionNow().name).toBe("connecting");
  network.newest.says(snapshot(7, { AAPL: row(), IBM: row({ name: "IBM" }) }));
  expect(conditionNow().name).toBe("replay");
});

test("a broken feed is stale although the socket is well", () => {
  connect();
  const since = "2026-11-20T09:58:00.000Z";
  network.newest.says(status(7, { feeds: [{ feed: "replay", state: "reconnecting", since, message: "" }] }));
  expect(conditionNow()).toEqual({ name: "stale", since: Date.parse(since) });
});

test("one broken feed of two leaves the pill as it is", () => {
  connect();
  const since = "2026-11-20T09:58:00.000Z";
  const feeds = [
    { feed: "a", state: "stopped", since, message: "" },
    { feed: "b", state: "quiet", since, message: "" },
  ] as const;
  network.newest.says(status(7, { feeds }));
  expect(conditionNow().name).toBe("replay");
});

test("what is invented never passes for a market, also after its close", () => {
  connect();
  const heardAt = Date.now();
  const link = { ...store.link, phase: "open" as const, heardAt };
  const feed = { feed: "simulated", state: "quiet" as const, since: "2026-11-20T10:00:00.000Z", message: "" };
  const at = { link, isCaughtUp: true, isReplay: false, quality: "closed" as const, startedAt, now: heardAt };
  expect(conditionOf({ ...at, feeds: [feed] }).name).toBe("simulated");
  expect(conditionOf({ ...at, feeds: [{ ...feed, feed: "yahoo" }] }).name).toBe("live");
  expect(conditionOf({ ...at, feeds: [], quality: "delayed" }).name).toBe("delayed");
});
