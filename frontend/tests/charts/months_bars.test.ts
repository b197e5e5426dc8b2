// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MonthsBars, monthsTable } from "../../src/charts/months_bars";
import {
  type Bars,
  barsByHolding,
  barsByYear,
  type MonthPayment,
  type MonthsData,
  monthsData,
} from "../../src/charts/months_data";
import { compared, summed } from "../../src/lib/decimal";

const PAYMENTS: readonly MonthPayment[] = [
  { month: "2010-11", symbol: "OLD", gross: "99.00" },
  { month: "2011-12", symbol: "IBM", gross: "10.00" },
  { month: "2012-05", symbol: "", gross: "4.00" },
  { month: "2012-05", symbol: "IBM", gross: "12.50" },
  { month: "2012-05", symbol: "MSFT", gross: "30.00" },
];

function dataOf(payments: readonly MonthPayment[] = PAYMENTS): MonthsData {
  return { currency: "EUR", places: 2, today: "2012-05-21", payments };
}

function adds({ bars, total }: Bars): boolean {
  return (
    bars.every((bar) => compared(summed(bar.parts) ?? "", bar.total) === 0) &&
    compared(summed(bars.map((bar) => bar.total)) ?? "", total) === 0
  );
}

describe("the bars of months", () => {
  test("are the last months, stacked by what paid, the largest first", () => {
    const bars = barsByHolding(dataOf(), 12);
    expect(bars.bars.map(({ key }) => key)).toEqual([
      ...["06", "07", "08", "09", "10", "11", "12"].map((month) => `2011-${month}`),
      ...["01", "02", "03", "04", "05"].map((month) => `2012-${month}`),
    ]);
    expect(bars.series.map(({ name }) => name)).toEqual(["MSFT", "IBM", "Interest on cash"]);
    expect(bars.bars.at(-1)).toMatchObject({
      name: "May 2012",
      label: "M",
      parts: ["30.00", "12.50", "4.00"],
      total: "46.50",
    });
    expect(bars.total).toBe("56.50");
    expect(adds(bars)).toBe(true);
  });

  test("put what is smallest together", () => {
    const many = ["A", "B", "C", "D", "E", "F", "G"].map((symbol, place) => ({
      month: "2012-05",
      symbol,
      gross: `${place + 1}.00`,
    }));
    const bars = barsByHolding(dataOf(many), 12);
    expect(bars.series.map(({ name, category }) => `${name} ${category}`)).toEqual([
      "G 1",
      "F 2",
      "E 3",
      "D 4",
      "C 5",
      "Others 6",
    ]);
    expect(bars.bars.at(-1)?.parts.at(-1)).toBe("3.00");
    expect(adds(bars)).toBe(true);
    // Six have room each.
    expect(barsByHolding(dataOf(many.slice(0, 6)), 12).series.at(-1)?.name).toBe("A");
  });

  test("stack the years by their months, the newest first", () => {
    const bars = barsByYear(dataOf());
    expect(bars.series.map(({ name }) => name)).toEqual(["2012", "2011", "2010"]);
    expect(bars.bars.map(({ total }) => total)).toEqual([
      ...["0.00", "0.00", "0.00", "0.00", "46.50", "0.00", "0.00", "0.00", "0.00", "0.00"],
      ...["99.00", "10.00"],
    ]);
    expect(adds(bars)).toBe(true);
  });

  test("come from the page, where a wrong one is told", () => {
    const element = document.createElement("script");
    element.textContent = JSON.stringify(dataOf());
    expect(monthsData(element)).toEqual(dataOf());
    expect(monthsData(null)).toBeNull();
    element.textContent = '{"currency": "EUR"}';
    expect(() => monthsData(element)).toThrow("Expected a value at income.places");
  });
});

describe("the chart of months", () => {
  let container: HTMLElement;
  let chart: MonthsBars;

  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 600, 200));
    document.body.innerHTML = '<div id="chart"></div>';
    container = document.querySelector("#chart") as HTMLElement;
    chart = new MonthsBars(container);
    chart.show({ bars: barsByHolding(dataOf(), 12), currency: "EUR", sentence: "Gross income." });
  });

  afterEach(() => vi.restoreAllMocks());

  function press(key: string): void {
    container.querySelector("[role=img]")?.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  }

  test("draws a part for each payment and names itself", () => {
    expect(container.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("Gross income.");
    expect([...container.querySelectorAll("rect[class^=cat]")].map((part) => part.getAttribute("class"))).toEqual([
      "cat-2",
      "cat-1",
      "cat-2",
      "cat-3",
    ]);
  });

  test("stacks the parts of a month on one another", () => {
    const parts = [...container.querySelectorAll("rect[class^=cat]")].slice(1).map((part) => ({
      y: Number(part.getAttribute("y")),
      height: Number(part.getAttribute("height")),
    }));
    for (const [place, part] of parts.entries()) {
      const below = parts[place - 1];
      if (below !== undefined) expect(part.y + part.height).toBeCloseTo(below.y, 6);
    }
  });

  test("is walked through by arrow keys, which say the month", () => {
    press("ArrowLeft");
    expect(container.querySelector("[aria-live]")?.textContent).toBe(
      "May 2012: 46.50 EUR, MSFT 30.00, IBM 12.50, Interest on cash 4.00",
    );
    press("Home");
    expect(container.querySelector(".chart-tip .when")?.textContent).toBe("Jun 2011");
    press("Escape");
    expect(container.querySelector<HTMLElement>(".chart-tip")?.hidden).toBe(true);
  });

  test("has the same figures as a table", () => {
    chart.toggleTable();
    expect(chart.isTable).toBe(true);
    const rows = [...container.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows[0]).toEqual(["May 2012", "30.00", "12.50", "4.00", "46.50"]);
    expect(rows).toHaveLength(12);
    chart.show({ bars: barsByYear(dataOf()), currency: "EUR", sentence: "By year." });
    expect(container.querySelector("thead")?.textContent).toBe("Month201220112010Total");
    chart.toggleTable();
    expect(chart.isTable).toBe(false);
  });

  test("has no bars where nothing was paid", () => {
    chart.show({ bars: barsByHolding(dataOf([]), 12), currency: "EUR", sentence: "Nothing." });
    expect(container.querySelectorAll("rect[class^=cat]")).toHaveLength(0);
    const table = monthsTable({ bars: barsByYear(dataOf([])), currency: "EUR", sentence: "" });
    expect(table.querySelectorAll("tbody tr")).toHaveLength(12);
  });
});
