/**
 * The value chart of a portfolio, or of several together, over its spans: the day minute by minute, longer spans day by day. The last value is the one of the
 * header; a span is loaded when it is chosen, and again where something was booked or the day ended.
 */

import { DaysChart } from "../charts/days_chart";
import { LoadFailed } from "../charts/load";
import { loadValueDays, type SpanName, type ValueDays, valueLine } from "../charts/value_days";
import { byId, made } from "../lib/dom";
import { onPrivacyChange } from "../lib/privacy";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import { ValueChart, type ValueFrame, type ValueOptions } from "./portfolio_value";

const KEPT = "tickfolio.value-span";
const DAY = "1d";
/** Days that do not fit what is live are asked for again, but not more often. */
const RELOAD_EVERY_MS = 5_000;

/** Days, and the reference day of the frames while they were loaded: with another one their last day is over. */
interface Loaded {
  readonly days: ValueDays;
  readonly day: string | null;
}

export interface SpansOptions extends ValueOptions {
  /** What the line is of, as its sentence begins: `Value of Long term` unless said. */
  readonly subject?: string;
  /** Said where the line begins after the span does. */
  readonly shorter?: string;
  /** Under what the chosen span is remembered. */
  readonly kept?: string;
  readonly loadDays?: typeof loadValueDays;
}

export class ValueSpans {
  readonly #options: SpansOptions;
  readonly #today: ValueChart;
  readonly #loadDays: typeof loadValueDays;
  readonly #buttons = [...byId("value-spans", HTMLElement).querySelectorAll<HTMLButtonElement>("button")];
  readonly #boxes = { day: byId("chart", HTMLElement), days: byId("chart-days", HTMLElement) };
  readonly #heads = [...document.querySelectorAll<HTMLElement>("[data-of-day]")];
  readonly #table = byId("chart-table-button", HTMLButtonElement);
  /** Several portfolios together have no benchmark. */
  readonly #compare = document.querySelector<HTMLButtonElement>("#value-benchmark");
  /** Where it is chosen, as long as none is. */
  readonly #choice = document.getElementById("value-benchmark-choice");
  readonly #note = byId("value-note", HTMLElement);
  readonly #loaded = new Map<string, Loaded>();
  #chart: DaysChart | null = null;
  #span = DAY;
  #hasBenchmark = false;
  #last: ValueFrame | null = null;
  #isLoading = false;
  /** Grows where what the line is of changes: an answer from before is of no use. */
  #generation = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #frame: number | null = null;

  constructor(options: SpansOptions) {
    this.#options = options;
    this.#loadDays = options.loadDays ?? loadValueDays;
    this.#today = new ValueChart(options);
  }

