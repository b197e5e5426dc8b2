/** Candles of one span, whose last one moves with each price: which period a price belongs to, and where each candle stands. */

import { compared } from "../lib/decimal";
import { millis } from "../lib/times";

export const STEPS = ["minutes", "day", "week", "month"] as const;
export type Step = (typeof STEPS)[number];

/** `at` is the day of its first session or, of minutes, the moment at which it begins. */
export interface Candle {
  readonly at: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string | null;
}

/** Something that happened on a day, such as a purchase or a split. */
export interface CandleEvent {
  readonly day: string;
  readonly kind: string;
  readonly count: number;
}

export interface CandleFrame {
  readonly symbol: string;
  readonly pricePlaces: number;
  readonly zone: string;
  readonly span: string;
  readonly step: Step;
  /** The session of the newest price when it was loaded. */
  readonly day: string | null;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
  /** The close before the first candle. */
  readonly before: string | null;
}

/** What a price did: nothing, it moved the last candle or began one, or it does not follow what is here. */
export type Added = "same" | "moved" | "strange";

/** As the server joins minutes. */
export const CANDLE_MS = 300_000;
const DAY_MS = 86_400_000;

export class CandleSeries {
  readonly frame: CandleFrame;
  readonly #candles: Candle[];

  constructor(frame: CandleFrame, candles: readonly Candle[]) {
    this.frame = frame;
    this.#candles = [...candles];
  }

  get candles(): readonly Candle[] {
    return this.#candles;
  }

  get last(): Candle | undefined {
    return this.#candles.at(-1);
  }

  /** How many candles there is room for: today's chart has that of the whole session, so that the empty part is to come. */
  get slots(): number {
    const { opensAt, closesAt } = this.frame;
    const places = this.#candles.map((_, place) => this.slotOf(place) + 1);
    const session = opensAt === null || closesAt === null ? 0 : Math.ceil((closesAt - this.#from) / CANDLE_MS);
    return Math.max(1, places.at(-1) ?? 0, this.frame.step === "minutes" ? session : 0);
  }

  /** The slot of a candle, counted from 0. */
  slotOf(place: number): number {
    if (this.frame.step !== "minutes") return place;
    const at = millis(this.#candles[place]?.at ?? null) ?? this.#from;
    return Math.round((at - this.#from) / CANDLE_MS);
  }

  /** When the axis of minutes begins, in ms since 1970. */
  get from(): number {
    return this.#from;
  }

  get #from(): number {
    const first = millis(this.#candles[0]?.at ?? null);
    const { opensAt } = this.frame;
    return Math.min(first ?? opensAt ?? 0, opensAt ?? first ?? 0);
  }

  /** The place of the candle that holds a day; null before the first one. */
  placeOf(day: string): number | null {
    let found: number | null = null;
    for (const [place, { at }] of this.#candles.entries()) {
      if (at.slice(0, 10) > day) break;
      found = place;
    }
    return found;
  }

  /** The close before a candle, which its change is measured from. */
  closeBefore(place: number): string | null {
    return place === 0 ? this.frame.before : (this.#candles[place - 1]?.close ?? null);
  }

  /** Takes a price of `session`, made at `time` (ms since 1970). */
  add(price: string, time: number, session: string): Added {
    const { step, day } = this.frame;
    const { last } = this;
    const isOfToday = step !== "minutes" || session === day;
    if (!isOfToday || (last !== undefined && this.#isBefore(time, session, last))) return "strange";
    const at = step === "minutes" ? new Date(Math.floor(time / CANDLE_MS) * CANDLE_MS).toISOString() : session;
    if (last === undefined || this.#periodOf(at) !== this.#periodOf(last.at)) {
      this.#candles.push({ at, open: price, high: price, low: price, close: price, volume: null });
      return "moved";
    }
    const high = compared(price, last.high) > 0 ? price : last.high;
    const low = compared(price, last.low) < 0 ? price : last.low;
    if (price === last.close && high === last.high && low === last.low) return "same";
    this.#candles[this.#candles.length - 1] = { ...last, high, low, close: price };
    return "moved";
  }

  /** Whether a price is of an earlier period than the last candle: of another run of a replay. */
  #isBefore(time: number, session: string, last: Candle): boolean {
    if (this.frame.step === "minutes") return time < (millis(last.at) ?? time);
    return this.#periodOf(session) < this.#periodOf(last.at);
  }

  #periodOf(at: string): string {
    return periodOf(at, this.frame.step);
  }
}

/** What the candle of a day or a moment is told from others by; later ones sort behind earlier ones. */
export function periodOf(at: string, step: Step): string {
  switch (step) {
    case "minutes":
      return `${millis(at) ?? 0}`.padStart(15, "0");
    case "day":
      return at;
    case "week": {
      const day = Date.parse(`${at}T00:00:00Z`);
      const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
      return new Date(day - sinceMonday * DAY_MS).toISOString().slice(0, 10);
    }
    case "month":
      return at.slice(0, 7);
  }
}
