/** Candles in words: the name of their chart, what is told of one, and all of them as a table. */

import { DASH, percentChange, percentText, priceText, roundedText } from "../lib/decimal";
import { made } from "../lib/dom";
import { clockOf } from "../lib/times";
import { locale, phrase, phraseFor } from "../lib/words";
import type { Candle, CandleSeries } from "./candles";

const MILLION = 1_000_000;
const BILLION = 1_000 * MILLION;
const THOUSAND = 1_000;

/** `Daily candles of AAPL in USD, 21 February to 21 May 2012, last 557.43.` */
export function candlesSentence(series: CandleSeries, unit: string): string {
  const { symbol, pricePlaces, step } = series.frame;
  const [first, last] = [series.candles[0], series.last];
  if (first === undefined || last === undefined) return phrase("No candles of {symbol} yet.", { symbol });
  const from = whenText(series, first);
  const to = whenText(series, last);
  const span = from === to ? from : phrase("{from} to {to}", { from, to });
  const values = { symbol, unit, span, last: priceText(last.close, pricePlaces) };
  switch (step) {
    case "minutes":
      return phrase("Five-minute candles of {symbol} in {unit}, {span}, last {last}.", values);
    case "day":
      return phrase("Daily candles of {symbol} in {unit}, {span}, last {last}.", values);
    case "week":
      return phrase("Weekly candles of {symbol} in {unit}, {span}, last {last}.", values);
    case "month":
      return phrase("Monthly candles of {symbol} in {unit}, {span}, last {last}.", values);
  }
}

/** When a candle is of: `14:35`, `21 May 2012`, `week of 21 May 2012`, `May 2012`. */
export function whenText({ frame }: CandleSeries, { at }: Candle): string {
  if (frame.step === "minutes") return clockOf(frame.zone).minute(Date.parse(at));
  const day = Date.parse(`${at}T00:00:00Z`);
  if (frame.step === "month") {
    return new Intl.DateTimeFormat(locale(), { month: "short", year: "numeric", timeZone: "UTC" }).format(day);
  }
  const told = clockOf("UTC").day(day);
  return frame.step === "week" ? phrase("week of {day}", { day: told }) : told;
}

/** The figures of a candle by their names. */
export function candleFigures(series: CandleSeries, place: number): readonly (readonly [string, string])[] {
  const candle = series.candles[place];
  if (candle === undefined) return [];
  const text = (price: string): string => priceText(price, series.frame.pricePlaces);
  const before = series.closeBefore(place);
  return [
    [phraseFor("a price", "Open"), text(candle.open)],
    [phrase("High"), text(candle.high)],
    [phrase("Low"), text(candle.low)],
    [phraseFor("a price", "Close"), text(candle.close)],
    [phraseFor("a price", "Change"), before === null ? DASH : percentText(percentChange(candle.close, before))],
    [phrase("Volume"), volumeText(candle.volume)],
  ];
}

/** `40.9 M`; a dash where nobody says it. */
export function volumeText(volume: string | null): string {
  if (volume === null) return DASH;
  const units = Number(volume);
  const [divisor, name] =
    units >= BILLION
      ? [BILLION, " B"]
      : units >= MILLION
        ? [MILLION, " M"]
        : units >= THOUSAND
          ? [THOUSAND, " k"]
          : [1, ""];
  return `${roundedText((units / divisor).toFixed(1), divisor === 1 ? 0 : 1)}${name}`;
}

/** All candles, the newest first; `happened` says what was booked in each. */
export function candlesTable(
  series: CandleSeries,
  sentence: string,
  happened: (place: number) => string,
): HTMLTableElement {
  const table = made("table", "table");
  table.setAttribute("aria-label", sentence);
  const head = made("tr");
  const names = candleFigures(series, 0).map(([name]) => name);
  const first = series.frame.step === "minutes" ? phrase("Time") : phrase("Day");
  for (const [at, name] of [first, ...names, phrase("Events")].entries()) {
    const cell = made("th", at === 0 || at > names.length ? "" : "r", name);
    cell.scope = "col";
    head.append(cell);
  }
  const [thead, tbody] = [made("thead"), made("tbody")];
  thead.append(head);
  tbody.append(...series.candles.map((candle, place) => rowOf(series, candle, place, happened)).toReversed());
  table.append(thead, tbody);
  return table;
}

function rowOf(
  series: CandleSeries,
  candle: Candle,
  place: number,
  happened: (place: number) => string,
): HTMLTableRowElement {
  const row = made("tr");
  const when = made("th", "num", whenText(series, candle));
  when.scope = "row";
  row.append(
    when,
    ...candleFigures(series, place).map(([, text]) => made("td", "r num", text)),
    made("td", "label", happened(place)),
  );
  return row;
}
