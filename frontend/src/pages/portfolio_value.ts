/**
 * The portfolio's value through the day: loaded once, extended by every frame, loaded anew where it has a hole or the day,
 * the ledger or the currency changed.
 */

import { LoadFailed } from "../charts/load";
import { loadPortfolioDay, type PortfolioDay } from "../charts/portfolio_day";
import type { SessionLine } from "../charts/session_line";
import { byId, textOf } from "../lib/dom";
import { cityOf, clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import { TodayPanel } from "./today_panel";

/** A load that finds nothing new is not repeated sooner than this. */
const RELOAD_EVERY_MS = 5_000;
/** A line that begins so long after the session says why. */
const LATE_FROM_MS = 15 * 60_000;
/** Where the frames run ahead of the line by more, minutes are missing. */
const MOST_MISSING = 2;

export interface ValueOptions {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly load?: typeof loadPortfolioDay;
}

/**
 * What a frame says of the whole: `day` changes with the market's day, `ledger` with every booking. `value` is null where
 * nothing that is held has one.
 */
export interface ValueFrame {
  readonly value: string | null;
  readonly currency: string;
  readonly at: number | null;
  readonly day: string | null;
  readonly ledger: number;
}

export class ValueChart {
  readonly #options: ValueOptions;
  readonly #load: typeof loadPortfolioDay;
  readonly #panel: TodayPanel;
  readonly #day = textOf(byId("chart-day", HTMLElement));
  readonly #zone = textOf(byId("chart-zone", HTMLElement));
  readonly #since = textOf(byId("value-since", HTMLElement));
  readonly #legend = byId("legend-reference", HTMLElement);
  #shown: PortfolioDay | null = null;
  #last: ValueFrame | null = null;
  /** Of the frame that the line was loaded at. */
  #loadedFor = "";
  #loadedAt = Number.NEGATIVE_INFINITY;
  #isLoading = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ValueOptions) {
    this.#options = options;
    this.#load = options.load ?? loadPortfolioDay;
    this.#panel = new TodayPanel({
      onRetry: () => void this.#reload(),
      consolation: phrase("The figures above are not affected."),
    });
  }

  start(): void {
    void this.#reload();
  }

  /** Extends the line by the value of a frame. */
  add(frame: ValueFrame): void {
    const before = this.#last;
    this.#last = frame;
    if (frame.value === null) {
      if (before?.value !== null) this.#explainNothing();
      return;
    }
    // The line that was loaded while there was no value has no point.
    if (before?.value === null) this.#reloadSoon();
    const line = this.#shown?.line;
    if (line === undefined || frame.at === null) return;
    const isOther = keyOf(frame) !== this.#loadedFor || frame.currency !== this.#shown?.currency;
    const hasHole = line.minutesMissingBefore(frame.at) > MOST_MISSING || line.isAheadOf(frame.at);
    if (isOther || hasHole) this.#reloadSoon();
    if (frame.currency !== this.#shown?.currency || line.isAheadOf(frame.at)) return;
    if (line.minutes.length === 0) {
      if (line.add(frame.value, frame.at)) this.#show();
    } else if (line.add(frame.value, frame.at)) this.#panel.grew(line);
  }

  /** Whether the last value is live, and of a replay. */
  mark(isLive: boolean, isReplay: boolean): void {
    this.#panel.mark(isLive, isReplay);
  }

  /** The chart stands in its place again, where another span stood: it is drawn at the size that it has now. */
  shown(): void {
    this.#show();
  }

  /** The page was hidden, or the line to the server was down: what is missing is loaded. */
  caughtUp(): void {
    this.#reloadSoon();
  }

  #reloadSoon(): void {
    if (this.#isLoading || this.#retry !== undefined) return;
    const wait = Math.max(0, this.#loadedAt + RELOAD_EVERY_MS - performance.now());
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#reload();
    }, wait);
  }

  async #reload(): Promise<void> {
    const { id, name, zone } = this.#options;
    this.#isLoading = true;
    this.#loadedFor = this.#last === null ? this.#loadedFor : keyOf(this.#last);
    try {
      this.#take(await this.#load(id, name, zone));
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      this.#panel.failed(name, error);
    } finally {
      this.#isLoading = false;
      this.#loadedAt = performance.now();
    }
  }

  /** The server's minutes come a moment after the frames: the newest value known is kept on top of them. */
  #take(day: PortfolioDay): void {
    this.#shown = day;
    const last = this.#last;
    if (last === null) this.#show();
    else {
      if (this.#loadedFor === "") this.#loadedFor = keyOf(last);
      const { value, at } = last;
      if (value !== null && at !== null && last.currency === day.currency && !day.line.isAheadOf(at)) {
        day.line.add(value, at);
      }
      this.#show();
    }
  }

  #show(): void {
    if (this.#shown === null) return;
    const { line, currency } = this.#shown;
    this.#legend.classList.toggle("unseen", line.frame.previousClose === null);
    this.#showDay(line);
    if (this.#last?.value === null) this.#explainNothing();
    else if (line.minutes.length > 0) void this.#panel.show(line, currency);
    else
      this.#panel.explain(
        phrase("No session yet"),
        phrase("The line begins with the first price of the day of something held."),
      );
  }

  #explainNothing(): void {
    this.#panel.explain(
      phrase("Nothing has a value now"),
      phrase("The line begins with the first value. The note below the holdings says why."),
    );
  }

  #showDay(line: SessionLine): void {
    const { frame, last } = line;
    const at = last?.at ?? frame.opensAt;
    const day = at === null ? "" : clockOf(frame.zone).day(at);
    const zone = at === null ? "" : phrase("{city} time", { city: cityOf(frame.zone) });
    if (this.#day.data !== day) this.#day.data = day;
    if (this.#zone.data !== zone) this.#zone.data = zone;
    const since = sinceWords(line);
    if (this.#since.data !== since) this.#since.data = since;
  }
}

/** Why the line begins later than the session, as on the first day of an instance; empty where it does not. */
function sinceWords({ frame, minutes }: SessionLine): string {
  const first = minutes[0]?.at;
  if (first === undefined || frame.opensAt === null || first - frame.opensAt < LATE_FROM_MS) return "";
  return phrase("since {time}, when the first price of the day was recorded here", {
    time: clockOf(frame.zone).minute(first),
  });
}

function keyOf({ day, ledger }: ValueFrame): string {
  return `${day} ${ledger}`;
}
