/**
 * A portfolio divided by class, sector, country, currency, holding, account or tag, with targets and what is off.
 * Pure: values in, values out. src/tickfolio/web/allocation_texts.py is the twin.
 */

import { compared, minus, partOf, rounded, summed, times, weightText } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { countedPhrase, phrase } from "../lib/words";
import type { PortfolioRow } from "../live/messages.gen";
import { type Check, integer, listOf, objectOf, text } from "../live/validate";

export interface AllocationData {
  readonly by: string;
  readonly head: number;
  readonly names: { readonly [symbol: string]: string };
  /** Of each instrument, the key and the name of the part that it belongs to. */
  readonly parts: { readonly [symbol: string]: readonly string[] };
  /** What cash, dividends to be paid and what nobody has classified are called. */
  readonly words: { readonly [key: string]: string };
  readonly targets: { readonly [key: string]: string };
  readonly target_names: { readonly [key: string]: string };
  readonly tolerance: string;
}

export type BandState = "" | "within" | "over" | "under";

/** The same words stand in src/tickfolio/web/allocation_texts.py. */
export const STATE_WORDS: { readonly [state in BandState]: string } = {
  "": "",
  within: phrase("in the band"),
  over: phrase("above"),
  under: phrase("below"),
};

export interface Part {
  readonly key: string;
  readonly name: string;
  readonly detail: string;
  readonly rows: readonly PortfolioRow[];
  readonly value: string;
  readonly day: string | null;
  /** As it is shown; a dash where the whole is not above zero. */
  readonly weight: string;
  readonly target: string | null;
  readonly points: string | null;
  readonly money: string | null;
  readonly state: BandState;
}

const POINT_PLACES = 20;

/** An object whose every value passes. */
function mapOf<T>(check: Check<T>): Check<{ readonly [key: string]: T }> {
  return (value, at, inspection): value is { readonly [key: string]: T } =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).every(([key, each]) => check(each, `${at}.${key}`, inspection));
}

export const isAllocationData: Check<AllocationData> = objectOf({
  by: text,
  head: integer,
  names: mapOf(text),
  parts: mapOf(listOf(text)),
  words: mapOf(text),
  targets: mapOf(text),
  target_names: mapOf(text),
  tolerance: text,
});

/** The parts, the largest first, then those that have a target and nothing in them; together the value of the portfolio. */
export function divided(rows: Iterable<PortfolioRow>, whole: string, data: AllocationData): readonly Part[] {
  const valued = [...rows].filter((row) => row.value !== null);
  const groups = [...groupedBy(valued, (row) => keyOf(row, data))].map(([key, members]) => ({
    key,
    name: nameOf(key, members, data),
    detail: detailOf(key, members, data),
    rows: members,
    value: summed(members.map((row) => row.value)) ?? "0",
    day: known(members.map((row) => row.day)),
  }));
  groups.sort((a, b) => compared(b.value, a.value) || (a.key < b.key ? -1 : 1));
  const there = new Set(groups.map(({ key }) => key));
  const zero = rounded("0", placesOf(whole));
  const missing = Object.keys(data.targets)
    .filter((key) => !there.has(key))
    .map((key) => ({
      key,
      name: data.target_names[key] ?? key,
      detail: phrase("nothing held"),
      rows: [],
      value: zero,
      day: null,
    }));
  return [...groups, ...missing].map((part) => ({
    ...part,
    weight: weightText(part.value, whole),
    ...offOf(part.key, part.value, whole, data),
  }));
}

export function hasTargets(data: AllocationData): boolean {
  return Object.keys(data.targets).length > 0;
}

/** Whether a row is of an instrument that the data do not know yet: it was booked after they were asked for. */
export function isUnknown(row: PortfolioRow, data: AllocationData): boolean {
  return row.kind === "holding" && data.by !== "account" && data.parts[row.symbol] === undefined;
}

function keyOf(row: PortfolioRow, data: AllocationData): string {
  if (data.by === "account") return row.account;
  if (data.by === "currency")
    return row.kind === "holding" ? (data.parts[row.symbol]?.[0] ?? row.currency) : row.currency;
  if (row.kind !== "holding") return row.kind === "cash" ? "cash" : "due";
  return data.parts[row.symbol]?.[0] ?? "unknown";
}

function nameOf(key: string, rows: readonly PortfolioRow[], data: AllocationData): string {
  if (data.by === "account") return rows[0]?.account_name ?? "";
  if (data.by === "currency") return key;
  const own = rows.find((row) => row.kind === "holding");
  return (own === undefined ? undefined : data.parts[own.symbol]?.[1]) ?? data.words[key] ?? key;
}

function detailOf(key: string, rows: readonly PortfolioRow[], data: AllocationData): string {
  const stale = rows.filter((row) => row.kind === "holding" && row.quality === "stale").length;
  const isHolding = data.by === "holding";
  const told = stale === 0 ? "" : isHolding ? phrase("stale") : phrase("{count} stale", { count: stale });
  return [whatOf(key, rows, data), told].filter((each) => each !== "").join(", ");
}

function whatOf(key: string, rows: readonly PortfolioRow[], data: AllocationData): string {
  if ((key === "cash" || key === "due") && data.by !== "account" && data.by !== "currency") {
    return [...new Set(rows.map((row) => row.currency))].sort().join(", ");
  }
  if (data.by === "holding") return data.names[key] === key ? "" : (data.names[key] ?? "");
  const held = new Set(rows.filter((row) => row.kind === "holding").map((row) => row.symbol)).size;
  const counted = countedPhrase("{count} holding", "{count} holdings", held);
  const hasCash = rows.some((row) => row.kind === "cash");
  return held > 0 && hasCash ? phrase("{counted} and cash", { counted }) : held > 0 ? counted : phrase("cash");
}

/** Actual less target, in percentage points and in money. */
function offOf(
  key: string,
  value: string,
  whole: string,
  data: AllocationData,
): Pick<Part, "target" | "points" | "money" | "state"> {
  const target = data.targets[key] ?? null;
  const actual = partOf(value, whole, POINT_PLACES);
  if (target === null || actual === null) return { target, points: null, money: null, state: "" };
  const points = minus(actual, target);
  const wanted = rounded(times(times(target, whole), "0.01"), placesOf(whole));
  const isWithin = compared(points.replace(/^-/, ""), data.tolerance) <= 0;
  const state = isWithin ? "within" : compared(points, "0") > 0 ? "over" : "under";
  return { target, points, money: minus(value, wanted), state };
}

function known(values: readonly (string | null)[]): string | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : summed(there);
}

function placesOf(value: string): number {
  return value.split(".")[1]?.length ?? 0;
}

/** What the element holds; one that cannot be read is a fault of the server, and told. */
export function allocationData(element: Element): AllocationData {
  const inspection = { strict: false, problem: "" };
  const data: unknown = JSON.parse(element.textContent ?? "");
  if (!isAllocationData(data, "allocation", inspection)) throw new TypeError(inspection.problem);
  return data;
}
