/** The chart's place on an instrument's page: spans, keys, what is loaded when, and what is said where nothing can be drawn. */

import type { CandleEvent } from "../charts/candles";
import type { CandlesChart } from "../charts/candles_chart";
import { type CandleSpan, type LoadedCandles, loadCandles, SPANS } from "../charts/candles_data";
import { LoadFailed } from "../charts/load";
import { byId, made } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { cityOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import type { QuoteRow } from "../live/messages.gen";

const RELOAD_EVERY_MS = 3_000;

export interface InstrumentCandlesOptions {
  readonly symbol: string;
  readonly unit: string;
  readonly load?: (symbol: string, span: CandleSpan) => Promise<LoadedCandles>;
}

export class InstrumentCandles {
  readonly #symbol: string;
  readonly #unit: string;
  readonly #load: (symbol: string, span: CandleSpan) => Promise<LoadedCandles>;
  readonly #container = byId("chart", HTMLElement);
  readonly #button = byId("chart-table-button", HTMLButtonElement);
  /** The most that was traded and, of minutes, whose time the axis is in: that of the exchange. */
  readonly #beside = byId("volume-legend", HTMLElement);
  readonly #spans = [...byId("spans", HTMLElement).querySelectorAll<HTMLButtonElement>("button[data-span]")];
  readonly #kept = new Map<CandleSpan, LoadedCandles>();
  #span: CandleSpan = "3M";
  #chart: CandlesChart | null = null;
  #trades: readonly CandleEvent[] = [];
  #row: QuoteRow | null = null;
  #frame: number | null = null;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor({ symbol, unit, load = loadCandles }: InstrumentCandlesOptions) {
    this.#symbol = symbol;
    this.#unit = unit;
    this.#load = load;
    for (const button of this.#spans) button.addEventListener("click", () => this.#choose(button));
    this.#button.addEventListener("click", () => this.#toggle());
    const group = "On this page";
    for (const [at, button] of this.#spans.entries()) {
      const does = phrase("Span {name}", { name: button.textContent ?? "" });
      shortcuts.register({ keys: [`${at + 1}`], does, group, run: () => this.#choose(button) });
    }
    const does = phrase("Show the chart as a table, or the chart");
    shortcuts.register({ keys: ["t"], does, group, run: () => this.#toggle() });
  }

  start(trades: readonly CandleEvent[]): void {
    this.#trades = trades;
    void this.#show(this.#span);
  }

  /** The portfolio has bought or sold since. */
  traded(trades: readonly CandleEvent[]): void {
    this.#trades = trades;
    const shown = this.#kept.get(this.#span);
    if (shown !== undefined) this.#draw(shown);
  }

  /** Takes a price; the last candle of each span that is loaded moves with it. */
  add(row: QuoteRow): void {
    this.#row = row;
    const time = millis(row.source_time);
    if (row.price === null || time === null || row.session_day === null) return;
    for (const [span, { series }] of this.#kept) {
      const added = series.add(row.price, time, row.session_day);
      if (added === "strange") this.#forget(span);
      else if (added === "moved" && span === this.#span) this.#redraw();
    }
  }

  /** Whether the last price is live: the edge beats, and with a replay or an old price it does not. */
  mark(isLive: boolean, isReplay: boolean): void {
    this.#container.dataset["live"] = `${isLive}`;
    this.#container.dataset["replay"] = `${isReplay}`;
  }

  /** Somebody looks again after a while: what was missed is loaded. */
  looked(): void {
    for (const span of [...this.#kept.keys()]) this.#forget(span);
  }

  // ---------- Loading ----------

  /** What is kept of a span does not go on as it should: it is loaded again, at once where it is shown. */
  #forget(span: CandleSpan): void {
    this.#kept.delete(span);
    if (span !== this.#span || this.#retry !== undefined) return;
    const wait = Math.max(0, this.#loadedAt + RELOAD_EVERY_MS - performance.now());
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#show(this.#span);
    }, wait);
  }

  async #show(span: CandleSpan): Promise<void> {
    this.#loadedAt = performance.now();
    try {
      const found = this.#kept.get(span) ?? (await this.#load(this.#symbol, span));
      this.#kept.set(span, found);
      const charts = await import("../charts/candles_chart");
      if (span !== this.#span) return;
      if (this.#row !== null) this.add(this.#row);
      if (found.series.candles.length === 0) this.#explain(span);
      else {
        this.#chart ??= new charts.CandlesChart(this.#container);
        this.#draw(found);
      }
    } catch (error) {
      const failure = error instanceof LoadFailed ? error : new LoadFailed("offline", phrase("No connection."));
      if (span === this.#span) this.#failed(failure);
    }
  }

  #draw({ series, events }: LoadedCandles): void {
    this.#chart?.show(series, [...events, ...this.#trades], this.#unit);
    const most = this.#chart?.mostVolume ?? "";
    const { step, zone } = series.frame;
    const told = [
      most === "" ? "" : phrase("volume, most {most}", { most }),
      step === "minutes" ? phrase("{city} time", { city: cityOf(zone) }) : "",
    ];
    this.#beside.textContent = told.filter((each) => each !== "").join(" · ");
  }

  #redraw(): void {
    if (this.#chart === null || this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      this.#chart?.moved();
    });
  }

  // ---------- Where there is nothing to draw ----------

  #explain(span: CandleSpan): void {
    const text =
      span === "1D"
        ? phrase("The candles of {symbol} begin with the first price of the session.", { symbol: this.#symbol })
        : phrase("Finished days of {symbol} stand here as feeds tell of them.", { symbol: this.#symbol });
    this.#say(made("p", "strong", phrase("No prices in this span yet")), made("p", "", text));
  }

  #failed(failure: LoadFailed): void {
    if (this.#chart !== null && this.#kept.has(this.#span)) return;
    const code = made("p", "quiet", phrase("Code: "));
    code.append(made("span", "num", failure.code));
    const retry = made("button", "button", phrase("Try again"));
    retry.type = "button";
    retry.addEventListener("click", () => void this.#show(this.#span));
    const title = made("p", "strong", phrase("The chart could not be loaded"));
    this.#say(
      title,
      made("p", "", [failure.message, phrase("The figures beside it are not affected.")].join(" ")),
      code,
      retry,
    );
  }

  #say(...parts: readonly HTMLElement[]): void {
    this.#chart?.remove();
    this.#chart = null;
    this.#button.setAttribute("aria-pressed", "false");
    this.#beside.textContent = "";
    const state = made("div", "session-state");
    state.append(...parts);
    this.#container.replaceChildren(state);
  }

  // ---------- What a person asks for ----------

  #choose(button: HTMLButtonElement): void {
    const span = SPANS.find((each) => each === button.dataset["span"]);
    if (span === undefined) return;
    for (const each of this.#spans) each.setAttribute("aria-pressed", `${each === button}`);
    this.#span = span;
    void this.#show(span);
  }

  #toggle(): void {
    if (this.#chart === null) return;
    this.#chart.toggleTable();
    this.#button.setAttribute("aria-pressed", `${this.#chart.isTable}`);
  }
}
