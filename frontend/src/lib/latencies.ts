/** The tick-to-pixel times of the last ticks, and their percentiles. */

const KEPT = 240;

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export class Latencies {
  readonly #values: number[] = [];
  #next = 0;
  #newest: number | null = null;

  /** Adds one time in ms. Below zero means that the clock estimate was off by that much: it counts as zero. */
  add(ms: number): void {
    this.#newest = Math.max(0, ms);
    this.#values[this.#next] = this.#newest;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The last one in whole ms, once. */
  takeNewest(): number | null {
    const newest = this.#newest;
    this.#newest = null;
    return newest === null ? null : Math.round(newest);
  }

  /** Median and 95th percentile by the nearest rank; null before the first. */
  percentiles(): Percentiles | null {
    const sorted = this.#values.toSorted((a, b) => a - b);
    const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return sorted.length === 0 ? null : { p50: rank(0.5), p95: rank(0.95) };
  }
}
