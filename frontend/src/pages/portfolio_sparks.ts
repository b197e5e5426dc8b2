/** The sparklines of what is held: loaded together, extended by each price, loaded anew with a new day or a new holding. */

import { LoadFailed } from "../charts/load";
import { loadSparks } from "../charts/portfolio_day";
import type { SessionLine } from "../charts/session_line";
import { millis } from "../lib/times";
import type { PortfolioRow } from "../live/messages.gen";

const RELOAD_EVERY_MS = 5_000;
/** A price so long after the close is of another session. */
const AFTER_CLOSE_MS = 6 * 3_600_000;

/** What a line grows by. */
export type Sparked = Pick<PortfolioRow, "kind" | "symbol" | "price" | "source_time">;

export class Sparks {
  readonly #id: string;
  readonly #onLine: (line: SessionLine) => void;
  readonly #load: typeof loadSparks;
  readonly #lines = new Map<string, SessionLine>();
  /** Rows whose price is in its line already: most of a frame's are those of the frame before. */
  #added = new WeakSet<Sparked>();
  #loadedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, onLine: (line: SessionLine) => void, load: typeof loadSparks = loadSparks) {
    this.#id = id;
    this.#onLine = onLine;
    this.#load = load;
  }

  /** Extends the lines by the rows' prices; what has no line, or one of another session, is loaded. */
  add(rows: Iterable<Sparked>): void {
    for (const row of rows) {
      if (this.#added.has(row)) continue;
      this.#added.add(row);
      const at = millis(row.source_time);
      if (row.kind !== "holding" || row.price === null || at === null) continue;
      const line = this.#lines.get(row.symbol);
      if (line === undefined || isOfAnotherSession(line, at)) this.reloadSoon();
      else if (line.add(row.price, at)) this.#onLine(line);
    }
  }

  /** Tells all lines again, to rows that are new. */
  repeat(): void {
    for (const line of this.#lines.values()) this.#onLine(line);
  }

  reloadSoon(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#loadedAt + RELOAD_EVERY_MS - performance.now());
    this.#timer = setTimeout(() => void this.#reload(), wait);
  }

  /** A line that cannot be loaded is left as it is: it says nothing that the figures do not. */
  async #reload(): Promise<void> {
    try {
      for (const line of await this.#load(this.#id)) {
        this.#lines.set(line.frame.symbol, line);
        this.#onLine(line);
      }
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
    } finally {
      this.#loadedAt = performance.now();
      this.#timer = undefined;
      // The lines are others now, or there are none yet.
      this.#added = new WeakSet();
    }
  }
}

function isOfAnotherSession({ frame, last }: SessionLine, at: number): boolean {
  const ends = frame.closesAt ?? last?.at ?? at;
  return at > ends + AFTER_CLOSE_MS || (last !== undefined && at < last.at - 60_000);
}
