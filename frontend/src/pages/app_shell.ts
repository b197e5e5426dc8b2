/**
 * What stands around every page of signed-in people, alive: theme, switcher, side bar with each portfolio's day, connection
 * and market pill, notice, replay banner; and what a page shows when the session is over.
 */

import { CellBoard } from "../cells/board";
import { byId } from "../lib/dom";
import { Latencies } from "../lib/latencies";
import { dateTitle, showTitle } from "../lib/privacy";
import { browserNow } from "../lib/server_clock";
import { cityOf, clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import { type Condition, isCurrent } from "../live/condition";
import { SUBPROTOCOL, type VisiblePortfolio, type Welcome } from "../live/messages.gen";
import type { LedgerEvent, PortfolioChange } from "../live/portfolios";
import { LiveStore, type RowsChange } from "../live/store";
import { forget, forgetOthers } from "../offline/forget";
import type { Known } from "../offline/keeper";
import { Offline } from "../offline/start";
import { reloadForBuild } from "./build";
import { startCommands } from "./commands";
import { ConnectionView } from "./connection";
import { startFastEntry } from "./fast_entry_start";
import { startForms } from "./forms";
import { MarketPill } from "./market_pill";
import { startPrivacy } from "./privacy";
import { Rail } from "./rail";
import { startSwitcher } from "./switcher";
import { startTheme } from "./theme";
import { startToasts } from "./toasts";

const CLOCK_EVERY_MS = 1_000;

/** What a page's own module wants to be told. */
export interface PageHooks {
  /** Quotes that the page watches changed. */
  readonly onRows?: (change: RowsChange) => void;
  readonly onPortfolio?: (change: PortfolioChange) => void;
  readonly onEvent?: (event: LedgerEvent) => void;
  /** What the person may see: told at every connection, and whenever it changes. */
  readonly onAccess?: (portfolios: readonly VisiblePortfolio[]) => void;
  readonly onRefused?: (portfolio: string, code: string) => void;
  /** The connection, the feeds or the market's time changed; also told every second. */
  readonly onCondition?: (condition: Condition) => void;
  /** Told at every connection: what the server is, and which symbols it knows. */
  readonly onWelcome?: (welcome: Welcome) => void;
  /** The session is over: what is private on the page goes. */
  readonly onSignedOut?: () => void;
  /** The title has a price, which moves whatever becomes of portfolios. */
  readonly isTitledByPrice?: boolean;
  /** What Home adds up in. */
  readonly homeCurrency?: string;
  /** Whether someone is in the middle of something that a reload would lose; typing in a form always is. */
  readonly isBusy?: () => boolean;
}

function newSocket(): WebSocket {
  return new WebSocket(socketAddress(), SUBPROTOCOL);
}

export class AppShell {
  readonly board = new CellBoard();
  readonly latencies = new Latencies();
  readonly connection = new ConnectionView(() => this.store);
  /** Opened before the page is taken in hand: the server answers meanwhile, and nothing of it is heard before `start`. */
  #early: WebSocket | null = newSocket();
  readonly store = new LiveStore({
    open: () => this.#opened(),
    onRows: (change) => this.#rowsChanged(change),
    onPortfolio: (change) => this.#portfolioChanged(change),
    onEvent: (event) => this.#hooks.onEvent?.(event),
    onAccess: (portfolios) => this.#accessChanged(portfolios),
    onRefused: (portfolio, code) => this.#hooks.onRefused?.(portfolio, code),
    onCondition: () => this.#showCondition(),
    onSignedOut: () => this.#signedOut(),
    onWelcome: (welcome) => {
      reloadForBuild(welcome.build, () => this.#isBusy);
      this.#hooks.onWelcome?.(welcome);
    },
    isHidden: () => document.hidden,
    paintedMs: () => this.latencies.takeNewest(),
  });
  readonly #hooks: PageHooks;
  readonly #rail = new Rail(this.board);
  readonly #market = new MarketPill();
  readonly #offline = new Offline(() => this.#known);
  #whole: readonly string[] | "all" = [];
  #hasTyped = false;

  constructor(hooks: PageHooks) {
    this.#hooks = hooks;
  }

  /** Whether what the page shows can be taken for the newest there is. */
  get isCurrent(): boolean {
    return isCurrent(this.condition.name);
  }

  /** Whether portfolios move with the prices: not while the server withholds them. */
  get arePortfoliosMoving(): boolean {
    return this.isCurrent && this.store.portfoliosReport?.state !== "withheld";
  }

  /** Whether they also rest on what is booked by now. */
  get arePortfoliosCurrent(): boolean {
    return this.isCurrent && this.store.portfoliosReport === null;
  }

  /** Before the first word the page shows what was recorded, and says so; it is not called stale yet. */
  get isYetToBegin(): boolean {
    return this.store.link.heardAt === null && this.condition.name === "connecting";
  }

  get condition(): Condition {
    return this.connection.condition(null);
  }

  /**
   * `whole` are the portfolios whose rows the page shows; of the others the side bar needs the totals only. `symbols` are the
   * quotes that it shows.
   */
  start(whole: readonly string[] | "all", symbols: readonly string[] = []): void {
    this.#whole = whole;
    startTheme();
    startPrivacy();
    startCommands();
    startSwitcher();
    startForms();
    startToasts();
    startFastEntry();
    showCurrentTab();
    forgetOthers();
    this.#offline.start();
    this.#watch(this.#rail.portfolios);
    this.store.start(symbols);
    setInterval(() => this.#showCondition(), CLOCK_EVERY_MS);
    addEventListener("online", () => this.store.tryNow());
    addEventListener("beforeprint", () => this.#datePaper());
    document.addEventListener("visibilitychange", () => this.store.visibilityChanged(document.hidden));
    document.addEventListener("input", (event) => this.#typed(event));
    document.addEventListener("submit", () => {
      this.#hasTyped = false;
    });
  }

  /** What is printed says of when its figures are. */
  #datePaper(): void {
    const { marketTime } = this.store;
    if (marketTime === null) return;
    const zone = document.documentElement.dataset["zone"] ?? "UTC";
    const { day, minute } = clockOf(zone);
    const told = phrase(", figures of {day}, {time} in {city}", {
      day: day(marketTime),
      time: minute(marketTime),
      city: cityOf(zone),
    });
    byId("print-time", HTMLElement).textContent = told;
  }

  #opened(): WebSocket {
    const early = this.#early;
    this.#early = null;
    return early ?? newSocket();
  }

  get #isBusy(): boolean {
    return this.#hasTyped || (this.#hooks.isBusy?.() ?? false);
  }

  /** A filter is nothing that a reload would lose. */
  #typed(event: Event): void {
    if (event.target instanceof Element && event.target.closest("form") !== null) this.#hasTyped = true;
  }

  #watch(portfolios: readonly string[]): void {
    const { portfolios: limit } = this.store.welcome?.limits ?? { portfolios: 50 };
    const shown = portfolios.slice(0, limit);
    this.store.watchPortfolios(shown.filter((portfolio) => this.#isWhole(portfolio)));
    this.store.watchPortfolios(
      shown.filter((portfolio) => !this.#isWhole(portfolio)),
      { totalsOnly: true },
    );
  }

  #isWhole(portfolio: string): boolean {
    return this.#whole === "all" || this.#whole.includes(portfolio);
  }

  /** What is kept for the time without a server. */
  get #known(): Known {
    const { store } = this;
    return {
      condition: this.isCurrent && !this.arePortfoliosCurrent ? "stale" : this.condition.name,
      heardAt: store.link.heardAt,
      marketTime: store.marketTime,
      isReplay: this.connection.isReplay,
      isSignedOut: store.isSignedOut,
      visible: store.visible,
      held: (portfolio) => store.portfolio(portfolio),
      homeCurrency: this.#hooks.homeCurrency ?? "",
      isWhole: (portfolio) => this.#isWhole(portfolio),
    };
  }

  #rowsChanged(change: RowsChange): void {
    this.#hooks.onRows?.(change);
    if (change.received !== null && !document.hidden) this.#measure(change.received);
  }

  #portfolioChanged(change: PortfolioChange): void {
    this.#rail.show(change.portfolio, change.held.totals);
    this.#hooks.onPortfolio?.(change);
    if (change.received !== null && !document.hidden) this.#measure(change.received);
  }

  /** Times the way from the server's receipt of a price to the painted frame, in the server's clock. */
  #measure(received: number): void {
    this.board.whenPainted(() => {
      const now = this.store.clock.serverTime(browserNow());
      if (now !== null) this.latencies.add(now - received);
    });
  }

  #accessChanged(portfolios: readonly VisiblePortfolio[]): void {
    this.#rail.arrange(portfolios);
    this.#watch(portfolios.map(({ id }) => id));
    this.#offline.narrow(portfolios);
    this.#hooks.onAccess?.(portfolios);
  }

  /** Nothing private stays on the screen; a form keeps what was typed, hidden, until the page is left. */
  #signedOut(): void {
    forget();
    this.#rail.arrange([]);
    document.body.dataset["signedOut"] = "true";
    byId("signed-out", HTMLElement).hidden = false;
    byId("sign-in-again", HTMLElement).focus();
    dateTitle("");
    showTitle([phrase("Signed out"), "Tickfolio"].join(" · "));
    this.#hooks.onSignedOut?.();
  }

  /** On a page that is titled by portfolios: since when they stand still although prices move. */
  get #portfoliosStandSince(): number | null {
    if (this.#whole.length === 0 || this.#hooks.isTitledByPrice === true || this.arePortfoliosMoving) return null;
    return millis(this.store.portfoliosReport?.since ?? null);
  }

  #showCondition(): void {
    if (this.store.isSignedOut) return;
    const { condition } = this;
    this.connection.show(condition, this.latencies.percentiles());
    const { isCurrent: isNewest, isYetToBegin } = this;
    this.#market.show(this.store.marketTime, isNewest || isYetToBegin);
    const since = isNewest ? this.#portfoliosStandSince : condition.since;
    dateTitle(since === null ? "" : clockOf().minute(since));
    this.#hooks.onCondition?.(condition);
  }
}

/** Where the tabs have no room beside each other, the one in hand is scrolled to; the page itself stays where it is. */
function showCurrentTab(): void {
  const tabs = document.querySelector<HTMLElement>(".tabs");
  const current = tabs?.querySelector<HTMLElement>("[aria-current]");
  if (tabs == null || current == null) return;
  tabs.scrollLeft = current.offsetLeft + current.offsetWidth / 2 - tabs.offsetLeft - tabs.clientWidth / 2;
}

/** Begins the life of the shell. Called once by the module of each page. */
export function startAppShell(hooks: PageHooks = {}, whole: readonly string[] | "all" = []): AppShell {
  const shell = new AppShell(hooks);
  shell.start(whole);
  return shell;
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/stocks/`;
}
