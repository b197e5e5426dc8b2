/**
 * The day so far of every listed instrument: loaded when needed, then extended by the ticks.
 *
 * A line is always of the day of the newest price: at the first price of another day a line of that day begins, and what
 * the server keeps of it is loaded until it is of that day too, since it is recorded a moment later than it is told.
 */

import { LoadFailed } from "../charts/load";
import { MINUTE_MS, type SessionFrame, SessionLine } from "../charts/session_line";
import { loadToday } from "../charts/today";
import { millis } from "../lib/times";
import type { QuoteRow } from "../live/messages.gen";

/** A hole in a line is filled by loading the day again, but not more often than this. */
const RELOAD_EVERY_MS = 20_000;
/** A line of another run shows nothing right, so it is loaded again sooner. */
const REPLACE_EVERY_MS = 2_000;
/** The waits before a day is loaded again that the server had not yet; then the last one. */
const RETRY_MS: readonly number[] = [300, 600, 1_200, 2_000];
const AT_ONCE = 2;

export interface DaysOptions {
  readonly onLoaded: (symbol: string, line: SessionLine) => void;
  readonly onFailed: (symbol: string, failure: LoadFailed) => void;
  readonly load?: (symbol: string) => Promise<SessionLine>;
}

export class Days {
  readonly #options: DaysOptions;
  readonly #load: (symbol: string) => Promise<SessionLine>;
  readonly #lines = new Map<string, SessionLine>();
  readonly #loadedAt = new Map<string, number>();
  /** The moment of the newest price of each symbol. */
  readonly #toldAt = new Map<string, number>();
  /** The row that the newest price of each symbol came in. */
  readonly #told = new Map<string, QuoteRow>();
  /** Symbols whose line holds ticks only: what the server keeps of the day has not come yet. */
  readonly #begun = new Set<string>();
  readonly #attempts = new Map<string, number>();
  readonly #retries = new Map<string, ReturnType<typeof setTimeout>>();
  /** Symbols whose line was of an earlier run of the replay and whose new one has not come yet. */
  readonly #dropped = new Set<string>();
  readonly #queue: string[] = [];
  #running = 0;

  constructor(options: DaysOptions) {
    this.#options = options;
    this.#load = options.load ?? loadToday;
  }

  line(symbol: string): SessionLine | undefined {
    return this.#lines.get(symbol);
  }

  /** Loads the day of `symbol` anew; before the others that wait where `isUrgent`. */
  reload(symbol: string, isUrgent = false): void {
    const at = this.#queue.indexOf(symbol);
    if (at >= 0) this.#queue.splice(at, 1);
    if (isUrgent) this.#queue.unshift(symbol);
    else this.#queue.push(symbol);
    this.#next();
  }

  /**
   * Extends the line by a price; true where it changed. A new day begins another line; a hole or a new run of the replay
   * loads it anew.
   */
  add(symbol: string, row: QuoteRow): boolean {
    const at = millis(row.source_time);
    if (row.price === null || at === null) return false;
    const told = this.#toldAt.get(symbol) ?? at;
    this.#toldAt.set(symbol, at);
    this.#told.set(symbol, row);
    const line = this.#lines.get(symbol);
    if (line === undefined) {
      if (this.#dropped.has(symbol)) this.#reloadSoon(symbol, REPLACE_EVERY_MS);
      return false;
    }
    if (row.session_day !== line.frame.sessionDay) {
      this.#begin(symbol, row, line.frame);
      this.#loadBegun(symbol);
      return true;
    }
    if (this.#isOfEarlierRun(symbol, line, told, at)) {
      this.#drop(symbol);
      return false;
    }
    if (line.minutesMissingBefore(at) > 1) this.#reloadSoon(symbol, RELOAD_EVERY_MS);
    return line.add(row.price, at);
  }

  /** Begins the line of the day of `row` with its price. When that day opens and closes is known when it is loaded. */
  #begin(symbol: string, row: QuoteRow, frame: SessionFrame): SessionLine {
    const line = new SessionLine(
      {
        ...frame,
        sessionDay: row.session_day,
        opensAt: null,
        closesAt: null,
        previousClose: row.previous_close,
        pricePlaces: row.price_places,
      },
      [],
    );
    const at = millis(row.source_time);
    if (row.price !== null && at !== null) line.add(row.price, at);
    this.#lines.set(symbol, line);
    this.#begun.add(symbol);
    this.#dropped.delete(symbol);
    return line;
  }

