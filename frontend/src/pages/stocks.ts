/** The page of one stock as a visitor sees it, who has no portfolios: with a store and a pill of its own. */

import "./shell";
import { CellBoard } from "../cells/board";
import { Latencies } from "../lib/latencies";
import { dateTitle } from "../lib/privacy";
import { browserNow } from "../lib/server_clock";
import { clockOf } from "../lib/times";
import { type Condition, isCurrent } from "../live/condition";
import { SUBPROTOCOL } from "../live/messages.gen";
import { LiveStore, type RowsChange } from "../live/store";
import type { PageHooks } from "./app_shell";
import { reloadForBuild } from "./build";
import { ConnectionView } from "./connection";
import { type Around, StocksPage } from "./stocks_page";

const CLOCK_EVERY_MS = 1_000;

class VisitorShell implements Around {
  readonly board = new CellBoard();
  readonly latencies = new Latencies();
  readonly connection = new ConnectionView(() => this.store);
  readonly store: LiveStore;
  readonly #hooks: PageHooks;

  constructor(hooks: PageHooks) {
    this.#hooks = hooks;
    this.store = new LiveStore({
      open: () => new WebSocket(socketAddress(), SUBPROTOCOL),
      onRows: (change) => this.#rowsChanged(change),
      onCondition: () => this.#tellCondition(),
      onWelcome: (welcome) => {
        reloadForBuild(welcome.build, () => hooks.isBusy?.() ?? false);
        hooks.onWelcome?.(welcome);
      },
      isHidden: () => document.hidden,
      paintedMs: () => this.latencies.takeNewest(),
    });
  }

  start(_whole: readonly string[], symbols: readonly string[]): void {
    this.store.start(symbols);
    setInterval(() => this.#tellCondition(), CLOCK_EVERY_MS);
    addEventListener("online", () => this.store.tryNow());
    document.addEventListener("visibilitychange", () => this.store.visibilityChanged(document.hidden));
  }

  showCondition(condition: Condition): void {
    this.connection.show(condition, this.latencies.percentiles());
    dateTitle(isCurrent(condition.name) || condition.since === null ? "" : clockOf().minute(condition.since));
  }

  #tellCondition(): void {
    this.#hooks.onCondition?.(this.connection.condition(null));
  }

  #rowsChanged(change: RowsChange): void {
    this.#hooks.onRows?.(change);
    const { received } = change;
    if (received === null || document.hidden) return;
    // Times the way from the server's receipt of a price to the painted frame, in the server's clock.
    this.board.whenPainted(() => {
      const now = this.store.clock.serverTime(browserNow());
      if (now !== null) this.latencies.add(now - received);
    });
  }
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/stocks/`;
}

new StocksPage((hooks) => new VisitorShell(hooks)).start();
