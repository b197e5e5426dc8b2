/** Loads the value of a portfolio day by day, with what was booked and the same flows in its benchmark. Validated. */

import { moneyText, percentChange, percentText } from "../lib/decimal";
import { isPrivate } from "../lib/privacy";
import { clockOf } from "../lib/times";
import { phrase } from "../lib/words";
import { flag, integer, listOf, nullable, objectOf, text } from "../live/validate";
import { dayAt } from "./day_ticks";
import type { DaysLine } from "./days_chart";
import type { DayMark } from "./days_data";
import { loaded } from "./load";
import { valueLabel } from "./value_label";

export type SpanName = "1w" | "mtd" | "ytd" | "1y" | "5y" | "all";

export interface ValueBeside {
  readonly symbol: string;
  readonly name: string;
  /** In the order of the days; none where they are not available, and then the reason says why. */
  readonly values: readonly string[];
  readonly reason: string;
}

export interface ValueDays {
  /** The day before the span, as 2012-05-21; `days` count from it. */
  readonly first: string;
  readonly days: readonly number[];
  readonly values: readonly string[];
  readonly marks: readonly DayMark[];
  readonly currency: string;
  /** The newest booking that is in it. */
  readonly head: number;
  /** Whether the portfolio is younger than the span. */
  readonly is_shorter: boolean;
  readonly benchmark: ValueBeside | null;
}

const isDocument = objectOf<{ readonly series: ValueDays | null }>({
  series: nullable(
    objectOf<ValueDays>({
      first: text,
      days: listOf(integer),
      values: listOf(text),
      marks: listOf(objectOf<DayMark>({ day: integer, kind: text, count: integer })),
      currency: text,
      head: integer,
      is_shorter: flag,
      benchmark: nullable(objectOf<ValueBeside>({ symbol: text, name: text, values: listOf(text), reason: text })),
    }),
  ),
});

/** The days of the portfolio with that id; null before the first transaction. */
export async function loadValueDays(id: string, span: SpanName): Promise<ValueDays | null> {
  return (await loaded(`/portfolios/${id}/value.json?span=${span}`, isDocument, "value")).series;
}

/** The days of all portfolios together, in that currency. */
export async function loadNetWorthDays(currency: string, span: SpanName): Promise<ValueDays | null> {
  const asked = new URLSearchParams({ span, currency });
  return (await loaded(`/net-worth.json?${asked}`, isDocument, "net worth")).series;
}

/** What is drawn: the last value is the one of now, where that is known. */
export interface ValueShown {
  /** What the line is of: `Value of Long term`. */
  readonly subject: string;
  readonly days: ValueDays;
  readonly now: string | null;
  readonly hasBenchmark: boolean;
}

export function valueLine({ subject, days, now, hasBenchmark }: ValueShown): DaysLine {
  const values = now === null ? days.values : [...days.values.slice(0, -1), now];
  const beside = hasBenchmark && days.benchmark !== null && days.benchmark.values.length > 0 ? days.benchmark : null;
  const money = (value: string | undefined): string => `${moneyText(value ?? null)} ${days.currency}`;
  return {
    sentence: sentence(subject, days, values, beside),
    first: days.first,
    days: days.days,
    values: values.map(Number),
    other: beside === null ? null : beside.values.map(Number),
    base: null,
    isLoss: false,
    isAmount: true,
    axis: valueLabel,
    columns: [
      { name: phrase("Value"), isAmount: true, text: (place) => money(values[place]) },
      ...(beside === null
        ? []
        : [{ name: beside.symbol, isAmount: true, text: (place: number) => money(beside.values[place]) }]),
    ],
    marks: days.marks,
    hasEdge: true,
    thinnedBy: phrase("value"),
  };
}

/** `Value of Long term from 31 December 2011 to 21 May 2012: 130,000.00 EUR to 145,479.20 EUR, low …, high ….` */
function sentence(subject: string, days: ValueDays, values: readonly string[], beside: ValueBeside | null): string {
  const { currency, first } = days;
  const [opening, closing] = [values[0] ?? "0", values.at(-1) ?? "0"];
  const day = (count: number): string => clockOf("UTC").day(dayAt(first, count));
  const span = phrase("{subject} from {from} to {to}", { subject, from: day(0), to: day(days.days.at(-1) ?? 0) });
  if (isPrivate()) return phrase("{what}: values are hidden.", { what: span });
  const sorted = [...values].sort((a, b) => Number(a) - Number(b));
  const change = percentChange(closing, opening);
  const last = beside?.values.at(-1);
  const parts = [
    phrase("{from} to {to}", {
      from: `${moneyText(opening)} ${currency}`,
      to: `${moneyText(closing)} ${currency}`,
    }),
    ...(change === null ? [] : [phrase("{change} with what was paid in and out", { change: percentText(change) })]),
    phrase("low {price}", { price: moneyText(sorted[0] ?? null) }),
    phrase("high {price}", { price: moneyText(sorted.at(-1) ?? null) }),
    ...(beside === null || last === undefined
      ? []
      : [
          phrase("the same flows in {symbol} {amount}", {
            symbol: beside.symbol,
            amount: `${moneyText(last)} ${currency}`,
          }),
        ]),
  ];
  return `${span}: ${parts.join(", ")}.`;
}
