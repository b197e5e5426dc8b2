/** The chart's data as a table, the newest minute first. */

import { direction, percentChange, percentText, priceText } from "../lib/decimal";
import { made } from "../lib/dom";
import { clockOf } from "../lib/times";
import type { Minute, SessionLine } from "./session_line";

const COLUMNS = ["Time", "Open", "High", "Low", "Close", "Change"] as const;

export class MinuteTable {
  readonly element = made("div", "minutes");
  readonly #body = made("tbody");
  readonly #table = made("table", "table");

  constructor() {
    const head = made("thead");
    const row = made("tr");
    for (const column of COLUMNS) {
      const cell = made("th", column === "Time" ? "" : "r", column);
      cell.scope = "col";
      row.append(cell);
    }
    head.append(row);
    this.#table.append(head, this.#body);
    this.element.append(this.#table);
    this.element.tabIndex = 0;
    this.element.hidden = true;
    this.element.setAttribute("role", "region");
  }

  show(line: SessionLine): void {
    const label = `${line.frame.symbol} minute by minute`;
    this.#table.setAttribute("aria-label", label);
    this.element.setAttribute("aria-label", label);
    this.#body.replaceChildren(...line.minutes.toReversed().map((minute) => rowOf(line, minute)));
  }
}

function rowOf(line: SessionLine, minute: Minute): HTMLTableRowElement {
  const { zone, pricePlaces, previousClose } = line.frame;
  const row = made("tr");
  const time = made("th", "num", clockOf(zone).minute(minute.at));
  time.scope = "row";
  row.append(time);
  for (const value of [minute.open, minute.high, minute.low, minute.close]) {
    row.append(made("td", "r num", priceText(value, pricePlaces)));
  }
  const percent = previousClose === null ? null : percentChange(minute.close, previousClose);
  const change = made("td", "r");
  change.append(made("span", direction(percent), percentText(percent)));
  row.append(change);
  return row;
}
