/** The portfolios that a page watches: what is held of each, what changed, and what the person may see. */

import { millis } from "../lib/times";
import { appliedToPortfolio, type HeldPortfolio, nothingHeldOf, portfolioOf, portfolioScope } from "./apply_portfolio";
import type {
  Access,
  ClientMessage,
  Error as ErrorMessage,
  EventKind,
  Event as EventMessage,
  PortfolioDelta,
  PortfolioSnapshot,
  ResumePoint,
  ServerMessage,
  VisiblePortfolio,
} from "./messages.gen";
import { Scope } from "./scope";

/** What a frame changed in a portfolio. */
export interface PortfolioChange {
  readonly portfolio: string;
  readonly held: HeldPortfolio;
  readonly before: HeldPortfolio;
  /** Rows that changed or came, by key; in a snapshot all. */
  readonly keys: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  readonly isSnapshot: boolean;
  /** Whether the ledger went on since what was held: lists of transactions are old. Events tell which, where they came through. */
  readonly isLedgerNews: boolean;
  /** When the server got the newest of the prices (its clock); null in a snapshot, and where no price is new. */
  readonly received: number | null;
}

/** Something was booked; each is told once. */
export interface LedgerEvent {
  readonly portfolio: string;
  readonly ledger: number;
  readonly kind: EventKind;
  readonly transaction: string | null;
}

export interface PortfolioHooks {
  readonly onPortfolio?: (change: PortfolioChange) => void;
  readonly onEvent?: (event: LedgerEvent) => void;
  /** What the person may see changed: a portfolio came or went, a name or a role is another one. */
  readonly onAccess?: (portfolios: readonly VisiblePortfolio[]) => void;
  /** A portfolio is not the person's (any more) or cannot be read now; in the latter case it follows by itself. */
  readonly onRefused?: (portfolio: string, code: string) => void;
}

interface Watched {
  readonly scope: Scope<HeldPortfolio>;
  readonly totalsOnly: boolean;
}

const NONE: ReadonlySet<string> = new Set();

export class Portfolios {
  readonly #hooks: PortfolioHooks;
  readonly #send: (message: ClientMessage) => void;
  readonly #nextId: () => number;
  readonly #watched = new Map<string, Watched>();
  #visible: readonly VisiblePortfolio[] = [];

  constructor(hooks: PortfolioHooks, send: (message: ClientMessage) => void, nextId: () => number) {
    this.#hooks = hooks;
    this.#send = send;
    this.#nextId = nextId;
  }

  /** What the person may see, as last heard. */
  get visible(): readonly VisiblePortfolio[] {
    return this.#visible;
  }

  get size(): number {
    return this.#watched.size;
  }

