/** The day so far of every listed instrument: loaded when needed, then extended by the ticks. */

import { MINUTE_MS, type SessionLine } from "../charts/session_line";
import { LoadFailed, loadToday } from "../charts/today";
import { millis } from "../lib/times";
import type { QuoteRow } from "../live/messages.gen";

/** A hole in a line is filled by loading the day again, but not more often than this. */
const RELOAD_EVERY_MS = 20_000;
/** A line of another day or run shows nothing right, so it is loaded again sooner. */
const REPLACE_EVERY_MS = 2_000;
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

  /** Extends the line by a price; true where it changed. A new day, a hole or a new run of the replay loads it anew. */
  add(symbol: string, row: QuoteRow): boolean {
    const at = millis(row.source_time);
    if (row.price === null || at === null) return false;
    const told = this.#toldAt.get(symbol) ?? at;
    this.#toldAt.set(symbol, at);
    const line = this.#lines.get(symbol);
    if (line === undefined) {
      if (this.#dropped.has(symbol)) this.#reloadSoon(symbol, REPLACE_EVERY_MS);
      return false;
    }
    if (this.#isOfEarlierRun(symbol, line, told, at)) {
      this.#drop(symbol);
      return false;
    }
    const isOtherDay = row.session_day !== line.frame.sessionDay;
    if (isOtherDay) this.#reloadSoon(symbol, REPLACE_EVERY_MS);
    else if (line.minutesMissingBefore(at) > 1) this.#reloadSoon(symbol, RELOAD_EVERY_MS);
    return isOtherDay ? false : line.add(row.price, at);
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
      const earlier = this.#lines.get(symbol);
      if (earlier !== undefined) line.adopt(earlier, this.#toldAt.get(symbol) ?? Number.NEGATIVE_INFINITY);
      this.#lines.set(symbol, line);
      this.#dropped.delete(symbol);
      this.#loadedAt.set(symbol, performance.now());
      this.#options.onLoaded(symbol, line);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      this.#options.onFailed(symbol, error);
    }
  }
}
