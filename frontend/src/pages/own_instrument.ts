/** The page of an instrument that only one portfolio knows: its position moves with the rates, and follows what is booked and typed. */

import { fitsRows, positionData } from "../cells/lots";
import { adopt } from "../lib/adopt";
import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell } from "./app_shell";
import { sayGone } from "./gone";
import { PositionView } from "./instrument_position";
import { WhatIf } from "./what_if";

/** What the server makes anew where something was booked, or a price was typed. */
const PARTS = ["own-head", "typed-prices", "position", "lots", "instrument-transactions", "instrument-facts"];
const AGAIN_MS = 1_000;

class OwnInstrumentPage {
  readonly #root = byId("instrument", HTMLElement);
  readonly #symbol = this.#root.dataset["symbol"] ?? "";
  readonly #portfolio = this.#root.dataset["portfolio"] ?? "";
  readonly #shell = new AppShell({
    onPortfolio: ({ portfolio, held }) => {
      if (portfolio === this.#portfolio) this.#changed(held);
    },
    onEvent: ({ portfolio }) => {
      if (portfolio === this.#portfolio) this.#refreshSoon();
    },
    onRefused: (portfolio) => {
      if (portfolio === this.#portfolio) this.#lost();
    },
    onSignedOut: () => this.#leave(),
  });
  readonly #whatIf: WhatIf | null;
  #position = new PositionView(this.#shell.board);
  #data = positionData(byId("position-data", HTMLScriptElement));
  #held: HeldPortfolio | null = null;
  #isGone = false;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const place = document.getElementById("what-if");
    this.#whatIf = place === null ? null : new WhatIf(place, this.#shell.board);
  }

  start(): void {
    this.#whatIf?.start();
    this.#shell.start([this.#portfolio]);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#refreshSoon();
    });
  }

  #changed(held: HeldPortfolio): void {
    if (held.isLost) {
      this.#lost();
      return;
    }
    this.#held = held;
    this.#whatIf?.show(held);
    this.#shell.board.arrange(() => this.#paint());
  }

  /** All figures of a frame in one animation frame, so that they add up at every moment. */
  #paint(): void {
    const held = this.#held;
    if (held === null || held.totals === null || this.#isGone) return;
    const rows = new Map([...held.rows].filter(([, row]) => row.kind === "holding" && row.symbol === this.#symbol));
    if (!fitsRows(this.#data, rows, held.ledger)) this.#refreshSoon();
    else if (rows.size > 0) this.#position.show(rows, held.totals, this.#data);
  }

  #refreshSoon(): void {
    this.#next ??= setTimeout(() => void this.#refresh(), AGAIN_MS);
  }

  async #refresh(): Promise<void> {
    const page = document.hidden ? null : await pageAnew(location.pathname).catch(() => null);
    this.#next = undefined;
    if (page === null || this.#isGone) return;
    for (const id of PARTS) {
      const [here, there] = [document.getElementById(id), page.getElementById(id)];
      if (here !== null && there !== null) adopt(here, there);
    }
    this.#data = positionData(byId("position-data", HTMLScriptElement));
    this.#position = new PositionView(this.#shell.board);
    if (this.#held !== null) this.#changed(this.#held);
  }

  #lost(): void {
    if (this.#isGone || this.#shell.store.isSignedOut) return;
    this.#leave();
    sayGone(this.#root);
  }

  #leave(): void {
    this.#isGone = true;
    this.#held = null;
    this.#root.remove();
  }
}

new OwnInstrumentPage().start();
