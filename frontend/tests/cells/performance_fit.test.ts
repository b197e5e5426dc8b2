import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { fitsLive, isOver } from "../../src/cells/performance_fit";
import type { DaysData } from "../../src/charts/days_data";
import { type HeldPortfolio, nothingHeldOf } from "../../src/live/apply_portfolio";
import { CONTRACT as PAGE } from "../pages/held_page";

const contract: { readonly data: DaysData } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../tests/contract/performance_page.json"), "utf8"),
);
const data: DaysData = { ...contract.data, zone: "Europe/Berlin" };
const [ROW] = Object.values(PAGE.rows);
/** Berlin's 21 May 2012 ends at 22:00 UTC. */
const EVENING = Date.parse("2012-05-21T21:59:59Z");
const MIDNIGHT = Date.parse("2012-05-21T22:00:00Z");

function heldOf(
  parts: Partial<HeldPortfolio> = {},
  quantities: { readonly [key: string]: string } = {},
): HeldPortfolio {
  if (ROW === undefined) throw new Error("no row");
  const rows = new Map(
    data.rows.map(({ key, quantity, value }) => [key, { ...ROW, value, quantity: quantities[key] ?? quantity }]),
  );
  const totals = { ...PAGE.totals, currency: contract.data.currency };
  return { ...nothingHeldOf("portfolio:1"), ledger: data.head, totals, rows, ...parts };
}

describe("live figures", () => {
  test("fit the page of the same bookings and the same day", () => {
    expect(fitsLive(data, heldOf(), EVENING)).toBe(true);
    expect(fitsLive(data, heldOf(), null)).toBe(true);
  });

  test("of another booking, before or after, do not", () => {
    expect(fitsLive(data, heldOf({ ledger: data.head + 1 }), EVENING)).toBe(false);
    expect(fitsLive(data, heldOf({ ledger: data.head - 1 }), EVENING)).toBe(false);
    expect(fitsLive({ ...data, currency: "CHF" }, heldOf(), EVENING)).toBe(false);
    expect(fitsLive(data, heldOf({ totals: null }), EVENING)).toBe(false);
  });

  test("do not from the owner's midnight on, also where the span is over", () => {
    expect(fitsLive(data, heldOf(), MIDNIGHT)).toBe(false);
    expect(fitsLive({ ...data, ends_now: false }, heldOf(), MIDNIGHT)).toBe(false);
    expect([isOver(data, EVENING), isOver(data, MIDNIGHT)]).toEqual([false, true]);
    expect(isOver({ ...data, day: "2012-05-22" }, EVENING)).toBe(false);
  });

  test("do not where a deposit that was recorded before counts from now on", () => {
    const key = data.rows.at(-1)?.key ?? "";
    expect(fitsLive(data, heldOf({}, { [key]: "11000.00" }), EVENING)).toBe(false);
    expect(fitsLive(data, heldOf({}, { [key]: "10000.00" }), EVENING)).toBe(true);
    expect(fitsLive(data, heldOf({ rows: new Map() }), EVENING)).toBe(false);
  });

  test("of a span that is over ask for no units", () => {
    expect(fitsLive({ ...data, ends_now: false }, heldOf({ rows: new Map() }), EVENING)).toBe(true);
  });
});
