/** Loads the candles of a span from the server, validated. */

import { millis } from "../lib/times";
import { type Check, integer, listOf, nullable, objectOf, oneOf, text } from "../live/validate";
import { type Candle, type CandleEvent, CandleSeries, STEPS, type Step } from "./candles";
import { loaded } from "./load";

export const SPANS = ["1D", "1W", "3M", "YTD", "1Y", "5Y", "All"] as const;
export type CandleSpan = (typeof SPANS)[number];

interface CandlesDocument {
  readonly symbol: string;
  readonly price_places: number;
  readonly zone: string;
  readonly span: string;
  readonly step: Step;
  readonly day: string | null;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  readonly before: string | null;
  readonly candles: readonly (readonly (string | null)[])[];
  readonly marks: readonly { readonly day: string; readonly kind: string }[];
}

export interface LoadedCandles {
  readonly series: CandleSeries;
  readonly events: readonly CandleEvent[];
}

const isCandles: Check<CandlesDocument> = objectOf<CandlesDocument>({
  symbol: text,
  price_places: integer,
  zone: text,
  span: text,
  step: oneOf(STEPS),
  day: nullable(text),
  opens_at: nullable(text),
  closes_at: nullable(text),
  before: nullable(text),
  candles: listOf(listOf(nullable(text))),
  marks: listOf(objectOf<{ readonly day: string; readonly kind: string }>({ day: text, kind: text })),
});

export async function loadCandles(symbol: string, span: CandleSpan): Promise<LoadedCandles> {
  const address = `/instruments/${encodeURIComponent(symbol)}/candles.json?span=${span}`;
  const found = await loaded(address, isCandles, "candles");
  const frame = {
    symbol: found.symbol,
    pricePlaces: found.price_places,
    zone: found.zone,
    span: found.span,
    step: found.step,
    day: found.day,
    opensAt: millis(found.opens_at),
    closesAt: millis(found.closes_at),
    before: found.before,
  };
  const series = new CandleSeries(frame, found.candles.map(candleOf));
  return { series, events: found.marks.map((mark) => ({ ...mark, count: 1 })) };
}

/** `["2012-05-21", "534.50", …]`: when, open, high, low, close, volume. */
function candleOf([at, open, high, low, close, volume]: readonly (string | null)[]): Candle {
  const price = close ?? "0";
  return {
    at: at ?? "",
    open: open ?? price,
    high: high ?? price,
    low: low ?? price,
    close: price,
    volume: volume ?? null,
  };
}
