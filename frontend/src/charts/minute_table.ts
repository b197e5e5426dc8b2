/** The chart's data as a table, the newest minute first. */

import { direction, percentChange, percentText, priceText } from "../lib/decimal";
import { made } from "../lib/dom";
import { clockOf } from "../lib/times";
import { phrase, phraseFor } from "../lib/words";
import { type Minute, PRICE_WORDS, type SessionFrame, type SessionLine } from "./session_line";

const RANGE = [phraseFor("a price", "Open"), phrase("High"), phrase("Low"), phraseFor("a price", "Close")];

export class MinuteTable {
  readonly element = made("div", "minutes");
  readonly #body = made("tbody");
  readonly #head = made("tr");
  readonly #table = made("table", "table");
  #columns = "";

  constructor() {
    const head = made("thead");
    head.append(this.#head);
    this.#table.append(head, this.#body);
    this.element.append(this.#table);
    this.element.tabIndex = 0;
    this.element.hidden = true;
    this.element.setAttribute("role", "region");
  }

  show(line: SessionLine): void {
    const label = phrase("{symbol} minute by minute", { symbol: line.frame.symbol });
    this.#table.setAttribute("aria-label", label);
    this.element.setAttribute("aria-label", label);
    this.#showColumns([phrase("Time"), ...columnsOf(line.frame), phraseFor("a price", "Change")]);
    this.#body.replaceChildren(...line.minutes.toReversed().map((minute) => rowOf(line, minute)));
  }

  #showColumns(columns: readonly string[]): void {
    const key = columns.join(" ");
    if (key === this.#columns) return;
    this.#columns = key;
    const cells = columns.map((column, at) => {
      const cell = made("th", at === 0 ? "" : "r", column);
      cell.scope = "col";
      return cell;
    });
    this.#head.replaceChildren(...cells);
  }
}

/** A price has a range in each minute; a value of the whole is one figure. */
function columnsOf({ hasOneValue, words }: SessionFrame): readonly string[] {
  return hasOneValue === true ? [(words ?? PRICE_WORDS).value] : RANGE;
}

function rowOf(line: SessionLine, minute: Minute): HTMLTableRowElement {
  const { zone, pricePlaces, previousClose, hasOneValue, isAmount } = line.frame;
  const { open, high, low, close } = minute;
  const row = made("tr");
  const time = made("th", "num", clockOf(zone).minute(minute.at));
  time.scope = "row";
  row.append(time);
  for (const value of hasOneValue === true ? [close] : [open, high, low, close]) {
    const cell = made("td", "r num");
    cell.append(made("span", isAmount === true ? "amount" : "", priceText(value, pricePlaces)));
    row.append(cell);
  }
  const percent = previousClose === null ? null : percentChange(close, previousClose);
  const change = made("td", "r");
  change.append(made("span", direction(percent), percentText(percent)));
  row.append(change);
  return row;
}
