/** The chart in words: its accessible name, and what is said of the minute under the crosshair. */

import { minus, percentChange, percentText, priceText, signedText } from "../lib/decimal";
import { isPrivate } from "../lib/privacy";
import { clockOf } from "../lib/times";
import { type Minute, PRICE_WORDS, type SessionLine } from "./session_line";

/** `AAPL on 21 May 2012 in USD: 534.50 at the open, 557.43 at 14:31, low 533.90, high 558.10, previous close 530.38.` */
export function chartSentence(line: SessionLine, currency: string): string {
  const { symbol, zone, pricePlaces, previousClose } = line.frame;
  const { reference, none } = line.frame.words ?? PRICE_WORDS;
  const { last } = line;
  const range = line.range();
  if (last === undefined || range === null) return `${symbol}: ${none} of this session yet.`;
  if (line.frame.isAmount === true && isPrivate())
    return `${symbol} on ${clockOf(zone).day(last.at)}: values are hidden.`;
  const price = (value: string): string => priceText(value, pricePlaces);
  const clock = clockOf(zone);
  const parts = [
    `${price(range.open)} at ${clock.minute(line.minutes[0]?.at ?? last.at)}`,
    `${price(last.close)} at ${clock.minute(last.at)}`,
    `low ${price(range.low)}`,
    `high ${price(range.high)}`,
    ...(previousClose === null ? [] : [`${reference} ${price(previousClose)}`]),
  ];
  return `${symbol} on ${clock.day(last.at)} in ${currency}: ${parts.join(", ")}.`;
}

export interface MinuteFacts {
  readonly when: string;
  readonly price: string;
  readonly change: string | null;
  readonly changePercent: string | null;
}

export function minuteFacts(line: SessionLine, minute: Minute): MinuteFacts {
  const { zone, pricePlaces, previousClose } = line.frame;
  const percent = previousClose === null ? null : percentChange(minute.close, previousClose);
  return {
    when: clockOf(zone).minute(minute.at),
    price: priceText(minute.close, pricePlaces),
    change: previousClose === null ? null : signedText(minus(minute.close, previousClose), pricePlaces),
    changePercent: percent === null ? null : percentText(percent),
  };
}
