/** The day so far of one instrument, minute by minute: the server's bars first, then what the ticks add. */

import { compared } from "../lib/decimal";
import { phrase } from "../lib/words";
import type { DayMark } from "./days_data";

export const MINUTE_MS = 60_000;
/** A share may open some minutes after its exchange. */
export const LATE_OPENING_MS = 5 * MINUTE_MS;

/** For longer without a price nobody here saw how it moved, be it that the market rested or that it was not heard. */
export const UNSEEN_AFTER_MS = 5 * MINUTE_MS;

/** One minute; `at` is its beginning in ms since 1970. Prices stay decimals as text. */
export interface Minute {
  readonly at: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

/** What the line is of, in words. */
export interface FrameWords {
  /** What a value of the line is called in the tooltip: `Price`. */
  readonly value: string;
  /** What the dashed line is: `previous close`. */
  readonly reference: string;
  /** What there is before the first: `no prices`. */
  readonly none: string;
}

export const PRICE_WORDS: FrameWords = {
  value: phrase("Price"),
  reference: phrase("previous close"),
  none: phrase("no prices"),
};

/** The frame of the day, which no tick changes. Opening and closing are null for a market without sessions. */
export interface SessionFrame {
  readonly symbol: string;
  readonly sessionDay: string | null;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
  readonly zone: string;
  readonly previousClose: string | null;
  readonly pricePlaces: number;
  /** How many decimals the axis has; as many as the figures where it is not said. */
  readonly axisPlaces?: number;
  /** Those of a price where it has none. */
  readonly words?: FrameWords;
  /** Whether the server tells one value for a minute, so that it has no opening, high and low to speak of. */
  readonly hasOneValue?: boolean;
  /** What was booked; its `day` is the minute at which it stands. */
  readonly marks?: readonly DayMark[];
  /** Whether its values are amounts of money, which privacy mode hides, and no prices. */
  readonly isAmount?: boolean;
}

export interface DayRange {
  readonly open: string;
  readonly high: string;
  readonly low: string;
}

export class SessionLine {
  readonly frame: SessionFrame;
  readonly #minutes: Minute[];
  readonly #stepMs: number;

  /** A line that grows by one point in each `stepMs`: a small one has no room for all minutes of a day. */
  constructor(frame: SessionFrame, minutes: readonly Minute[], stepMs = MINUTE_MS) {
    this.frame = frame;
    this.#stepMs = stepMs;
    this.#minutes = [...minutes].sort((a, b) => a.at - b.at);
  }

  get minutes(): readonly Minute[] {
    return this.#minutes;
  }

  get last(): Minute | undefined {
    return this.#minutes.at(-1);
  }

  /**
   * Adds a price of the moment `at`; true where it changed the line. A price of an earlier minute than the last is not
   * taken: the server's bars hold it already, or the next load brings it.
   */
  add(price: string, at: number): boolean {
    const minute = Math.floor(at / this.#stepMs) * this.#stepMs;
    const { last } = this;
    if (last !== undefined && at < last.at) return false;
    if (last === undefined || minute > last.at) {
      this.#minutes.push({ at: minute, open: price, high: price, low: price, close: price });
      return true;
    }
    if (last.close === price) return false;
    this.#minutes[this.#minutes.length - 1] = extended(last, price);
    return true;
  }

  /**
   * Takes over what `earlier` knew of the same day after this line's end: the server keeps its bars a moment later.
   * Minutes after `until`, the moment of the newest price, are of an earlier run of a replay and stay behind.
   */
  adopt(earlier: SessionLine, until: number): void {
    if (earlier.frame.sessionDay !== this.frame.sessionDay) return;
    const end = this.last?.at ?? Number.NEGATIVE_INFINITY;
    this.#minutes.push(...earlier.minutes.filter(({ at }) => at > end && at <= until));
  }

  /** Whether the line ends more than a minute after `at`: it tells a future that the market has not seen. */
  isAheadOf(at: number): boolean {
    return this.last !== undefined && this.last.at - at > MINUTE_MS;
  }

  /** How many minutes lie between the last one and `at`: more than one reveals that the line has a hole. */
  minutesMissingBefore(at: number): number {
    return this.last === undefined ? 0 : Math.floor((at - this.last.at) / MINUTE_MS) - 1;
  }

  /** Whether it tells the day from its opening on: only then its first price is the day's opening, and the low the day's low. */
  get isWhole(): boolean {
    const { opensAt } = this.frame;
    const [first] = this.#minutes;
    return first !== undefined && (opensAt === null || first.at - opensAt <= LATE_OPENING_MS);
  }

  range(): DayRange | null {
    const [first] = this.#minutes;
    if (first === undefined) return null;
    let { high, low } = first;
    for (const minute of this.#minutes) {
      if (compared(minute.high, high) > 0) high = minute.high;
      if (compared(minute.low, low) < 0) low = minute.low;
    }
    return { open: first.open, high, low };
  }

  /** From where to where the time axis goes: the whole session, so that the empty part is the time to come. */
  span(): { readonly from: number; readonly to: number } | null {
    const { opensAt, closesAt } = this.frame;
    const first = this.#minutes[0]?.at ?? opensAt;
    const last = this.last?.at ?? opensAt;
    if (first === null || last === null) return null;
    const from = Math.min(opensAt ?? first, first);
    return { from, to: Math.max(closesAt ?? 0, last + MINUTE_MS) };
  }
}

/** Whether so much time lies between two minutes that follow each other in a line that its way between them is not known. */
export function isUnseenBetween(minute: Minute, next: Minute | undefined): boolean {
  return next !== undefined && next.at - minute.at > UNSEEN_AFTER_MS;
}

function extended(minute: Minute, price: string): Minute {
  return {
    ...minute,
    high: compared(price, minute.high) > 0 ? price : minute.high,
    low: compared(price, minute.low) < 0 ? price : minute.low,
    close: price,
  };
}
