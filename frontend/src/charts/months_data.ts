/** What was paid by month, as the page carries it, and how its bars are stacked. Pure; validated. */

import { compared, rounded, summed } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { phrase } from "../lib/words";
import { type Check, integer, listOf, objectOf, text } from "../live/validate";

export interface MonthPayment {
  /** `2012-05` */
  readonly month: string;
  /** Empty for interest on cash. */
  readonly symbol: string;
  readonly gross: string;
}

export interface MonthsData {
  readonly currency: string;
  /** Of an amount in it. */
  readonly places: number;
  /** The market's day, `2012-05-21`. */
  readonly today: string;
  readonly payments: readonly MonthPayment[];
}

export interface BarSeries {
  readonly name: string;
  /** The number of its colour. */
  readonly category: number;
}

export interface Bar {
  readonly key: string;
  /** `May 2012`, or `May` where years are stacked. */
  readonly name: string;
  /** Below the axis: `M`, with the year where it begins. */
  readonly label: string;
  readonly year: string;
  /** One for each series; what is empty is 0. */
  readonly parts: readonly string[];
  readonly total: string;
}

export interface Bars {
  readonly series: readonly BarSeries[];
  readonly bars: readonly Bar[];
  readonly total: string;
}

export const MONTHS = [
  phrase("Jan"),
  phrase("Feb"),
  phrase("Mar"),
  phrase("Apr"),
  phrase("May"),
  phrase("Jun"),
  phrase("Jul"),
  phrase("Aug"),
  phrase("Sep"),
  phrase("Oct"),
  phrase("Nov"),
  phrase("Dec"),
];
const CASH = phrase("Interest on cash");
const OTHERS = phrase("Others");
/** The sixth colour is that of the others. */
const OWN_SERIES = 5;
const OTHERS_CATEGORY = 6;

const isMonthsData: Check<MonthsData> = objectOf<MonthsData>({
  currency: text,
  places: integer,
  today: text,
  payments: listOf(objectOf<MonthPayment>({ month: text, symbol: text, gross: text })),
});

/** What the element holds. A page without payments has none; one that cannot be read is a fault of the server, and told. */
export function monthsData(element: Element | null): MonthsData | null {
  if (element === null) return null;
  const inspection = { strict: false, problem: "" };
  const data: unknown = JSON.parse(element.textContent ?? "");
  if (!isMonthsData(data, "income", inspection)) throw new TypeError(inspection.problem);
  return data;
}

/** The last `count` months up to today's, each stacked by what paid: the largest of them, then the others. */
export function barsByHolding(data: MonthsData, count: number): Bars {
  const months = monthsUpTo(data.today, count);
  const shown = data.payments.filter(({ month }) => months.includes(month));
  const names = ranked(shown, ({ symbol }) => (symbol === "" ? CASH : symbol));
  const bars = months.map((month) => {
    const [year = "", number = "1"] = month.split("-");
    const name = MONTHS[Number(number) - 1] ?? "";
    return { key: month, name: `${name} ${year}`, label: name.slice(0, 1), year };
  });
  return stacked(
    names,
    bars,
    { payments: shown, places: data.places },
    ({ symbol }) => (symbol === "" ? CASH : symbol),
    ({ month }) => month,
  );
}

/** The twelve months of a year, each stacked by the years: the newest of them, then those before. */
export function barsByYear(data: MonthsData): Bars {
  const yearOf = ({ month }: MonthPayment): string => month.slice(0, 4);
  const years = [...new Set(data.payments.map(yearOf))].sort().reverse();
  const bars = MONTHS.map((name, place) => ({
    key: `${place + 1}`.padStart(2, "0"),
    name,
    label: name.slice(0, 1),
    year: "",
  }));
  return stacked(years, bars, data, yearOf, ({ month }) => month.slice(5));
}

function monthsUpTo(today: string, count: number): readonly string[] {
  const last = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, place) => {
    const month = last - count + 1 + place;
    const [year, number] = [Math.floor(month / 12), (month % 12) + 1];
    return `${year}-${number < 10 ? "0" : ""}${number}`;
  });
}

/** The names by their sums, the largest first. */
function ranked(payments: readonly MonthPayment[], nameOf: (payment: MonthPayment) => string): readonly string[] {
  const sums = [...groupedBy(payments, nameOf)].map(([name, of]) => ({ name, sum: sumOf(of) }));
  return sums.sort((a, b) => compared(b.sum, a.sum) || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function stacked(
  names: readonly string[],
  bars: readonly Omit<Bar, "parts" | "total">[],
  { payments, places }: Pick<MonthsData, "payments" | "places">,
  nameOf: (payment: MonthPayment) => string,
  keyOf: (payment: MonthPayment) => string,
): Bars {
  const isAll = names.length <= OWN_SERIES + 1;
  const own = isAll ? names : names.slice(0, OWN_SERIES);
  const series = own.map((name, place) => ({ name, category: place + 1 }));
  const all = isAll ? series : [...series, { name: OTHERS, category: OTHERS_CATEGORY }];
  const seriesOf = (payment: MonthPayment): string => (own.includes(nameOf(payment)) ? nameOf(payment) : OTHERS);
  const byBar = groupedBy(payments, keyOf);
  const made = bars.map((bar): Bar => {
    const of = groupedBy(byBar.get(bar.key) ?? [], seriesOf);
    const parts = all.map(({ name }) => rounded(sumOf(of.get(name) ?? []), places));
    return { ...bar, parts, total: rounded(summed(parts) ?? "0", places) };
  });
  return { series: all, bars: made, total: rounded(summed(made.map(({ total }) => total)) ?? "0", places) };
}

function sumOf(payments: readonly MonthPayment[]): string {
  return summed(payments.map(({ gross }) => gross)) ?? "0";
}
