/** The chart's place on the page: loads the chart's code when it is first needed, shows bones, the chart, or what failed. */

import { LoadFailed } from "../charts/load";
import type { SessionChart } from "../charts/session_chart";
import type { SessionLine } from "../charts/session_line";
import { byId, made } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import { onThemeChange } from "./theme";

/** A chart out of sight is drawn as rarely: whoever is read its sentence, or scrolls to it, does not find it old. */
const UNSEEN_EVERY_MS = 5_000;

export interface TodayOptions {
  readonly onRetry: () => void;
  /** What is not affected where the day cannot be loaded. */
  readonly consolation?: string;
}

export class TodayPanel {
  readonly #container = byId("chart", HTMLElement);
  readonly #button = byId("chart-table-button", HTMLButtonElement);
  readonly #onRetry: () => void;
  readonly #consolation: string;
  #chart: SessionChart | null = null;
  #coming: Promise<typeof import("../charts/session_chart")> | null = null;
  #shown: SessionLine | null = null;
  #currency = "";
  #frame: number | null = null;
  #isSeen = true;
  /** Whether the line grew since it was drawn, and when that was. */
  #isBehind = false;
  #drawnAt = 0;

  constructor({ onRetry, consolation = phrase("Prices and changes are not affected.") }: TodayOptions) {
    this.#onRetry = onRetry;
    this.#consolation = consolation;
    this.#button.addEventListener("click", () => this.#toggle());
    const group = "On this page";
    shortcuts.register(
      { keys: ["t"], does: phrase("Show the chart as a table, or the chart"), group, run: () => this.#toggle() },
      { keys: [], told: "← or →", does: phrase("In a chart: the point before or after, with Shift ten"), group },
    );
    onThemeChange(() => this.#chart?.recolour());
    new IntersectionObserver((entries) => this.#looked(entries.at(-1)?.isIntersecting ?? true)).observe(
      this.#container,
    );
    addEventListener("beforeprint", () => this.#catchUp());
  }

  /** Shows a line that has just been loaded, or another symbol's. */
  async show(line: SessionLine, currency: string): Promise<void> {
    this.#shown = line;
    this.#currency = currency;
    const charts = await this.#loaded();
    if (charts === null) {
      if (this.#shown === line) {
        this.#shown = null;
        this.failed(line.frame.symbol, new LoadFailed("offline", phrase("No connection.")));
      }
      return;
    }
    // Something else may stand there by now, and must not be taken out.
    if (this.#shown !== line) return;
    this.#chart ??= new charts.SessionChart(this.#container);
    this.#chart.show(line, currency);
  }

  /** The chart's code; null where it cannot be had now, which the next call tries again. */
  async #loaded(): Promise<typeof import("../charts/session_chart") | null> {
    this.#coming ??= import("../charts/session_chart");
    try {
      return await this.#coming;
    } catch {
      this.#coming = null;
      return null;
    }
  }

  /** The line shown has grown: it is drawn in the next frame, however often it grows before; out of sight, once in a while. */
  grew(line: SessionLine): void {
    if (line !== this.#shown || this.#frame !== null) return;
    if (!this.#isSeen) {
      this.#isBehind = true;
      if (performance.now() - this.#drawnAt < UNSEEN_EVERY_MS) return;
    }
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      if (line !== this.#shown) return;
      this.#drawnAt = performance.now();
      if (this.#isBehind) this.#catchUp();
      else this.#chart?.extended();
    });
  }

  #looked(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen) this.#catchUp();
  }

  /** Draws the whole line, of which more than the last minute can be another one by now. */
  #catchUp(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    if (this.#shown !== null) this.#chart?.show(this.#shown, this.#currency);
  }

  /** Whether the last price is live: the edge beats, and with a replay or an old price it does not. */
  mark(isLive: boolean, isReplay: boolean): void {
    this.#container.dataset["live"] = `${isLive}`;
    this.#container.dataset["replay"] = `${isReplay}`;
  }

  /** The day could not be loaded. A line that is shown already stays. */
  failed(symbol: string, failure: LoadFailed): void {
    if (this.#shown?.frame.symbol === symbol) return;
    this.#leave();
    const state = made("div", "session-state");
    const code = made("p", "quiet", phrase("Code: "));
    code.append(made("span", "num", failure.code));
    const retry = made("button", "button", phrase("Try again"));
    retry.type = "button";
    retry.addEventListener("click", this.#onRetry);
    const title = made("p", "strong", phrase("The chart could not be loaded"));
    state.append(title, made("p", "", `${failure.message} ${this.#consolation}`), code, retry);
    this.#container.replaceChildren(state);
  }

  /** There is no price of the session yet, so there is nothing to draw. */
  empty(symbol: string): void {
    this.explain(
      phrase("No prices of this session yet"),
      phrase("The line of {symbol} begins with its first price.", { symbol }),
    );
  }

  /** Says why there is nothing to draw. */
  explain(title: string, text: string): void {
    this.#leave();
    const state = made("div", "session-state");
    state.append(made("p", "strong", title), made("p", "", text));
    this.#container.replaceChildren(state);
  }

  /** Takes the chart out of its place; the next line makes a new one. */
  #leave(): void {
    this.#shown = null;
    this.#chart?.remove();
    this.#chart = null;
    this.#button.setAttribute("aria-pressed", "false");
  }

  #toggle(): void {
    // Another span may stand in its place.
    if (this.#chart === null || this.#container.hidden) return;
    this.#chart.toggleTable();
    this.#button.setAttribute("aria-pressed", `${this.#chart.isTable}`);
  }
}
