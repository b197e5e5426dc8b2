/** The page of one instrument: joins the live store, the head, the candles, the position with its lots, and the sources. */

import { fitsRows, positionData } from "../cells/lots";
import { LoadFailed, loaded } from "../charts/load";
import { adopt } from "../lib/adopt";
import { direction, percentText, priceText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import { browserNow } from "../lib/server_clock";
import type { HeldPortfolio } from "../live/apply_portfolio";
import type { Condition } from "../live/condition";
import type { PortfolioRow, QuoteRow } from "../live/messages.gen";
import type { RowsChange } from "../live/store";
import { AppShell } from "./app_shell";
import { sayGone } from "./gone";
import { InstrumentCandles } from "./instrument_candles";
import { InstrumentHead, type KnownDays } from "./instrument_head";
import { PositionView } from "./instrument_position";
import { SourceInUse } from "./instrument_sources";
import { Spoken } from "./spoken";
import { watchButton } from "./watch_button";
import { WhatIf } from "./what_if";

/** What the server makes anew where something was booked, a day began or a rate is another one. */
const PARTS = ["position", "lots", "instrument-transactions", "sources", "instrument-actions", "instrument-facts"];
/** The waits before it is asked again while it has not recorded what is live already; then the last one. */
const REFRESH_MS: readonly number[] = [0, 300, 600, 1_200, 2_400, 5_000];

class InstrumentPage {
  readonly #root = byId("instrument", HTMLElement);
  readonly #symbol = this.#root.dataset["symbol"] ?? "";
  readonly #portfolio = this.#root.dataset["portfolio"] ?? "";
  readonly #zone = this.#root.dataset["zone"] ?? "UTC";
  readonly #unit = this.#root.dataset["unit"] ?? "";
  readonly #shell: AppShell;
  readonly #head: InstrumentHead;
  readonly #candles = new InstrumentCandles({ symbol: this.#symbol, unit: this.#unit });
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  readonly #whatIf: WhatIf | null;
  #position: PositionView;
  #source: SourceInUse;
  #data = positionData(byId("position-data", HTMLScriptElement));
  #days = knownDays();
  #held: HeldPortfolio | null = null;
  #isWaiting = false;
  #shown: QuoteRow | undefined;
  #isGone = false;
  #hasBegun = false;
  #isFetching = false;
  #tries = 0;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#shell = new AppShell({
      onRows: (change) => this.#quoted(change),
      onPortfolio: ({ portfolio, held }) => {
        if (portfolio === this.#portfolio) this.#changed(held);
      },
      onRefused: (portfolio, code) => {
        if (portfolio === this.#portfolio && code === "unknown_portfolio") void this.#lost();
      },
      onCondition: (condition) => this.#conditionChanged(condition),
      onSignedOut: () => this.#leave(),
    });
    this.#head = new InstrumentHead(this.#shell.board);
    this.#position = new PositionView(this.#shell.board);
    this.#source = new SourceInUse(this.#shell.board);
    const place = document.getElementById("what-if");
    this.#whatIf = place === null ? null : new WhatIf(place, this.#shell.board);
  }

  start(): void {
    this.#candles.start(this.#data.trades);
    watchButton();
    this.#whatIf?.start();
    this.#shell.start(this.#portfolio === "" ? [] : [this.#portfolio], [this.#symbol]);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#looked();
    });
  }

  // ---------- The price ----------

  #quoted({ symbols, received }: RowsChange): void {
    const row = this.#row;
    if (!symbols.has(this.#symbol) || row === undefined || this.#isGone) return;
    this.#head.show(row, this.#shown, this.#days);
    this.#candles.add(row);
    if (this.#shown !== undefined && row.session_day !== this.#shown.session_day) this.#refreshSoon();
    this.#shown = row;
    this.#showCondition();
    this.#showTitle(row);
    this.#spoken.changed();
    if (received !== null && !document.hidden) this.#measure(received);
  }

  get #row(): QuoteRow | undefined {
    return this.#shell.store.rows.get(this.#symbol);
  }

  /** Times the way from the server's receipt of this price to the painted frame, in the server's clock. */
  #measure(received: number): void {
    this.#shell.board.whenPainted(() => {
      const now = this.#shell.store.clock.serverTime(browserNow());
      if (now !== null) this.#head.showLatency(now - received);
    });
  }

  // ---------- The position ----------

  #changed(held: HeldPortfolio): void {
    if (held.isLost) {
      void this.#lost();
      return;
    }
    this.#held = held;
    this.#whatIf?.show(held);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#shell.board.arrange(() => {
      this.#isWaiting = false;
      this.#paint();
    });
  }

  /** All figures of a frame in one animation frame, so that they add up at every moment. */
  #paint(): void {
    const held = this.#held;
    if (held === null || held.totals === null || this.#isGone) return;
    const rows = rowsOf(held, this.#symbol);
    if (!fitsRows(this.#data, rows, held.ledger)) {
      this.#refreshSoon();
      return;
    }
    this.#tries = 0;
    if (rows.size > 0) this.#position.show(rows, held.totals, this.#data);
  }

  // ---------- What the server makes anew ----------

  #refreshSoon(): void {
    if (this.#isFetching || this.#next !== undefined) return;
    const wait = REFRESH_MS[Math.min(this.#tries, REFRESH_MS.length - 1)];
    this.#tries += 1;
    this.#next = setTimeout(() => {
      this.#next = undefined;
      void this.#refresh();
    }, wait);
  }

  async #refresh(): Promise<void> {
    if (document.hidden || this.#isGone) return;
    this.#isFetching = true;
    const page = await pageAnew(location.pathname).catch(() => null);
    this.#isFetching = false;
    if (page !== null && !this.#isGone) this.#take(page);
    else this.#refreshSoon();
  }

  #take(page: Document): void {
    for (const id of PARTS) {
      const [here, there] = [document.getElementById(id), page.getElementById(id)];
      if (here !== null && there !== null) adopt(here, there);
    }
    this.#data = positionData(byId("position-data", HTMLScriptElement));
    this.#days = knownDays();
    this.#position = new PositionView(this.#shell.board);
    this.#source = new SourceInUse(this.#shell.board);
    this.#candles.traded(this.#data.trades);
    if (this.#held !== null) this.#changed(this.#held);
    const row = this.#row;
    if (row !== undefined) this.#head.show(row, row, this.#days);
    this.#showCondition();
  }

  #looked(): void {
    this.#candles.looked();
    this.#tries = 0;
    this.#refreshSoon();
  }

  // ---------- Gone ----------

  /** The portfolio is not this person's any more, or nobody is signed in: the server says which. */
  async #lost(): Promise<void> {
    if (this.#isGone || this.#shell.store.isSignedOut) return;
    try {
      await loaded(`/portfolios/${this.#portfolio}/today.json`, isAnything, "today");
      // A moment between two rights: the socket will be told again.
      this.#shell.store.watchPortfolios([this.#portfolio]);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      if (error.code === "sign_in_required") location.reload();
      else if (error.code === "not_found") {
        this.#leave();
        sayGone(this.#root);
      }
    }
  }

  #leave(): void {
    this.#isGone = true;
    this.#held = null;
    this.#root.remove();
    this.#spoken.end();
  }

  // ---------- What stands around it ----------

  #conditionChanged(condition: Condition): void {
    if (this.#isGone) return;
    if (condition.name === "offline" || condition.name === "stale") this.#spoken.changed();
    this.#showCondition();
  }

  #showCondition(): void {
    const row = this.#row;
    if (row === undefined || this.#isGone) return;
    const { store, isCurrent, condition } = this.#shell;
    this.#hasBegun ||= isCurrent;
    // Until all has come for the first time, what was recorded is not called stale.
    const isYetToBegin = !this.#hasBegun && condition.name === "connecting";
    const at = { marketTime: store.marketTime, isCurrent: isCurrent || isYetToBegin, zone: this.#zone };
    const title = this.#source.name === row.source ? this.#source.title : row.source;
    this.#head.showTrust(row, at, title);
    this.#source.show(row, at);
    this.#whatIf?.showQuality(at.isCurrent);
    this.#root.toggleAttribute("data-stale", !at.isCurrent);
    const isLive = row.quality === "live" || row.quality === "replay" || row.quality === "simulated";
    this.#candles.mark(isCurrent && isLive, this.#shell.connection.isReplay);
  }

  #showTitle(row: QuoteRow): void {
    const price = row.price === null ? "" : ` ${priceText(row.price, row.price_places)}`;
    const title = `${this.#symbol}${price} · Tickfolio`;
    if (document.title !== title) document.title = title;
  }

  /** `AAPL 557.43 USD, up 1.30 %.` */
  #sentence(): string {
    const row = this.#row;
    const told = this.#shell.connection.spoken(this.#shell.condition);
    if (told !== "" || row === undefined || row.price === null) return told;
    const way = direction(row.change_percent);
    const moved = way === "up" || way === "down" ? `${way} ` : "";
    const percent = percentText(row.change_percent).replace(/^[+\u2212]/, "");
    return `${this.#symbol} ${priceText(row.price, row.price_places)} ${this.#unit}, ${moved}${percent}.`;
  }
}

function rowsOf(held: HeldPortfolio, symbol: string): ReadonlyMap<string, PortfolioRow> {
  return new Map([...held.rows].filter(([, row]) => row.kind === "holding" && row.symbol === symbol));
}

function knownDays(): KnownDays {
  const { dataset } = byId("instrument-facts", HTMLElement);
  return { session: dataset["sessionDay"] ?? "", reference: dataset["referenceDay"] ?? "" };
}

function isAnything(value: unknown): value is unknown {
  return value !== undefined;
}

new InstrumentPage().start();
