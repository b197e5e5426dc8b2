/** The day so far of every listed instrument: loaded when needed, then extended by the ticks. */

import type { SessionLine } from "../charts/session_line";
import { LoadFailed, loadToday } from "../charts/today";
import { millis } from "../lib/times";
import type { QuoteRow } from "../live/messages.gen";

/** A hole in a line is filled by loading the day again, but not more often than this. */
const RELOAD_EVERY_MS = 20_000;
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

  /** Extends the line by a price; true where it changed. A new day or a hole loads it anew. */
  add(symbol: string, row: QuoteRow): boolean {
    const line = this.#lines.get(symbol);
    const at = millis(row.source_time);
    if (line === undefined || row.price === null || at === null) return false;
    const isOtherDay = row.session_day !== line.frame.sessionDay;
    if (isOtherDay || line.minutesMissingBefore(at) > 1) this.#reloadSoon(symbol, isOtherDay);
    return isOtherDay ? false : line.add(row.price, at);
  }

  #reloadSoon(symbol: string, isOtherDay: boolean): void {
    const least = isOtherDay ? RELOAD_EVERY_MS / 10 : RELOAD_EVERY_MS;
    const isRecent = performance.now() - (this.#loadedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < least;
    if (isRecent || this.#queue.includes(symbol)) return;
    this.#loadedAt.set(symbol, performance.now());
    this.reload(symbol);
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
      if (earlier !== undefined) line.adopt(earlier);
      this.#lines.set(symbol, line);
      this.#options.onLoaded(symbol, line);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      this.#options.onFailed(symbol, error);
    }
  }
}
