/**
 * The performance page: its head and the last point of its lines move with the market, all else is asked for again every
 * quarter of a minute, and at once where something was booked.
 */

import { Cell } from "../cells/board";
import { closingCell, gainCell, type LiveFigures, liveFigures, returnCell } from "../cells/performance";
import { hasValue } from "../cells/totals";
import { type DaysData, daysData } from "../charts/days_data";
import { byId, isTyping } from "../lib/dom";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell } from "./app_shell";
import { PerformanceCharts } from "./performance_charts";

const REFRESH_EVERY_MS = 15_000;
/** What is booked is asked for no sooner after the last time. */
const REFRESH_SOON_MS = 500;

class PerformancePage {
  readonly #root = byId("portfolio", HTMLElement);
  readonly #id = this.#root.dataset["portfolio"] ?? "";
  readonly #name = this.#root.dataset["name"] ?? "";
  readonly #shell: AppShell;
  readonly #charts: PerformanceCharts | null;
  readonly #cells: { readonly twr: Cell; readonly gain: Cell; readonly closing: Cell } | null;
  #data = daysData(document.getElementById("performance-data"));
  #waiting: HeldPortfolio | null = null;
  #shown: LiveFigures | null = null;
  #isFetching = false;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#shell = new AppShell({
      onPortfolio: ({ portfolio, held }) => {
        if (portfolio === this.#id) this.#changed(held);
      },
      onAccess: (portfolios) => {
        if (!portfolios.some(({ id }) => id === this.#id)) this.#gone();
      },
      onRefused: (portfolio, code) => {
        if (portfolio === this.#id && code === "unknown_portfolio") this.#gone();
      },
      onSignedOut: () => this.#root.remove(),
    });
    const isThere = this.#data !== null;
    this.#charts = isThere ? new PerformanceCharts(this.#name) : null;
    this.#cells = isThere
      ? {
          twr: new Cell(byId("twr", HTMLElement)),
          gain: new Cell(byId("gain", HTMLElement)),
          closing: new Cell(byId("closing", HTMLElement)),
        }
      : null;
  }

  start(): void {
    if (this.#data !== null) this.#charts?.show(this.#data, null);
    this.#shell.start([this.#id]);
    document.addEventListener("keydown", (event) => pressed(event));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#refreshIn(REFRESH_SOON_MS);
    });
    this.#refreshIn(REFRESH_EVERY_MS);
  }

  #changed(held: HeldPortfolio): void {
    if (held.isLost) {
      this.#gone();
      return;
    }
    if (held.totals === null) return;
    if (this.#waiting === null) this.#shell.board.arrange(() => this.#paint());
    this.#waiting = held;
  }

  #paint(): void {
    const held = this.#waiting;
    this.#waiting = null;
    const data = this.#data;
    if (held === null || held.totals === null || !this.#root.isConnected) return;
    if (data === null || held.ledger !== data.head || held.totals.currency !== data.currency) {
      this.#refreshIn(REFRESH_SOON_MS);
      return;
    }
    if (data.ends_now && data.is_whole && hasValue(held.totals)) this.#show(data, held.totals.value);
  }

  /** All figures of a value in one animation frame, so that they add up at every moment. */
  #show(data: DaysData, value: string): void {
    const cells = this.#cells;
    if (cells === null) return;
    const [before, figures] = [this.#shown, liveFigures(data, value)];
    this.#shown = figures;
    const { board } = this.#shell;
    const twr = returnCell(figures, before);
    if (twr !== null) board.set(cells.twr, twr);
    board.set(cells.gain, gainCell(figures, before));
    board.set(cells.closing, closingCell(figures, before));
    this.#charts?.show(data, figures);
  }

  // ---------- Asking again ----------

  #refreshIn(ms: number): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#refresh(), ms);
  }

  async #refresh(): Promise<void> {
    if (this.#isFetching || document.hidden || !this.#root.isConnected) return;
    this.#isFetching = true;
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (response.ok) this.#take(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // No connection: what stands there stays, and the pill says since when.
    } finally {
      this.#isFetching = false;
      this.#refreshIn(REFRESH_EVERY_MS);
    }
  }

  /** Takes over what another answer of the server says; a page of another kind is loaded whole. */
  #take(fresh: Document): void {
    const data = daysData(fresh.getElementById("performance-data"));
    const parts = [...document.querySelectorAll<HTMLElement>("[data-fresh]")];
    const newer = parts.map((part) => fresh.querySelector(`[data-fresh="${part.dataset["fresh"]}"]`));
    if (data === null || this.#data === null || newer.includes(null) || data.first !== this.#data.first) {
      location.reload();
      return;
    }
    for (const [place, part] of parts.entries()) {
      const other = newer[place];
      if (other != null && part.innerHTML !== other.innerHTML) part.replaceChildren(...other.childNodes);
    }
    this.#data = data;
    const live = this.#shown;
    if (live !== null && data.ends_now && data.is_whole) this.#show(data, live.value);
    else {
      this.#copy(fresh);
      this.#charts?.show(data, null);
    }
  }

  #copy(fresh: Document): void {
    for (const id of ["twr", "gain", "closing"]) {
      const [here, there] = [document.getElementById(id), fresh.getElementById(id)];
      if (here === null || there === null) continue;
      here.className = there.className;
      here.textContent = there.textContent;
    }
  }

  #gone(): void {
    this.#root.remove();
    const said = byId("portfolio-gone", HTMLElement);
    said.hidden = false;
    said.focus();
    document.title = "No longer shared · Tickfolio";
  }
}

/** The keys 1 to 8 choose a span. */
function pressed(event: KeyboardEvent): void {
  if (isTyping(event) || !/^[1-8]$/.test(event.key)) return;
  const spans = document.querySelectorAll<HTMLAnchorElement>("#spans a");
  spans[Number(event.key) - 1]?.click();
}

new PerformancePage().start();
