/** A line of days as a table, the newest day first; a caption says where not all days are in it. */

import { made } from "../lib/dom";
import { clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import { dayAt } from "./day_ticks";
import type { Column, DaysLine } from "./days_chart";

const ORDINALS: readonly string[] = [
  phrase("second"),
  phrase("third"),
  phrase("fourth"),
  phrase("fifth"),
  phrase("sixth"),
  phrase("seventh"),
  phrase("eighth"),
  phrase("ninth"),
  phrase("tenth"),
];

export function daysTable(line: DaysLine): HTMLTableElement {
  const table = made("table", "table");
  const head = made("tr");
  for (const [at, name] of [phrase("Day"), ...line.columns.map((column) => column.name)].entries()) {
    const cell = made("th", at === 0 ? "" : "r", name);
    cell.scope = "col";
    head.append(cell);
  }
  const spacing = spacingText(line.days, line.thinnedBy);
  const [thead, tbody] = [made("thead"), made("tbody")];
  thead.append(head);
  tbody.append(...line.days.map((_, place) => rowOf(line, place)).toReversed());
  table.append(...(spacing === "" ? [] : [made("caption", "quiet", spacing)]), thead, tbody);
  table.setAttribute("aria-label", line.sentence);
  return table;
}

/** How far the days are from one another; empty where each is there. */
export function spacingText(days: readonly number[], thinnedBy = phrase("return")): string {
  const [first, last] = [days.at(0) ?? 0, days.at(-1) ?? 0];
  const steps = days.length - 1;
  if (steps < 1 || last - first === steps) return "";
  // A thinned line has at least one day of two and still leaves some out.
  const every = Math.max(2, Math.round((last - first) / steps));
  const ordinal = ORDINALS[every - 2] ?? phrase("{count}th", { count: every });
  return phrase("About every {ordinal} day, the lowest and the highest of the {figure} among them.", {
    ordinal,
    figure: thinnedBy,
  });
}

export function dayText(line: DaysLine, place: number): string {
  return clockOf("UTC").day(dayAt(line.first, line.days[place] ?? 0));
}

function rowOf(line: DaysLine, place: number): HTMLTableRowElement {
  const row = made("tr");
  const day = made("th", "num", dayText(line, place));
  day.scope = "row";
  row.append(day, ...line.columns.map((column) => cellOf("td", "r num", column, place)));
  return row;
}

/** What a column tells of a day, marked where it is an amount. */
export function cellOf(tag: "td" | "dd", className: string, { text, isAmount }: Column, place: number): HTMLElement {
  const cell = made(tag, className);
  cell.append(made("span", isAmount === true ? "amount" : "", text(place)));
  return cell;
}