  /** Loads a day that has begun: at once, unless days follow each other faster than they can be loaded. */
  #loadBegun(symbol: string): void {
    if (this.#retries.has(symbol)) return;
    if (this.#isRecent(symbol, REPLACE_EVERY_MS)) {
      this.#retryLater(symbol);
      return;
    }
    this.#attempts.delete(symbol);
    this.reload(symbol);
  }

  #retryLater(symbol: string): void {
    if (this.#retries.has(symbol)) return;
    const attempt = this.#attempts.get(symbol) ?? 0;
    this.#attempts.set(symbol, attempt + 1);
    const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
    const retry = setTimeout(() => {
      this.#retries.delete(symbol);
      if (!this.#queue.includes(symbol)) this.reload(symbol);
    }, wait);
    this.#retries.set(symbol, retry);
  }

  /**
   * Whether the market's time went back. Where only the line is ahead, one that has just been loaded is given time:
   * the server's bars may come before the price that they end with.
   */
  #isOfEarlierRun(symbol: string, line: SessionLine, told: number, at: number): boolean {
    if (!line.isAheadOf(at)) return false;
    return told - at > MINUTE_MS || !this.#isRecent(symbol, REPLACE_EVERY_MS);
  }

  #drop(symbol: string): void {
    this.#begun.delete(symbol);
    this.#lines.delete(symbol);
    this.#dropped.add(symbol);
    if (!this.#queue.includes(symbol)) this.reload(symbol);
  }

  #reloadSoon(symbol: string, least: number): void {
    if (this.#isRecent(symbol, least) || this.#queue.includes(symbol)) return;
    this.#loadedAt.set(symbol, performance.now());
    this.reload(symbol);
  }

  #isRecent(symbol: string, least: number): boolean {
    return performance.now() - (this.#loadedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < least;
  }

  #next(): void {
    if (this.#running >= AT_ONCE) return;
    const symbol = this.#queue.shift();
    if (symbol === undefined) return;
    this.#running += 1;
    void this.#fetch(symbol).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #fetch(symbol: string): Promise<void> {
    this.#loadedAt.set(symbol, performance.now());
    try {
      const line = await this.#load(symbol);
      this.#loadedAt.set(symbol, performance.now());
      this.#take(symbol, line);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      this.#options.onFailed(symbol, error);
      if (this.#begun.has(symbol)) this.#retryLater(symbol);
    }
  }

  /** Takes a line that was loaded, unless it is of another day than the newest price. */
  #take(symbol: string, line: SessionLine): void {
    const earlier = this.#lines.get(symbol);
    const told = this.#told.get(symbol);
    if (told !== undefined && told.session_day !== line.frame.sessionDay) {
      const isHeld = earlier?.frame.sessionDay === told.session_day;
      if (!isHeld) this.#options.onLoaded(symbol, this.#begin(symbol, told, line.frame));
      this.#retryLater(symbol);
      return;
    }
    if (earlier !== undefined) line.adopt(earlier, this.#toldAt.get(symbol) ?? Number.NEGATIVE_INFINITY);
    this.#lines.set(symbol, line);
    this.#dropped.delete(symbol);
    this.#begun.delete(symbol);
    clearTimeout(this.#retries.get(symbol));
    this.#retries.delete(symbol);
    this.#options.onLoaded(symbol, line);
  }
}
