/** What stands around every page of signed-in people, alive: theme, switcher, connection pill, notice, replay banner. */

import { Latencies } from "../lib/latencies";
import { type Condition, isCurrent } from "../live/condition";
import { SUBPROTOCOL } from "../live/messages.gen";
import { LiveStore, type RowsChange } from "../live/store";
import { reloadForBuild } from "./build";
import { ConnectionView } from "./connection";
import { startForms } from "./forms";
import { startSwitcher } from "./switcher";
import { startTheme } from "./theme";
import { startToasts } from "./toasts";

const CLOCK_EVERY_MS = 1_000;

/** What a page's own module wants to be told. */
export interface PageHooks {
  readonly onRows?: (change: RowsChange) => void;
  /** The connection, the feeds or the market's time changed; also told every second. */
  readonly onCondition?: (condition: Condition) => void;
  /** Whether someone is in the middle of something that a reload would lose; typing in a form always is. */
  readonly isBusy?: () => boolean;
}

export class AppShell {
  readonly latencies = new Latencies();
  readonly connection = new ConnectionView(() => this.store);
  readonly store = new LiveStore({
    open: () => new WebSocket(socketAddress(), SUBPROTOCOL),
    onRows: (change) => this.#hooks.onRows?.(change),
    onCondition: () => this.#showCondition(),
    onWelcome: (welcome) => reloadForBuild(welcome.build, () => this.#isBusy),
    isHidden: () => document.hidden,
  });
  readonly #hooks: PageHooks;
  #hasTyped = false;

  constructor(hooks: PageHooks) {
    this.#hooks = hooks;
  }

  /** Whether what the page shows can be taken for the newest there is. */
  get isCurrent(): boolean {
    return isCurrent(this.#condition.name);
  }

  start(): void {
    startTheme();
    startSwitcher();
    startForms();
    startToasts();
    this.store.start([]);
    setInterval(() => this.#showCondition(), CLOCK_EVERY_MS);
    addEventListener("online", () => this.store.tryNow());
    document.addEventListener("visibilitychange", () => this.store.visibilityChanged(document.hidden));
    document.addEventListener("input", () => {
      this.#hasTyped = true;
    });
    document.addEventListener("submit", () => {
      this.#hasTyped = false;
    });
  }

  get #condition(): Condition {
    return this.connection.condition(null);
  }

  get #isBusy(): boolean {
    return this.#hasTyped || (this.#hooks.isBusy?.() ?? false);
  }

  #showCondition(): void {
    const condition = this.#condition;
    this.connection.show(condition, this.latencies.percentiles()?.p50 ?? null);
    this.#hooks.onCondition?.(condition);
  }
}

/** Begins the life of the shell. Called once by the module of each page. */
export function startAppShell(hooks: PageHooks = {}): AppShell {
  const shell = new AppShell(hooks);
  shell.start();
  return shell;
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/stocks/`;
}
