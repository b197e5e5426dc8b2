/** The head of an instrument's page: price, change, how fresh it is and by whom, and how long it was on its way to the screen. */

import { Cell, type CellBoard } from "../cells/board";
import { changeCell, priceCell, tickOf } from "../cells/figures";
import { type QualityContext, qualityNow } from "../cells/quality";
import { direction, priceText, signedText } from "../lib/decimal";
import { byId, within } from "../lib/dom";
import { clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import type { QualityName, QuoteRow, SessionName } from "../live/messages.gen";

/** The same words stand in src/tickfolio/web/instrument_texts.py. */
const SESSIONS: { readonly [session in SessionName]: string } = {
  pre: phrase("before the opening"),
  regular: phrase("regular session"),
  post: phrase("after the close"),
  closed: phrase("market closed"),
  continuous: phrase("traded around the clock"),
};
const QUALITIES: { readonly [quality in QualityName]: string } = {
  live: phrase("live"),
  replay: phrase("replay"),
  delayed: phrase("delayed"),
  simulated: phrase("simulated"),
  closed: phrase("close"),
  stale: phrase("stale"),
  manual: phrase("entered by hand"),
  unpriced: phrase("no price"),
};

/** The session of a price and that of the close before it, as the server said last. */
export interface KnownDays {
  readonly session: string;
  readonly reference: string;
}

export class InstrumentHead {
  readonly #board: CellBoard;
  readonly #price = new Cell(byId("price", HTMLElement));
  readonly #change = new Cell(byId("change", HTMLElement));
  readonly #percent = new Cell(byId("change-percent", HTMLElement));
  readonly #since = new Cell(byId("since", HTMLElement));
  readonly #trust = new Cell(byId("trust", HTMLElement));
  readonly #time = new Cell(byId("source-time", HTMLElement));
  readonly #latency = new Cell(byId("latency", HTMLElement));
  readonly #quality = byId("quality", HTMLElement);
  readonly #shape = within(this.#quality, ".shape", HTMLElement);

  constructor(board: CellBoard) {
    this.#board = board;
  }

  show(row: QuoteRow, before: QuoteRow | undefined, days: KnownDays): void {
    this.#board.set(this.#price, priceCell(row, tickOf(before, row)));
    const way = direction(row.change_percent);
    this.#board.set(this.#change, { text: signedText(row.change, row.price_places), direction: way });
    this.#board.set(this.#percent, changeCell(row));
    this.#board.set(this.#since, { text: sinceText(row, days) });
  }

  /** What ages with every second, and with the line to the server; `sourceTitle` is what people call the source. */
  showTrust(row: QuoteRow, at: QualityContext, sourceTitle: string): void {
    const time = millis(row.source_time);
    const isPriced = row.price !== null && time !== null;
    const quality = isPriced ? qualityNow(row.quality, at.isCurrent) : "unpriced";
    if (this.#quality.dataset["quality"] !== quality || !this.#shape.classList.contains(`shape-${quality}`)) {
      this.#quality.dataset["quality"] = quality;
      this.#shape.className = `shape shape-${quality}`;
    }
    // A replay and an invented market are their own source.
    const isOwn = row.quality === "replay" || row.quality === "simulated" || row.source === "replay";
    const words = isPriced
      ? [QUALITIES[quality], isOwn ? "" : sourceTitle, SESSIONS[row.session]]
      : [QUALITIES.unpriced];
    this.#board.set(this.#trust, { text: words.filter((word) => word !== "").join(", ") });
    this.#board.set(this.#time, { text: time === null ? "" : phrase("source {time}", { time: whenText(time, at) }) });
  }

  /** How long after the server had got the price it was on the screen, in ms. */
  showLatency(ms: number): void {
    this.#board.set(this.#latency, { text: phrase("on screen {ms} ms later", { ms: Math.max(0, Math.round(ms)) }) });
  }
}

/** The time of day with its thousandths, and the day where that is not today's. */
export function whenText(time: number, { zone, marketTime }: QualityContext): string {
  const clock = clockOf(zone);
  const isToday = marketTime === null || clock.day(time) === clock.day(marketTime);
  const second = `${clock.second(time)}.${`${Math.floor(time) % 1_000}`.padStart(3, "0")}`;
  return isToday ? second : `${clock.shortDay(time)}, ${second}`;
}

/** `since the close of 18 May, 530.38` */
export function sinceText(row: QuoteRow, days: KnownDays): string {
  if (row.price === null) return phrase("No price yet: the feed has not said one.");
  if (row.previous_close === null) return phrase("No previous close is known.");
  const isKnown = days.reference !== "" && days.session === row.session_day;
  const day = Date.parse(`${days.reference}T00:00:00Z`);
  const of = isKnown
    ? phrase("the close of {day}", { day: clockOf("UTC").shortDay(day) })
    : phrase("the previous close");
  return phrase("since {of}, {price}", { of, price: priceText(row.previous_close, row.price_places) });
}
