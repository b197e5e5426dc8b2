/** The page of one instrument: joins the live store, the head, the candles, the position with its lots, and the sources. */

import type { PositionData } from "../cells/lots";
import { spokenPrice } from "../cells/spoken_move";
import { priceText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { showTitle } from "../lib/privacy";
import { browserNow } from "../lib/server_clock";
import type { Condition } from "../live/condition";
import type { QuoteRow } from "../live/messages.gen";
import type { RowsChange } from "../live/store";
import { HeldPosition } from "./held_position";
import { InstrumentCandles } from "./instrument_candles";
import { InstrumentHead, type KnownDays } from "./instrument_head";
import { SourceInUse } from "./instrument_sources";
import { Spoken } from "./spoken";
import { watchButton } from "./watch_button";

/** What the server makes anew where something was booked, a day began or a rate is another one. */
const PARTS = ["position", "lots", "instrument-transactions", "sources", "instrument-actions", "instrument-facts"];

class InstrumentPage {
  readonly #position = new HeldPosition({
    parts: PARTS,
    hooks: {
      isTitledByPrice: true,
      onRows: (change) => this.#quoted(change),
      onCondition: (condition) => this.#conditionChanged(condition),
    },
    taken: (data) => this.#taken(data),
    left: () => this.#spoken.end(),
  });
  readonly #root = this.#position.root;
  readonly #shell = this.#position.shell;
  readonly #symbol = this.#position.symbol;
  readonly #zone = this.#root.dataset["zone"] ?? "UTC";
  readonly #unit = this.#root.dataset["unit"] ?? "";
  readonly #head = new InstrumentHead(this.#shell.board);
  readonly #candles = new InstrumentCandles({ symbol: this.#symbol, unit: this.#unit });
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  #source = new SourceInUse(this.#shell.board);
  #days = knownDays();
  #shown: QuoteRow | undefined;
  #hasBegun = false;

  start(): void {
    this.#candles.start(this.#position.data.trades);
    watchButton();
    this.#position.start([this.#symbol]);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#candles.looked();
    });
  }

  // ---------- The price ----------

  #quoted({ symbols, received }: RowsChange): void {
    const row = this.#row;
    if (!symbols.has(this.#symbol) || row === undefined || this.#position.isGone) return;
    this.#head.show(row, this.#shown, this.#days);
    this.#candles.add(row);
    if (this.#shown !== undefined && row.session_day !== this.#shown.session_day) this.#position.parts.soon();
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

  // ---------- What the server makes anew ----------

  #taken({ trades }: PositionData): void {
    this.#days = knownDays();
    this.#source = new SourceInUse(this.#shell.board);
    this.#candles.traded(trades);
    const row = this.#row;
    if (row !== undefined) this.#head.show(row, row, this.#days);
    this.#showCondition();
  }

  // ---------- What stands around it ----------

  #conditionChanged(condition: Condition): void {
    if (this.#position.isGone) return;
    if (condition.name === "offline" || condition.name === "stale") this.#spoken.changed();
    this.#showCondition();
  }

  #showCondition(): void {
    const row = this.#row;
    if (row === undefined || this.#position.isGone) return;
    const { store, isCurrent, condition } = this.#shell;
    this.#hasBegun ||= isCurrent;
    // Until all has come for the first time, what was recorded is not called stale.
    const isYetToBegin = !this.#hasBegun && condition.name === "connecting";
    const at = { marketTime: store.marketTime, isCurrent: isCurrent || isYetToBegin, zone: this.#zone };
    const title = this.#source.name === row.source ? this.#source.title : row.source;
    this.#head.showTrust(row, at, title);
    this.#source.show(row, at);
    this.#position.whatIf?.showQuality(this.#shell.arePortfoliosMoving || isYetToBegin);
    this.#root.toggleAttribute("data-stale", !at.isCurrent);
    const isLive = row.quality === "live" || row.quality === "replay" || row.quality === "simulated";
    this.#candles.mark(isCurrent && isLive, this.#shell.connection.isReplay);
  }

  #showTitle(row: QuoteRow): void {
    const price = row.price === null ? "" : ` ${priceText(row.price, row.price_places)}`;
    showTitle(`${this.#symbol}${price} · Tickfolio`);
  }

  /** `AAPL 557.43 USD, up 1.30 %.` */
  #sentence(): string {
    const row = this.#row;
    const told = this.#shell.connection.spoken(this.#shell.condition);
    if (told !== "" || row === undefined || row.price === null) return told;
    const price = `${priceText(row.price, row.price_places)} ${this.#unit}`;
    return `${spokenPrice(this.#symbol, price, row.change_percent)}.`;
  }
}

function knownDays(): KnownDays {
  const { dataset } = byId("instrument-facts", HTMLElement);
  return { session: dataset["sessionDay"] ?? "", reference: dataset["referenceDay"] ?? "" };
}

new InstrumentPage().start();
