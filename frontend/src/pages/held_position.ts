/** What a portfolio has of one instrument, on that instrument's page: it moves with the market, and follows what is booked. */

import { fitsRows, type PositionData, positionData } from "../cells/lots";
import { byId } from "../lib/dom";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell, type PageHooks } from "./app_shell";
import { sayGone } from "./gone";
import { PositionView, rowsOf } from "./instrument_position";
import { askWhetherLost } from "./lost";
import { PartsAnew } from "./parts_anew";
import { WhatIf } from "./what_if";

export interface ThisPage {
  /** The ids of what the server makes anew where something was booked. */
  readonly parts: readonly string[];
  /** What the page hears besides. */
  readonly hooks: PageHooks;
  /** Told when those parts are new. */
  readonly taken?: (data: PositionData) => void;
  /** Told when the portfolio is not this person's any more, or nobody is signed in. */
  readonly left?: () => void;
}

export class HeldPosition {
  readonly root = byId("instrument", HTMLElement);
  readonly symbol = this.root.dataset["symbol"] ?? "";
  readonly portfolio = this.root.dataset["portfolio"] ?? "";
  readonly shell: AppShell;
  readonly parts: PartsAnew;
  readonly whatIf: WhatIf | null;
  readonly #page: ThisPage;
  #view: PositionView;
  #data = positionData(byId("position-data", HTMLScriptElement));
  #held: HeldPortfolio | null = null;
  #isGone = false;

  constructor(page: ThisPage) {
    this.#page = page;
    this.shell = new AppShell({
      ...page.hooks,
      onPortfolio: ({ portfolio, held }) => {
        if (portfolio === this.portfolio) this.#changed(held);
      },
      onRefused: (portfolio, code) => {
        if (portfolio === this.portfolio && code === "unknown_portfolio") void this.#lost();
      },
      onSignedOut: () => this.#leave(),
    });
    this.parts = new PartsAnew(page.parts, () => this.#taken());
    this.#view = new PositionView(this.shell.board);
    const place = document.getElementById("what-if");
    this.whatIf = place === null ? null : new WhatIf(place, this.shell.board);
  }

  /** Watches the portfolio, if there is one, and `symbols` besides. */
  start(symbols: readonly string[] = []): void {
    this.whatIf?.start();
    this.shell.start(this.portfolio === "" ? [] : [this.portfolio], symbols);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.parts.agree();
      this.parts.soon();
    });
  }

  get data(): PositionData {
    return this.#data;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  #changed(held: HeldPortfolio): void {
    if (held.isLost) {
      void this.#lost();
      return;
    }
    this.#held = held;
    this.whatIf?.show(held);
    this.shell.board.arrange(this.#paint);
  }

  /** All figures of a frame in one animation frame, so that they add up at every moment. */
  readonly #paint = (): void => {
    const held = this.#held;
    if (held === null || held.totals === null || this.#isGone) return;
    const rows = rowsOf(held, this.symbol);
    if (!fitsRows(this.#data, rows, held.ledger)) {
      this.parts.soon();
      return;
    }
    this.parts.agree();
    if (rows.size > 0) this.#view.show(rows, held.totals, this.#data);
  };

  #taken(): void {
    this.#data = positionData(byId("position-data", HTMLScriptElement));
    this.#view = new PositionView(this.shell.board);
    if (this.#held !== null) this.#changed(this.#held);
    this.#page.taken?.(this.#data);
  }

  /** The portfolio is not this person's any more, or nobody is signed in: the server says which. */
  async #lost(): Promise<void> {
    if (this.#isGone) return;
    const gone = (): void => {
      this.#leave();
      sayGone(this.root);
    };
    await askWhetherLost(this.portfolio, { store: this.shell.store, gone });
  }

  #leave(): void {
    this.#isGone = true;
    this.#held = null;
    this.parts.end();
    this.root.remove();
    this.#page.left?.();
  }
}
