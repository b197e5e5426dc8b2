/**
 * The last known values of a person's portfolios, as this browser keeps them for when the server cannot be reached.
 *
 * They stand in local storage under the key of the session, which the server gives as a cookie that ends with the session
 * (src/tickfolio/web/last_values.py): without that very cookie they are removed, not shown.
 */

import type { PortfolioRow, PortfolioTotals, QualityName, RowKind } from "../live/messages.gen";
import { type Check, integer, listOf, literal, nullable, objectOf, type Shape, text } from "../live/validate";
import { forget, forgetOthers, INDEX, rowsName } from "./forget";

/** Of the form that is kept: what another version of these scripts kept is removed. */
const VERSION = "2";

/** A holding, cash or a dividend, as it was last heard. */
export interface KeptRow {
  readonly kind: RowKind;
  readonly symbol: string;
  readonly name: string;
  readonly account_name: string;
  readonly currency: string;
  readonly quantity: string;
  readonly price: string | null;
  readonly price_places: number;
  readonly value: string | null;
  readonly day: string | null;
  readonly quality: QualityName;
}

/** What a portfolio is worth in another currency than its own, and when that was last confirmed, in ms since 1970. */
export interface KeptTotals {
  readonly totals: PortfolioTotals;
  readonly at: number;
}

export interface KeptPortfolio {
  readonly id: string;
  readonly name: string;
  readonly totals: PortfolioTotals;
  /** The same in the currency that Home adds up in, where that is another one and Home was open. */
  readonly inHome: KeptTotals | null;
  /** When the totals were last confirmed, and when the rows were, in ms since 1970; null where no row was ever heard. */
  readonly at: number;
  readonly rowsAt: number | null;
}

/** The market as it was: `New York open`, and its own day and time where it is a replay's. */
export interface KeptMarket {
  readonly state: string;
  readonly moment: string;
}

export interface LastValues {
  readonly version: typeof VERSION;
  readonly key: string;
  readonly at: number;
  /** As the page had them: `de` or `en`, and `light`, `dark` or nothing. */
  readonly numbers: string;
  readonly theme: string;
  readonly market: KeptMarket;
  readonly portfolios: readonly KeptPortfolio[];
}

type ShownTotals = Pick<
  PortfolioTotals,
  "currency" | "value" | "cost_unsigned" | "unrealized" | "day" | "day_percent" | "day_opening" | Counted
>;
type Counted = "priced" | "stale" | "unpriced" | "without_cost";

/** What is shown of totals; the rest of what the server said stands beside it. */
const isTotals = objectOf<ShownTotals>({
  currency: text,
  value: text,
  cost_unsigned: text,
  unrealized: text,
  day: text,
  day_percent: nullable(text),
  day_opening: text,
  priced: integer,
  stale: integer,
  unpriced: integer,
  without_cost: integer,
}) as Check<PortfolioTotals>;

const isValues: Check<LastValues> = objectOf<LastValues>({
  version: literal(VERSION),
  key: text,
  at: integer,
  numbers: text,
  theme: text,
  market: objectOf<KeptMarket>({ state: text, moment: text }),
  portfolios: listOf(
    objectOf<KeptPortfolio>({
      id: text,
      name: text,
      totals: isTotals,
      inHome: nullable(objectOf<KeptTotals>({ totals: isTotals, at: integer })),
      at: integer,
      rowsAt: nullable(integer),
    }),
  ),
});

const ROW: Shape<KeptRow> = {
  kind: text as Check<RowKind>,
  symbol: text,
  name: text,
  account_name: text,
  currency: text,
  quantity: text,
  price: nullable(text),
  price_places: integer,
  value: nullable(text),
  day: nullable(text),
  quality: text as Check<QualityName>,
};
const isRows: Check<readonly KeptRow[]> = listOf(objectOf<KeptRow>(ROW));

/** What was kept in this very session; null where there is nothing. What is another session's is removed. */
export function lastValues(): LastValues | null {
  forgetOthers();
  const found = readAs(INDEX, isValues);
  // Of another version of these scripts, or damaged.
  if (found === null) forget();
  return found;
}

export function keptRows(portfolio: string): readonly KeptRow[] {
  return readAs(rowsName(portfolio), isRows) ?? [];
}

/** Keeps `values` and takes out the rows of portfolios that are not in them. */
export function keep(values: Omit<LastValues, "version">): void {
  const ids = new Set(values.portfolios.map(({ id }) => rowsName(id)));
  forget((name) => name !== INDEX && !ids.has(name));
  write(INDEX, { ...values, version: VERSION } satisfies LastValues);
}

export function keepRows(portfolio: string, rows: Iterable<PortfolioRow>): void {
  write(rowsName(portfolio), [...rows].map(kept));
}

/** Of what is known of a row, what is kept. */
function kept(row: PortfolioRow): KeptRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(ROW, name))) as unknown as KeptRow;
}

function readAs<T>(name: string, check: Check<T>): T | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return check(found, name, { strict: false, problem: "" }) ? found : null;
  } catch {
    // Storage is off, or somebody wrote into it what is no JSON: nothing is known then.
    return null;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full or off: without room nothing old may stand there in the place of the new.
    forget();
  }
}