  start(): void {
    this.#today.start();
    for (const button of this.#buttons) button.addEventListener("click", () => this.#choose(spanOf(button)));
    this.#compare?.addEventListener("click", () => {
      this.#hasBenchmark = !this.#hasBenchmark;
      this.#compare?.setAttribute("aria-pressed", `${this.#hasBenchmark}`);
      this.#draw();
    });
    this.#table.addEventListener("click", () => this.#toggle());
    this.#registerKeys();
    onPrivacyChange(() => this.#draw());
    const kept = keptSpan(this.#keptAs);
    if (this.#buttons.some((button) => spanOf(button) === kept)) this.#choose(kept);
  }

  add(frame: ValueFrame): void {
    this.#last = frame;
    this.#today.add(frame);
    if (this.#span === DAY) return;
    const loaded = this.#loaded.get(this.#span);
    if (loaded !== undefined && !fits(loaded, frame)) void this.#load(this.#span);
    this.#drawSoon();
  }

  mark(isLive: boolean, isReplay: boolean): void {
    this.#today.mark(isLive, isReplay);
    this.#boxes.days.dataset["live"] = `${isLive}`;
    this.#boxes.days.dataset["replay"] = `${isReplay}`;
  }

  caughtUp(): void {
    this.#today.caughtUp();
    if (this.#span !== DAY) void this.#load(this.#span);
  }

  /** What was loaded is of something else now, such as another currency. */
  anew(): void {
    this.#loaded.clear();
    this.#generation += 1;
    if (this.#span !== DAY) void this.#load(this.#span, true);
  }

  /** The keys 1 to 7 choose a span, T the table of the one that is shown. */
  #registerKeys(): void {
    const group = "On this page";
    for (const [at, button] of this.#buttons.entries()) {
      const does = phrase("Span {name}", { name: button.textContent ?? "" });
      shortcuts.register({ keys: [`${at + 1}`], does, group, run: () => this.#choose(spanOf(button)) });
    }
    const does = phrase("Show the chart as a table, or the chart");
    shortcuts.register({ keys: ["t"], does, group, run: () => this.#table.click() });
  }

  get #keptAs(): string {
    return this.#options.kept ?? KEPT;
  }

  #choose(span: string): void {
    if (span === this.#span) return;
    this.#span = span;
    keep(this.#keptAs, span);
    for (const button of this.#buttons) button.setAttribute("aria-pressed", `${spanOf(button) === span}`);
    const isDay = span === DAY;
    this.#boxes.day.hidden = !isDay;
    this.#boxes.days.hidden = isDay;
    for (const head of this.#heads) head.hidden = !isDay;
    this.#note.hidden = isDay;
    this.#choice?.toggleAttribute("hidden", isDay);
    if (this.#compare !== null) this.#compare.hidden = isDay || this.#compare.dataset["symbol"] === undefined;
    this.#table.setAttribute("aria-pressed", `${!isDay && this.#chart?.isTable === true}`);
    if (isDay) {
      this.#today.shown();
      return;
    }
    const loaded = this.#loaded.get(span);
    if (loaded === undefined || (this.#last !== null && !fits(loaded, this.#last))) void this.#load(span, true);
    this.#draw();
  }

  async #load(span: string, isChosen = false): Promise<void> {
    if (!isChosen && (this.#isLoading || performance.now() - this.#askedAt < RELOAD_EVERY_MS)) return;
    this.#isLoading = true;
    this.#askedAt = performance.now();
    const generation = this.#generation;
    try {
      const day = this.#last?.day ?? null;
      const days = await this.#loadDays(this.#options.id, span as SpanName);
      if (generation !== this.#generation) return;
      if (days !== null) this.#loaded.set(span, { days, day });
      if (span !== this.#span) return;
      if (days === null)
        this.#explain(phrase("Nothing was booked yet"), phrase("The line begins with the first transaction."));
      else this.#draw();
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      if (span === this.#span && !this.#loaded.has(span)) {
        this.#explain(
          phrase("The chart could not be loaded"),
          [error.message, phrase("The figures above are not affected.")].join(" "),
          true,
        );
      }
    } finally {
      this.#isLoading = false;
    }
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw(): void {
    const loaded = this.#loaded.get(this.#span);
    if (this.#span === DAY || loaded === undefined) return;
    if (this.#chart === null) this.#chart = new DaysChart(this.#boxes.days);
    const frame = this.#last;
    const now = frame !== null && fits(loaded, frame) ? frame.value : null;
    const { name, subject = phrase("Value of {name}", { name }) } = this.#options;
    const { days } = loaded;
    this.#chart.show(valueLine({ subject, days, now, hasBenchmark: this.#hasBenchmark }));
    this.#say(days);
  }

  /** What the line is of, and what of it is not there. */
  #say(days: ValueDays): void {
    const { benchmark } = days;
    const isLacking = this.#hasBenchmark && benchmark !== null && benchmark.reason !== "";
    const parts = [
      ...(days.is_shorter ? [this.#options.shorter ?? phrase("from the first day of the portfolio on")] : []),
      ...(isLacking
        ? [phrase("{symbol} is not available: {reason}", { symbol: benchmark.symbol, reason: benchmark.reason })]
        : []),
      ...(this.#hasBenchmark && benchmark !== null && !isLacking
        ? [phrase("dashed: the same flows in {name}", { name: benchmark.name })]
        : []),
    ];
    const text = parts.join("; ");
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }

  #explain(title: string, text: string, canRetry = false): void {
    this.#chart = null;
    const state = made("div", "session-state");
    state.append(made("p", "strong", title), made("p", "", text));
    if (canRetry) {
      const retry = made("button", "button", phrase("Try again"));
      retry.type = "button";
      retry.addEventListener("click", () => void this.#load(this.#span, true));
      state.append(retry);
    }
    this.#boxes.days.replaceChildren(state);
  }

  #toggle(): void {
    if (this.#span === DAY || this.#chart === null) return;
    this.#chart.toggleTable();
    this.#table.setAttribute("aria-pressed", `${this.#chart.isTable}`);
  }
}

function spanOf(button: HTMLButtonElement): string {
  return button.dataset["span"] ?? DAY;
}

/** Whether the last day of what was loaded is the one that runs, with all that was booked. */
function fits({ days, day }: Loaded, frame: ValueFrame): boolean {
  return days.currency === frame.currency && days.head >= frame.ledger && (day === null || day === frame.day);
}

function keptSpan(as: string): string {
  try {
    return localStorage.getItem(as) ?? DAY;
  } catch {
    // A browser that keeps nothing begins with the day.
    return DAY;
  }
}

function keep(as: string, span: string): void {
  try {
    localStorage.setItem(as, span);
  } catch {
    // As above.
  }
}
