/** A quote's columns as the cells show them: the shared formatters of every place where a price stands. */

import { compared, direction, percentText, priceText, signedText } from "../lib/decimal";
import type { QuoteRow } from "../live/messages.gen";
import type { CellValue, Tick } from "./board";

export const FIGURE_SPACE = "\u2007";
/** As long as −12.34 %; the same number stands in src/tickfolio/web/stock_texts.py. */
const CHANGE_WIDTH = 8;

/** Which way the price went since the row that was shown before; undefined where it did not move. */
export function tickOf(before: QuoteRow | undefined, row: QuoteRow): Tick | undefined {
  if (before?.price == null || row.price === null || before.price === row.price) return undefined;
  const order = compared(row.price, before.price);
  return order === 0 ? undefined : order > 0 ? "up" : "down";
}

export function priceCell(row: QuoteRow, tick: Tick | undefined): CellValue {
  return { text: priceText(row.price, row.price_places), tick };
}

export function changeCell(row: QuoteRow): CellValue {
  return { text: percentText(row.change_percent), direction: direction(row.change_percent) };
}

/** As `changeCell`, at a fixed width: the figures of a column begin and end at the same place, whatever they are. */
export function listedChangeCell(row: QuoteRow): CellValue {
  const { text, direction: way } = changeCell(row);
  return { text: text.padStart(CHANGE_WIDTH, FIGURE_SPACE), ...(way === undefined ? {} : { direction: way }) };
}

/** What stands beside the change: since when it counts, or why there is none. */
export function sinceText(row: QuoteRow): string {
  if (row.price === null) return "No price yet: the feed has not said one.";
  if (row.change === null || row.previous_close === null) return "No previous close is known.";
  const previous = priceText(row.previous_close, row.price_places);
  return `${signedText(row.change, row.price_places)} since the previous close of ${previous}`;
}
