// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import type { HeldPortfolio } from "../../src/live/apply_portfolio";
import { nothingHeldOf, portfolioScope } from "../../src/live/apply_portfolio";
import { forget, forgetOthers } from "../../src/offline/forget";
import { Keeper, type Known } from "../../src/offline/keeper";
import { keptRows, lastValues } from "../../src/offline/last_values";
import { holding, totals, visible } from "../live/portfolio_frames";

const NOON = Date.parse("2026-11-28T12:00:00Z");

let known: Known;

function held(changes: Partial<HeldPortfolio> = {}): HeldPortfolio {
  return {
    ...nothingHeldOf(portfolioScope("one")),
    totals: totals({ value: "120.00" }),
    rows: new Map([["AAPL", holding({ symbol: "AAPL", value: "120.00" })]]),
    ...changes,
  };
}

function inSession(key: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: as the server sets it.
  document.cookie = key === "" ? "last-values=; max-age=0; path=/" : `last-values=${key}; path=/`;
}

beforeEach(() => {
  localStorage.clear();
  inSession("first");
  const one = held();
  known = {
    condition: "live",
    heardAt: NOON,
    marketTime: null,
    isReplay: false,
    isSignedOut: false,
    visible: [visible("one", { name: "Long term" })],
    held: () => one,
    homeCurrency: "",
    isWhole: () => true,
  };
});

function keeper(changes: Partial<Known> = {}): Keeper {
  known = { ...known, ...changes };
  return new Keeper(() => known);
}

describe("what is kept", () => {
  test("is the totals, the rows and when they were heard", () => {
    keeper().keep();
    expect(lastValues()).toMatchObject({ key: "first", at: NOON });
    expect(lastValues()?.portfolios).toMatchObject([{ name: "Long term", at: NOON, rowsAt: NOON }]);
    expect(keptRows("one")).toMatchObject([{ symbol: "AAPL", value: "120.00" }]);
  });

  test("is as old as it was while the line is not good", () => {
    const kept = keeper();
    kept.keep();
    known = {
      ...known,
      condition: "stale",
      heardAt: NOON + 60_000,
      held: () => held({ totals: totals({ value: "1.00" }) }),
    };
    kept.keep();
    expect(lastValues()?.portfolios).toMatchObject([{ at: NOON, totals: { value: "120.00" } }]);
  });

  test("keeps the age of rows that this page does not have", () => {
    keeper().keep();
    keeper({ heardAt: NOON + 60_000, isWhole: () => false }).keep();
    expect(lastValues()?.portfolios).toMatchObject([{ at: NOON + 60_000, rowsAt: NOON }]);
    expect(keptRows("one")).toHaveLength(1);
    keeper({ heardAt: NOON + 120_000, held: () => null }).keep();
    expect(lastValues()?.portfolios).toMatchObject([{ at: NOON + 60_000, rowsAt: NOON }]);
  });

  test("has what Home knew in its own currency, until Home adds up in another", () => {
    const inEuros = held({ totals: totals({ currency: "EUR", value: "150.00" }) });
    const of = (id: string): HeldPortfolio => (id.endsWith("EUR") ? inEuros : held());
    keeper({ held: of, homeCurrency: "EUR" }).keep();
    const [kept] = lastValues()?.portfolios ?? [];
    expect(kept).toMatchObject({ totals: { currency: "USD" }, inHome: { at: NOON, totals: { value: "150.00" } } });
    keeper({ heardAt: NOON + 60_000, homeCurrency: "" }).keep();
    expect(lastValues()?.portfolios).toMatchObject([{ at: NOON + 60_000, inHome: { at: NOON } }]);
    keeper({ held: (id) => (id === "one" ? held() : null), homeCurrency: "CHF" }).keep();
    expect(lastValues()?.portfolios).toMatchObject([{ inHome: null }]);
    keeper({ held: of, homeCurrency: "USD" }).keep();
    expect(lastValues()?.portfolios).toMatchObject([{ inHome: null }]);
  });

  test("loses a portfolio with the right to see it, at once", () => {
    const kept = keeper({ visible: [visible("one"), visible("two")] });
    kept.keep();
    known = { ...known, condition: "offline" };
    kept.narrow([visible("two")]);
    expect(lastValues()?.portfolios.map(({ id }) => id)).toEqual(["two"]);
    expect(keptRows("one")).toEqual([]);
    expect(keptRows("two")).toHaveLength(1);
  });
});

describe("another person", () => {
  test("sees nothing of the one before, and what is left of it goes", () => {
    keeper().keep();
    inSession("second");
    expect(lastValues()).toBeNull();
    expect(localStorage.length).toBe(0);
  });

  test("is not given what an old page of the first still holds", () => {
    const kept = keeper();
    kept.keep();
    inSession("second");
    kept.keep();
    expect(localStorage.length).toBe(0);
  });
});

describe("the end of the session", () => {
  test("leaves nothing, whoever notices it first", () => {
    const kept = keeper();
    kept.keep();
    inSession("");
    forgetOthers();
    expect(localStorage.length).toBe(0);
    kept.keep();
    expect(localStorage.length).toBe(0);
  });

  test("touches nothing that is not ours", () => {
    localStorage.setItem("other", "1");
    keeper().keep();
    forget();
    expect(Object.keys(localStorage)).toEqual(["other"]);
  });
});

test("what another version or a fault has left is not shown", () => {
  keeper().keep();
  localStorage.setItem("last-values", JSON.stringify({ ...lastValues(), version: "0" }));
  expect(lastValues()).toBeNull();
  localStorage.setItem("last-values", "{");
  expect(lastValues()).toBeNull();
  expect(localStorage.length).toBe(0);
});
