/**
 * What the page knows: quotes and portfolios, the server's last words, and the clock between here and there.
 *
 * Joins the socket and the scopes: greets, subscribes, acknowledges, measures the clock.
 */

import { browserNow, ServerClock } from "../lib/server_clock";
import { millis } from "../lib/times";
import { phrase } from "../lib/words";
import { applied, NOTHING_HELD, SCOPE } from "./apply";
import type { HeldPortfolio } from "./apply_portfolio";
import type {
  ClientMessage,
  FeedReport,
  PortfoliosReport,
  ServerMessage,
  Snapshot,
  Stamps,
  VisiblePortfolio,
  Welcome,
} from "./messages.gen";
import { parseServerMessage, type QuoteRow } from "./messages.gen";
import { type PortfolioHooks, Portfolios } from "./portfolios";
import { Scope } from "./scope";
import { type Link, LiveSocket, type Transport } from "./socket";

const ACK_EVERY_MS = 1_000;
/** The first exchanges come soon, so that the clock is known early. */
const PINGS_MS: readonly number[] = [200, 1_000, 3_000];
const PING_EVERY_MS = 15_000;

/** Rows that a frame brought. `received` is when the server got the newest of its prices (its clock), null in a snapshot. */
export interface RowsChange {
  readonly symbols: ReadonlySet<string>;
  readonly received: number | null;
  readonly isSnapshot: boolean;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

const OFFLINE: Refusal = { code: "offline", message: phrase("The server cannot be reached right now.") };
const SIGNED_OUT = "signed_out";

export interface StoreOptions extends PortfolioHooks {
  readonly open: () => Transport;
  readonly onRows: (change: RowsChange) => void;
  /** The connection, the feeds or the market's time changed. */
  readonly onCondition: () => void;
  readonly onWelcome: (welcome: Welcome) => void;
  /** The session is over, here or in another tab. The socket is closed and nothing of any portfolio is held any more. */
  readonly onSignedOut?: () => void;
  readonly isHidden: () => boolean;
  /** How long the last price took to the screen, in ms, each told once; null where none is new. */
  readonly paintedMs?: () => number | null;
  readonly random?: () => number;
}

interface Request {
  readonly symbols: readonly string[];
  readonly settle: (refusal: Refusal | null) => void;
}

export class LiveStore {
  readonly clock = new ServerClock();
  readonly #options: StoreOptions;
  readonly #socket: LiveSocket;
  readonly #watched = new Set<string>();
  readonly #requests = new Map<number, Request>();
  readonly #pings = new Map<number, number>();
  readonly #quotes = new Scope(SCOPE, NOTHING_HELD, applied, (message) => this.#send(message));
  readonly #portfolios: Portfolios;
  #welcome: Welcome | null = null;
  #feeds: readonly FeedReport[] = [];
  #report: PortfoliosReport | null = null;
  #marketTime: number | null = null;
  #lastId = 0;
  #greetedAt = 0;
  #isSignedOut = false;
  #timers: readonly ReturnType<typeof setTimeout>[] = [];
  #ackTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#portfolios = new Portfolios(
      options,
      (message) => this.#send(message),
      () => this.#nextId(),
    );
    this.#socket = new LiveSocket({
      open: options.open,
      onOpen: () => this.#greet(),
      onText: (text) => this.#receive(text),
      onLink: (link) => this.#linkChanged(link),
      ...(options.random === undefined ? {} : { random: options.random }),
    });
  }

  get rows(): ReadonlyMap<string, QuoteRow> {
    return this.#quotes.held.rows;
  }

  /** What is held of a portfolio that is watched; null of any other, and of one that was taken away. */
  portfolio(portfolio: string): HeldPortfolio | null {
    return this.#portfolios.held(portfolio);
  }

  /** The portfolios that the signed-in person may watch, as last heard. */
  get visible(): readonly VisiblePortfolio[] {
    return this.#portfolios.visible;
  }

  get isSignedOut(): boolean {
    return this.#isSignedOut;
  }

  get link(): Link {
    return this.#socket.link;
  }

  get feeds(): readonly FeedReport[] {
    return this.#feeds;
  }

  /** Whether this connection has given its first snapshots: before them, what is held is an earlier one's. */
  get isCaughtUp(): boolean {
    const hasQuotes = this.#watched.size === 0 || this.#quotes.isFresh;
    return hasQuotes && (this.portfoliosReport !== null || this.#portfolios.isCaughtUp);
  }

  /** Why portfolios that are watched are not those of now, although the server is heard; null where they are. */
  get portfoliosReport(): PortfoliosReport | null {
    return this.#portfolios.size === 0 || this.#report?.state === "current" ? null : this.#report;
  }

  get welcome(): Welcome | null {
    return this.#welcome;
  }

  /** The market's clock as last heard, in ms since 1970. */
  get marketTime(): number | null {
    return this.#marketTime;
  }

  start(symbols: Iterable<string>): void {
    for (const symbol of symbols) this.#watched.add(symbol);
    this.#socket.start();
  }

  /** Watches portfolios from now on, over every reconnection; with `totalsOnly` they come without their rows. */
  watchPortfolios(portfolios: Iterable<string>, { totalsOnly = false } = {}): void {
    const fresh = this.#portfolios.want(portfolios, totalsOnly);
    if (fresh.length > 0 && this.#isOpen) this.#portfolios.subscribe(fresh);
  }

  unwatchPortfolios(portfolios: readonly string[]): void {
    this.#portfolios.unwatch(portfolios);
  }

  stop(): void {
    this.#clearTimers();
    this.#socket.stop();
  }

  tryNow(): void {
    this.#socket.tryNow();
  }

  /** Asks the server for further symbols; the answer is null, or why it refused. */
  watch(symbols: readonly string[]): Promise<Refusal | null> {
    return new Promise((settle) => {
      const id = this.#nextId();
      this.#requests.set(id, { symbols, settle });
      if (this.#isOpen) this.#send({ type: "subscribe", id, quotes: symbols });
      else this.#settle(id, OFFLINE);
    });
  }

  visibilityChanged(hidden: boolean): void {
    this.#send({ type: "visibility", hidden });
    if (!hidden) this.#socket.tryNow();
  }

  get #isOpen(): boolean {
    return this.link.phase === "open" || this.link.phase === "silent";
  }

  #send(message: ClientMessage): void {
    this.#socket.send(message);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #greet(): void {
    const quotes = this.#quotes.resume;
    this.#greetedAt = browserNow();
    this.#quotes.asked();
    this.#send({
      type: "hello",
      resume: { ...(quotes === null ? {} : { [SCOPE]: quotes }), ...this.#portfolios.resume() },
    });
    if (this.#watched.size > 0) this.#send({ type: "subscribe", id: this.#nextId(), quotes: [...this.#watched] });
    this.#portfolios.subscribe();
    if (this.#options.isHidden()) this.#send({ type: "visibility", hidden: true });
    const every = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#timers = [...PINGS_MS.map((wait) => setTimeout(() => this.#ping(), wait)), every];
  }

  #ping(): void {
    const id = this.#nextId();
    this.#pings.set(id, browserNow());
    this.#send({ type: "ping", id });
  }

  #receive(text: string): void {
    const parsed = parseServerMessage(readJson(text));
    // A message of a newer server, or one that breaks the protocol: a lost frame shows as a gap, and the snapshot heals it.
    if (parsed.kind !== "message") return;
    const isNews = this.#quotes.takes(parsed.message);
    this.#note(parsed.message);
    if (isNews) this.#announce(parsed.message);
    this.#portfolios.takes(parsed.message);
  }

  #note(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#greeted(message);
        break;
      case "status":
        this.#feeds = message.feeds;
        this.#report = message.portfolios ?? null;
        this.#marketTime = millis(message.market_time) ?? this.#marketTime;
        this.#pinged(message.id ?? null, message.server_time);
        this.#options.onCondition();
        break;
      case "snapshot":
        this.#quotes.answered();
        this.#settle(message.id ?? null, null);
        this.#settleAnswered(message);
        this.#marketMoved(message.stamps);
        break;
      case "portfolio_snapshot":
      case "portfolio_delta":
        this.#acknowledgeSoon();
        this.#marketMoved(message.stamps);
        break;
      case "delta":
        if (message.since !== undefined) this.#quotes.answered();
        this.#marketMoved(message.stamps);
        break;
      case "error":
        this.#settle(message.id ?? null, message);
        break;
      case "bye":
        this.#socket.dismissed(message.retry_after_ms);
        if (message.code === SIGNED_OUT) this.#signedOut();
    }
  }

  #greeted(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#report = null;
    this.#marketTime = millis(welcome.market_time) ?? this.#marketTime;
    const serverTime = millis(welcome.server_time);
    if (serverTime !== null) this.clock.exchanged(this.#greetedAt, browserNow(), serverTime);
    this.#options.onWelcome(welcome);
    this.#options.onCondition();
  }

  #pinged(id: number | null, serverTime: string): void {
    const sentAt = id === null ? undefined : this.#pings.get(id);
    const at = millis(serverTime);
    if (id === null || sentAt === undefined || at === null) return;
    this.#pings.delete(id);
    this.clock.exchanged(sentAt, browserNow(), at);
  }

  #signedOut(): void {
    this.#isSignedOut = true;
    this.#portfolios.signedOut();
    this.#options.onSignedOut?.();
  }

  #marketMoved(stamps: Stamps): void {
    const at = millis(stamps.source);
    if (at !== null && at > (this.#marketTime ?? 0)) this.#marketTime = at;
  }

  #settle(id: number | null, refusal: Refusal | null): void {
    const request = id === null ? undefined : this.#requests.get(id);
    if (id === null || request === undefined) return;
    this.#requests.delete(id);
    if (refusal === null) for (const symbol of request.symbols) this.#watched.add(symbol);
    request.settle(refusal);
  }

  /** A client that was behind gets its answer late and without the request's id: the rows show that it was taken. */
  #settleAnswered({ rows }: Snapshot): void {
    for (const [id, { symbols }] of [...this.#requests])
      if (symbols.every((symbol) => Object.hasOwn(rows, symbol))) this.#settle(id, null);
  }

  #announce(message: ServerMessage): void {
    if (message.type !== "snapshot" && message.type !== "delta") return;
    const isSnapshot = message.type === "snapshot";
    const received = isSnapshot ? null : millis(message.stamps.received);
    this.#options.onRows({ symbols: new Set(Object.keys(message.rows)), received, isSnapshot });
    this.#acknowledgeSoon();
  }

  #acknowledgeSoon(): void {
    this.#ackTimer ??= setTimeout(() => {
      this.#ackTimer = undefined;
      const painted = this.#options.paintedMs?.() ?? null;
      const isTold = this.#quotes.acknowledge(painted);
      this.#portfolios.acknowledge(isTold ? null : painted);
    }, ACK_EVERY_MS);
  }

  #linkChanged(link: Link): void {
    if (link.phase === "waiting" || link.phase === "ended") this.#disconnected();
    this.#options.onCondition();
  }

  #disconnected(): void {
    this.#clearTimers();
    this.#pings.clear();
    for (const id of [...this.#requests.keys()]) {
      this.#settle(id, OFFLINE);
    }
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
