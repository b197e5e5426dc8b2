/** How far the server's clock is ahead of this browser's: they may run on different machines. */

interface Sample {
  readonly offset: number;
  readonly roundTrip: number;
}

const KEPT = 8;

/** Now by this browser, in ms since 1970 with fractions; steady even where the system's clock is set. */
export function browserNow(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * The offset from exchanges in the manner of NTP: the server's time stands in the middle of the round trip.
 *
 * Of the last samples the one with the shortest round trip counts, since its middle is known best.
 */
export class ServerClock {
  #samples: readonly Sample[] = [];

  /** A request sent at `sentAt` and answered at `answeredAt` (this browser's clock) with the server's time `serverTime`. */
  exchanged(sentAt: number, answeredAt: number, serverTime: number): void {
    const roundTrip = answeredAt - sentAt;
    if (roundTrip < 0) return;
    const offset = serverTime - (sentAt + answeredAt) / 2;
    this.#samples = [...this.#samples, { offset, roundTrip }].slice(-KEPT);
  }

  /** Server minus browser, in ms; null before the first exchange. */
  get offset(): number | null {
    const [first, ...others] = this.#samples;
    if (first === undefined) return null;
    return others.reduce((best, sample) => (sample.roundTrip < best.roundTrip ? sample : best), first).offset;
  }

  /** What the server's clock says when this browser's says `at`; null before the first exchange. */
  serverTime(at: number): number | null {
    return this.offset === null ? null : at + this.offset;
  }
}