  get isCaughtUp(): boolean {
    return [...this.#watched.values()].every(({ scope }) => scope.isFresh);
  }

  held(portfolio: string): HeldPortfolio | null {
    return this.#watched.get(portfolio)?.scope.held ?? null;
  }

  resume(): { readonly [scope: string]: ResumePoint } {
    const points: { [scope: string]: ResumePoint } = {};
    for (const { scope } of this.#watched.values()) if (scope.resume !== null) points[scope.name] = scope.resume;
    return points;
  }

  /** Notes what is to be watched; what is new of it is returned, to be subscribed where there is a connection. */
  want(portfolios: Iterable<string>, totalsOnly: boolean): readonly string[] {
    const fresh = [...portfolios].filter((portfolio) => this.#watched.get(portfolio)?.totalsOnly !== totalsOnly);
    for (const portfolio of fresh) {
      const name = portfolioScope(portfolio);
      const held = this.#watched.get(portfolio)?.scope.held ?? nothingHeldOf(name);
      this.#watched.set(portfolio, { scope: new Scope(name, held, appliedToPortfolio, this.#send), totalsOnly });
    }
    return fresh;
  }

  /** Asks for everything that is watched, as a new connection does, or for those of `only`. */
  subscribe(only?: readonly string[]): void {
    for (const totalsOnly of [false, true]) {
      const asked = [...this.#watched].filter(
        ([portfolio, watched]) => watched.totalsOnly === totalsOnly && (only?.includes(portfolio) ?? true),
      );
      for (const [, { scope }] of asked) scope.asked();
      const portfolios = asked.map(([portfolio]) => portfolio);
      if (portfolios.length > 0)
        this.#send({ type: "subscribe", id: this.#nextId(), portfolios, totals_only: totalsOnly });
    }
  }

  unwatch(portfolios: readonly string[]): void {
    const known = portfolios.filter((portfolio) => this.#watched.delete(portfolio));
    if (known.length > 0) this.#send({ type: "unsubscribe", id: this.#nextId(), portfolios: known });
  }

  takes(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#see(message.portfolios);
        break;
      case "access":
        this.#takesAccess(message);
        break;
      case "portfolio_snapshot":
      case "portfolio_delta":
        this.#takesFrame(message);
        break;
      case "event":
        this.#takesEvent(message);
        break;
      case "error":
        this.#takesError(message);
        break;
      case "status":
        // Who asks for what is withheld gets no answer; it comes by itself when it may.
        if (message.portfolios?.state !== "withheld")
          for (const { scope } of this.#watched.values()) scope.takes(message);
    }
  }

  acknowledge(paintedMs: number | null): void {
    let painted = paintedMs;
    for (const { scope } of this.#watched.values()) if (scope.acknowledge(painted)) painted = null;
  }

  /** The session is over: nothing of any portfolio is kept. */
  signedOut(): void {
    this.#takesAccess({ type: "access", portfolios: [] });
  }

  #see(visible: readonly VisiblePortfolio[]): void {
    this.#visible = visible;
    this.#hooks.onAccess?.(visible);
  }

  #takesAccess(message: Access): void {
    for (const [portfolio, { scope }] of [...this.#watched]) {
      const before = scope.held;
      if (scope.takes(message) && scope.held.isLost) this.#lose(portfolio, before, scope.held);
    }
    this.#see(message.portfolios);
  }

  #takesFrame(frame: PortfolioSnapshot | PortfolioDelta): void {
    const portfolio = portfolioOf(frame.scope);
    const scope = portfolio === null ? undefined : this.#watched.get(portfolio)?.scope;
    if (portfolio === null || scope === undefined) return;
    const before = scope.held;
    const isSnapshot = frame.type === "portfolio_snapshot";
    if (isSnapshot || frame.since !== undefined) scope.answered();
    if (isSnapshot) scope.ledger = frame.ledger;
    if (!scope.takes(frame) || scope.held.needsRefresh) return;
    this.#hooks.onPortfolio?.({
      portfolio,
      held: scope.held,
      before,
      keys: new Set(isSnapshot ? Object.keys(frame.rows) : [...Object.keys(frame.rows), ...Object.keys(frame.added)]),
      removed: isSnapshot ? gone(before, scope.held) : new Set(frame.removed),
      isSnapshot,
      isLedgerNews: before.totals !== null && frame.ledger !== before.ledger,
      received: isSnapshot ? null : millis(frame.stamps.received),
    });
  }

  #takesEvent({ scope, ledger, kind, transaction }: EventMessage): void {
    const portfolio = portfolioOf(scope);
    const watched = portfolio === null ? undefined : this.#watched.get(portfolio);
    if (portfolio === null || watched === undefined) return;
    watched.scope.ledger = ledger;
    this.#hooks.onEvent?.({ portfolio, ledger, kind, transaction });
  }

  #takesError(message: ErrorMessage): void {
    const portfolio = portfolioOf(message.scope ?? "");
    const scope = portfolio === null ? undefined : this.#watched.get(portfolio)?.scope;
    if (portfolio === null || scope === undefined) return;
    const before = scope.held;
    if (scope.takes(message)) this.#lose(portfolio, before, scope.held);
    this.#hooks.onRefused?.(portfolio, message.code);
  }

  #lose(portfolio: string, before: HeldPortfolio, held: HeldPortfolio): void {
    this.#watched.delete(portfolio);
    const removed = new Set(before.rows.keys());
    const what = { portfolio, held, before, keys: NONE, removed, isSnapshot: false, isLedgerNews: false };
    this.#hooks.onPortfolio?.({ ...what, received: null });
  }
}

function gone(before: HeldPortfolio, held: HeldPortfolio): ReadonlySet<string> {
  return new Set([...before.rows.keys()].filter((key) => !held.rows.has(key)));
}
