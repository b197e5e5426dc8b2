/** Figures as the cells show them: the shared formatters of every place where a price or an amount stands. */

import {
  compared,
  direction,
  moneyText,
  percentText,
  priceText,
  signedMoney,
  signedText,
  signOf,
  weightText,
} from "../lib/decimal";
import { phrase } from "../lib/words";
import type { QuoteRow } from "../live/messages.gen";
import type { CellValue, Tick } from "./board";

/** What a price needs to be shown; a quote has it, and so has a portfolio's row. */
export interface Priced {
  readonly price: string | null;
  readonly price_places: number;
}

/** What a change of price needs to be shown. */
export interface Changed {
  readonly change_percent: string | null;
}

export const FIGURE_SPACE = "\u2007";
/** As long as −12.34 %; the same number stands in src/tickfolio/web/stock_texts.py. */
const CHANGE_WIDTH = 8;

/** Which way the price went since the row that was shown before; undefined where it did not move. */
export function tickOf(before: Priced | undefined, row: Priced): Tick | undefined {
  return wayOf(before?.price ?? null, row.price);
}

/** Which way a figure went; undefined where it did not move or was not there. */
export function wayOf(before: string | null | undefined, now: string | null): Tick | undefined {
  if (before == null || now === null || before === now) return undefined;
  const order = compared(now, before);
  return order === 0 ? undefined : order > 0 ? "up" : "down";
}

export function priceCell(row: Priced, tick: Tick | undefined): CellValue {
  return { text: priceText(row.price, row.price_places), tick };
}

const CURRENCY = /^[A-Z]{3}$/;
/** What a hundredth of a shekel is called, which is written as a currency is. */
const AGOROT = "ILA";

/** What prices are in where that is a part of their currency, such as pence; empty where it is the currency itself. */
export function partUnit(quotedIn: string): string {
  return quotedIn === AGOROT || !CURRENCY.test(quotedIn) ? quotedIn : "";
}

export function changeCell(row: Changed): CellValue {
  return { text: percentText(row.change_percent), direction: direction(row.change_percent) };
}

/** As `changeCell`, at a fixed width: the figures of a column begin and end at the same place, whatever they are. */
export function listedChangeCell(row: Changed): CellValue {
  const { text, direction: way } = changeCell(row);
  return { text: text.padStart(CHANGE_WIDTH, FIGURE_SPACE), ...(way === undefined ? {} : { direction: way }) };
}

/** An amount that is neither gain nor loss, such as a value or a cost. */
export function moneyCell(value: string | null, before?: string | null): CellValue {
  return { text: moneyText(value), tick: wayOf(before, value) };
}

/** A gain or loss, with its sign and arrow. */
export function gainCell(value: string | null, before?: string | null): CellValue {
  return { text: signedMoney(value), direction: signOf(value), tick: wayOf(before, value) };
}

/** A percentage of the wire, which has 2 places. */
export function percentCell(value: string | null): CellValue {
  return { text: percentText(value), direction: direction(value) };
}

export function weightCell(value: string | null, whole: string | null): CellValue {
  return { text: weightText(value, whole) };
}

/** What stands beside the change: since when it counts, or why there is none. */
export function sinceText(row: QuoteRow): string {
  if (row.price === null) return phrase("No price yet: the feed has not said one.");
  if (row.change === null || row.previous_close === null) return phrase("No previous close is known.");
  const previous = priceText(row.previous_close, row.price_places);
  return phrase("{change} since the previous close of {price}", {
    change: signedText(row.change, row.price_places),
    price: previous,
  });
}
