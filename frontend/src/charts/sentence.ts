/** The chart in words: its accessible name, and what is said of the minute under the crosshair. */

import { minus, percentChange, percentText, priceText, signedText } from "../lib/decimal";
import { isPrivate } from "../lib/privacy";
import { clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import { type Minute, PRICE_WORDS, type SessionLine } from "./session_line";

/** `AAPL on 21 May 2012 in USD: 534.50 at the open, 557.43 at 14:31, low 533.90, high 558.10, previous close 530.38.` */
export function chartSentence(line: SessionLine, currency: string): string {
  const { symbol, zone, pricePlaces, previousClose } = line.frame;
  const { reference, none } = line.frame.words ?? PRICE_WORDS;
  const { last } = line;
  const range = line.range();
  if (last === undefined || range === null) return phrase("{symbol}: {none} of this session yet.", { symbol, none });
  if (line.frame.isAmount === true && isPrivate())
    return phrase("{symbol} on {day}: values are hidden.", { symbol, day: clockOf(zone).day(last.at) });
  const price = (value: string): string => priceText(value, pricePlaces);
  const clock = clockOf(zone);
  const parts = [
    phrase("{price} at {time}", {
      price: price(range.open),
      time: clock.minute(line.minutes[0]?.at ?? last.at),
    }),
    phrase("{price} at {time}", { price: price(last.close), time: clock.minute(last.at) }),
    phrase("low {price}", { price: price(range.low) }),
    phrase("high {price}", { price: price(range.high) }),
    ...(previousClose === null ? [] : [`${reference} ${price(previousClose)}`]),
  ];
  const day = clock.day(last.at);
  return phrase("{symbol} on {day} in {currency}: {figures}.", { symbol, day, currency, figures: parts.join(", ") });
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
