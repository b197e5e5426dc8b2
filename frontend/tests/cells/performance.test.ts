import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  closingCell,
  fractionCell,
  gainCell,
  type LiveFigures,
  liveFigures,
  pointsCell,
  returnCell,
  shadeOf,
  timingPoints,
  togetherOf,
  totalPoints,
} from "../../src/cells/performance";
import type { DaysData } from "../../src/charts/days_data";
import { minus, summed } from "../../src/lib/decimal";

interface Texts {
  readonly twr: string;
  readonly gain: string;
  readonly closing: string;
  readonly annual: string;
  readonly mwr: string;
  readonly month: string;
  readonly shade: string;
  readonly year: string;
  readonly parts: { readonly [key: string]: readonly [string, string] };
  readonly total: readonly [string, string];
}

interface Contract {
  readonly data: DaysData;
  readonly worths: { readonly [key: string]: string };
  readonly rendered: Texts;
  readonly moved: Texts;
}

const CONTRACT: Contract = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../tests/contract/performance_page.json"), "utf8"),
);
const { data } = CONTRACT;
const RENDERED = new Map(data.rows.map(({ key, value }) => [key, value]));

function figuresOf(of: DaysData, worths: ReadonlyMap<string, string | null>): LiveFigures {
  const figures = liveFigures(of, worths);
  if (figures === null) throw new Error("no figures");
  return figures;
}

function bare(text: string): string {
  return text.replace(/ %$/, "");
}

/** What the page writes of live figures. */
function textsOf(figures: LiveFigures): Texts {
  const { annual, mwr, month, year } = figures;
  const points = totalPoints(figures);
  const fraction = (each: number | null): string => (each === null ? "" : fractionCell(each).text);
  return {
    twr: returnCell(figures, null)?.text ?? "",
    gain: gainCell(figures.gain).text,
    closing: closingCell(figures, null).text,
    annual: fraction(annual),
    mwr: fraction(mwr),
    month: bare(fraction(month)),
    shade: month === null ? "" : shadeOf(month),
    year: bare(fraction(year)),
    parts: Object.fromEntries(
      [...figures.parts].map(([key, part]) => [key, [pointsCell(part.points).text, gainCell(part.gain).text]]),
    ),
    total: [points === null ? "" : pointsCell(points).text, gainCell(figures.gain).text],
  };
}

describe("live figures of a span", () => {
  test("with the values that the page was made with they are what the server wrote", () => {
    expect(textsOf(figuresOf(data, RENDERED))).toEqual(CONTRACT.rendered);
  });

  test("with other values they are what the server writes of those", () => {
    expect(textsOf(figuresOf(data, new Map(Object.entries(CONTRACT.worths))))).toEqual(CONTRACT.moved);
  });

  test("a row that has no value any more, or is not there, leaves none", () => {
    const [first] = data.rows;
    expect(liveFigures(data, new Map([...RENDERED, [first?.key ?? "", null]]))).toBeNull();
    expect(liveFigures(data, new Map([...RENDERED].slice(1)))).toBeNull();
  });

  test("where nothing can earn there is no return, and money still moves", () => {
    const figures = figuresOf({ ...data, edge: null }, new Map(Object.entries(CONTRACT.worths)));
    expect([returnCell(figures, null), totalPoints(figures), timingPoints(figures)]).toEqual([null, null, null]);
    expect([figures.growth, figures.annual]).toEqual([null, null]);
    expect(gainCell(figures.gain).text).toBe(CONTRACT.moved.gain);
    expect(figures.month).toBeCloseTo(data.month ?? 0, 12);
  });

  test("less than a year has no return a year, and what was not available stays so", () => {
    const figures = figuresOf({ ...data, span_days: 364, mwr: null, month: null, year: null }, RENDERED);
    expect([figures.annual, figures.mwr, figures.month, figures.year]).toEqual([null, null, null, null]);
    expect(figuresOf({ ...data, span_days: 365 }, RENDERED).annual).not.toBeNull();
  });

  test("the way a figure went since the last one is told", () => {
    const before = figuresOf(data, RENDERED);
    const after = figuresOf(data, new Map(Object.entries(CONTRACT.worths)));
    expect(returnCell(after, before)?.tick).toBe("up");
    expect(returnCell(before, after)?.tick).toBe("down");
    expect(closingCell(after, before).tick).toBe("up");
    expect(gainCell(before.gain, after.gain).tick).toBe("down");
  });

  test("values of any size: parts and timing are the return, gains are the gain, and the gain is the change in value", () => {
    const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(fc.array(cents, { minLength: data.rows.length, maxLength: data.rows.length }), (moves) => {
        const worths = new Map(
          data.rows.map(({ key, value }, place) => [key, summed([value, inCents(moves[place] ?? 0n)]) ?? ""]),
        );
        const figures = figuresOf(data, worths);
        const points = [...figures.parts.values()].map((part) => part.points);
        const whole = summed([...points, timingPoints(figures)]);
        expect(Number(minus(whole ?? "", totalPoints(figures) ?? ""))).toBe(0);
        const gains = summed([...figures.parts.values()].map((part) => part.gain));
        expect(Number(minus(gains ?? "", figures.gain))).toBe(0);
        expect(Number(minus(minus(figures.value, data.closing), minus(figures.gain, data.gain)))).toBe(0);
        expect(summed([...worths.values()])).toBe(figures.value);
      }),
    );
  });

  test("several parts put together are their sum, and those that are not there are nothing", () => {
    const figures = figuresOf(data, RENDERED);
    const all = togetherOf(
      figures,
      data.parts.map(({ key }) => key),
    );
    expect(Number(minus(all.gain, figures.gain))).toBe(0);
    expect(minus(minus(totalPoints(figures) ?? "", all.points), timingPoints(figures) ?? "")).toMatch(/^-?0[.0]*$/);
    expect(togetherOf(figures, ["AAPL", "NOPE"])).toEqual(figures.parts.get("AAPL"));
    expect(gainCell(togetherOf(figures, []).gain).text).toBe("0");
  });

  test("the header and the total are rounded from the same figure", () => {
    fc.assert(
      fc.property(fc.integer({ min: -500_000, max: 500_000 }), (move) => {
        const [first] = data.rows;
        const moved = summed([first?.value ?? "", inCents(BigInt(move))]) ?? "";
        const figures = figuresOf(data, new Map([...RENDERED, [first?.key ?? "", moved]]));
        const points = totalPoints(figures);
        expect(`${points === null ? "" : pointsCell(points).text} %`).toBe(returnCell(figures, null)?.text);
      }),
    );
  });
});

test.each([
  [0, "h-0"],
  [-0.00004, "h-0"],
  [0.0099, "h-p1"],
  [0.009996, "h-p2"],
  [-0.0249, "h-n2"],
  [-0.025, "h-n3"],
])("a month of %d has the shade %s", (fraction, shade) => {
  expect(shadeOf(fraction)).toBe(shade);
});

function inCents(units: bigint): string {
  const text = `${units < 0n ? -units : units}`.padStart(3, "0");
  return `${units < 0n ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
}
