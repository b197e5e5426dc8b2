/** The large quote: price, change, quality, the day's range. */

import { Cell, type CellBoard } from "../cells/board";
import { changeCell, priceCell, sinceText, tickOf } from "../cells/figures";
import { type QualityContext, qualityMark } from "../cells/quality";
import type { SessionLine } from "../charts/session_line";
import { DASH, priceText } from "../lib/decimal";
import { byId, made } from "../lib/dom";
import { cityOf, clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import type { FeedReport, QuoteRow } from "../live/messages.gen";
import { feedSentence } from "./feed_words";

const STALENESS = phrase("A price older than the market’s calendar allows is shown as stale, with its age.");

export class QuotePanel {
  readonly #board: CellBoard;
  readonly #symbol = new Cell(byId("stock-symbol", HTMLElement));
  readonly #name = new Cell(byId("stock-name", HTMLElement));
  readonly #price = new Cell(byId("stock-price", HTMLElement));
  readonly #currency = new Cell(byId("stock-currency", HTMLElement));
  readonly #change = new Cell(byId("stock-change", HTMLElement));
  readonly #since = new Cell(byId("stock-since", HTMLElement));
  readonly #quality = byId("stock-quality", HTMLElement);
  readonly #qualityShape = made("span", "shape");
  readonly #qualityText = made("span");
  readonly #open = new Cell(byId("day-open", HTMLElement));
  readonly #previous = new Cell(byId("day-previous", HTMLElement));
  readonly #low = new Cell(byId("day-low", HTMLElement));
  readonly #high = new Cell(byId("day-high", HTMLElement));
  readonly #day = new Cell(byId("chart-day", HTMLElement));
  readonly #legendPrevious = byId("legend-previous", HTMLElement);
  readonly #zone = new Cell(byId("chart-zone", HTMLElement));
  readonly #session = new Cell(byId("session-sentence", HTMLElement));

  constructor(board: CellBoard) {
    this.#board = board;
  }

  /** Shows another symbol; what is not known of it yet is a dash until it comes. */
  open(symbol: string): void {
    this.#board.set(this.#symbol, { text: symbol });
    for (const cell of [this.#open, this.#low, this.#high, this.#previous]) this.#board.set(cell, { text: DASH });
  }

  show(row: QuoteRow, before: QuoteRow | undefined, venue: string): void {
    this.#board.set(this.#name, { text: venue === "" ? row.name : `${row.name}, ${venue}` });
    this.#board.set(this.#price, priceCell(row, tickOf(before, row)));
    this.#board.set(this.#currency, { text: row.currency });
    this.#board.set(this.#change, changeCell(row));
    this.#board.set(this.#since, { text: sinceText(row) });
    this.#board.set(this.#previous, { text: priceText(row.previous_close, row.price_places) });
  }

  showQuality(row: QuoteRow, at: QualityContext): void {
    const { quality, text } = qualityMark(row, at);
    if (this.#qualityShape.parentElement !== this.#quality) {
      this.#quality.replaceChildren(this.#qualityShape, this.#qualityText);
    }
    if (this.#quality.dataset["quality"] !== quality || !this.#qualityShape.classList.contains(`shape-${quality}`)) {
      this.#quality.dataset["quality"] = quality;
      this.#qualityShape.className = `shape shape-${quality}`;
    }
    if (this.#qualityText.textContent !== text) this.#qualityText.textContent = text;
  }

  showDay(line: SessionLine): void {
    const { pricePlaces, zone, previousClose } = line.frame;
    this.#legendPrevious.hidden = previousClose === null;
    const range = line.range();
    if (range !== null) {
      const known = line.isWhole ? range : { open: null, low: null, high: null };
      this.#board.set(this.#open, { text: priceText(known.open, pricePlaces) });
      this.#board.set(this.#low, { text: priceText(known.low, pricePlaces) });
      this.#board.set(this.#high, { text: priceText(known.high, pricePlaces) });
    }
    const at = line.last?.at ?? line.frame.opensAt;
    if (at !== null) this.#board.set(this.#day, { text: clockOf(zone).day(at) });
    this.#board.set(this.#zone, { text: phrase("{city} time", { city: cityOf(zone) }) });
  }

  showSession(row: QuoteRow, line: SessionLine | undefined, feeds: readonly FeedReport[]): void {
    this.#board.set(this.#session, { text: sessionSentence(row, line, feeds) });
  }
}

function sessionSentence(row: QuoteRow, line: SessionLine | undefined, feeds: readonly FeedReport[]): string {
  const said = feeds.find((feed) => feed.message !== "" && (feed.state === "quiet" || row.session === "closed"));
  if (said !== undefined) return feedSentence(said.message);
  const closesAt = line?.frame.closesAt ?? null;
  const zone = line?.frame.zone ?? document.documentElement.dataset["zone"] ?? "UTC";
  switch (row.session) {
    case "regular":
      return [
        closesAt === null
          ? phrase("Regular session.")
          : phrase("Regular session, closes {time}.", { time: clockOf(zone).minute(closesAt) }),
        STALENESS,
      ].join(" ");
    case "pre":
      return [phrase("Before the opening."), STALENESS].join(" ");
    case "post":
      return [phrase("After the close."), STALENESS].join(" ");
    case "closed":
      return phrase("{city} is closed.", { city: cityOf(zone) });
    case "continuous":
      return [phrase("Traded around the clock."), STALENESS].join(" ");
  }
}
