// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DaysChart, type DaysLine, nearest } from "../../src/charts/days_chart";
import { spacingText } from "../../src/charts/days_table";
import { valueLabel } from "../../src/charts/value_label";
import { percentLabel } from "../../src/pages/performance_charts";

const WIDTH = 600;
const HEIGHT = 200;

function lineOf(values: readonly number[], parts: Partial<DaysLine> = {}): DaysLine {
  return {
    sentence: "Return of Long term.",
    first: "2012-05-17",
    days: values.map((_, place) => place),
    values,
    other: null,
    base: 0,
    isLoss: false,
    axis: (value) => `${value.toFixed(1)} %`,
    columns: [{ name: "Return", text: (place) => `${values[place]?.toFixed(2)} %` }],
    marks: [],
    hasEdge: true,
    ...parts,
  };
}

describe("a chart of days", () => {
  let container: HTMLElement;
  let chart: DaysChart;

  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, WIDTH, HEIGHT));
    document.body.innerHTML = '<div id="chart"></div>';
    container = document.querySelector("#chart") as HTMLElement;
    chart = new DaysChart(container);
  });

  afterEach(() => vi.restoreAllMocks());

  function one(selector: string): Element {
    const found = container.querySelector(selector);
    if (found === null) throw new Error(`no ${selector}`);
    return found;
  }

  function figure(): HTMLElement {
    return one("[role=img]") as HTMLElement;
  }

  function press(key: string, options: KeyboardEventInit = {}): string {
    figure().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
    return one("[aria-live]").textContent ?? "";
  }

  function tip(): HTMLElement {
    return one(".chart-tip") as HTMLElement;
  }

  test("it is named by its sentence and drawn from edge to edge", () => {
    chart.show(lineOf([0, 1, 2]));
    expect(figure().getAttribute("aria-label")).toBe("Return of Long term.");
    const path = one("path.series").getAttribute("d") ?? "";
    expect(path.startsWith("M0.0 ")).toBe(true);
    expect(path).toContain(`L${WIDTH.toFixed(1)} `);
    expect(one("path.area").getAttribute("d")).toMatch(/Z$/);
  });

  test("on narrower paper it shrinks as it is", () => {
    chart.show(lineOf([0, 1, 2]));
    expect(one(".session-over").getAttribute("viewBox")).toBe(`0 0 ${WIDTH} ${HEIGHT}`);
  });

  test("a last value that moved moves the end and its label", () => {
    chart.show(lineOf([0, 1, 2]));
    const before = one("path.series").getAttribute("d");
    chart.show(lineOf([0, 1, 3]));
    expect(one("path.series").getAttribute("d")).not.toBe(before);
    expect(one(".axis-now").textContent).toBe("3.0 %");
  });

  test.each([
    ["one day", [0, 0.5]],
    ["one value", [0]],
    ["losses alone", [0, -1, -5]],
    ["nothing but zeros", [0, 0, 0]],
    ["tens of millions", [12_345_678.9, 98_765_432.1]],
  ])("%s can be drawn", (_, values) => {
    chart.show(lineOf(values));
    expect(container.innerHTML).not.toMatch(/NaN|Infinity/);
    expect(one("path.series").getAttribute("d")).not.toBe("");
  });

  test("a fall hangs from zero and has no edge label", () => {
    chart.show(lineOf([0, -2, -1], { isLoss: true, hasEdge: false }));
    expect(container.querySelector("path.series")).toBeNull();
    expect(one("path.series-down").getAttribute("d")).toContain("M0.0 0.0");
    expect(one(".axis-now-box").getAttribute("visibility")).toBe("hidden");
  });

  test("the last digit of a figure is no fall", () => {
    chart.show(lineOf([0, -0.0000004], { isLoss: true }));
    expect(one("path.series-down").getAttribute("d")).toBe("M0.0 0.0L600.0 0.0");
  });

  test("a line beside it is drawn in the same scale", () => {
    chart.show(lineOf([0, 1], { other: [0, 5] }));
    const other = one("path.series-bench");
    expect(other.getAttribute("visibility")).toBe("inherit");
    const [, end] = (other.getAttribute("d") ?? "").split("L").map((point) => Number(point.split(" ")[1]));
    const [, own] = (one("path.series").getAttribute("d") ?? "").split("L").map((point) => Number(point.split(" ")[1]));
    expect(end).toBeLessThan(own ?? 0);
    chart.show(lineOf([0, 1]));
    expect(other.getAttribute("visibility")).toBe("hidden");
  });

  test("arrow keys go by a day, with Shift by ten, Home and End to the edges, and Escape leaves", () => {
    chart.show(lineOf(Array.from({ length: 30 }, (_, place) => place)));
    expect(press("ArrowLeft")).toBe("15 June 2012, Return 29.00 %");
    expect(press("ArrowLeft")).toContain("Return 28.00 %");
    expect(press("ArrowLeft", { shiftKey: true })).toContain("Return 18.00 %");
    expect(press("ArrowRight")).toContain("Return 19.00 %");
    expect(press("Home")).toContain("17 May 2012, Return 0.00 %");
    expect(press("ArrowLeft")).toContain("Return 0.00 %");
    expect(press("End")).toContain("Return 29.00 %");
    expect(tip().hidden).toBe(false);
    press("Escape");
    expect(tip().hidden).toBe(true);
  });

  test("other keys and those with a modifier stay the browser's", () => {
    chart.show(lineOf([0, 1]));
    for (const options of [{ key: "a" }, { key: "ArrowLeft", ctrlKey: true }, { key: "Home", metaKey: true }]) {
      const event = new KeyboardEvent("keydown", { cancelable: true, ...options });
      figure().dispatchEvent(event);
      expect(event.defaultPrevented).toBe(false);
    }
  });

  test("what is pointed at is told with what was booked, and stays while the last value moves", () => {
    const marks = [{ day: 1, kind: "buy", count: 2 }];
    chart.show(lineOf([0, 1, 2], { marks }));
    figure().dispatchEvent(new PointerEvent("pointermove", { clientX: WIDTH / 2, bubbles: true }));
    expect(tip().textContent).toContain("18 May 2012");
    expect(tip().textContent).toContain("2 purchases");
    chart.show(lineOf([0, 1, 9], { marks }));
    expect(tip().textContent).toContain("18 May 2012");
    figure().dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    expect(tip().hidden).toBe(true);
  });

  test("the table has the same days, the newest first, and follows the last value", () => {
    chart.show(lineOf([0, 1, 2]));
    expect(chart.isTable).toBe(false);
    chart.toggleTable();
    const rows = (): (string | null)[] => [...container.querySelectorAll("tbody tr")].map((row) => row.textContent);
    expect(rows()[0]).toBe("19 May 20122.00 %");
    chart.show(lineOf([0, 1, 3]));
    expect(rows()[0]).toBe("19 May 20123.00 %");
    chart.toggleTable();
    expect(chart.isTable).toBe(false);
    expect(document.activeElement).toBe(figure());
  });

  test("the rows of the table stay while the last value moves, and so does what is selected in them", () => {
    const line = lineOf([0, 1, 2]);
    chart.show(line);
    chart.toggleTable();
    const row = one("tbody tr:last-child");
    chart.show({ ...lineOf([0, 1, 3]), days: line.days });
    expect(one("tbody tr:last-child")).toBe(row);
    expect(one("tbody td").textContent).toBe("3.00 %");
  });

  test("a number that is too long for a ring is in a longer one", () => {
    chart.show(lineOf([0, 1, 2], { marks: [{ day: 1, kind: "sell", count: 294 }] }));
    const ring = one("rect.mark-sell");
    expect(ring.nextElementSibling?.textContent).toBe("294");
    expect(Number(ring.getAttribute("width"))).toBeGreaterThan(Number(ring.getAttribute("height")));
    expect(Number(ring.getAttribute("x"))).toBe(-Number(ring.getAttribute("width")) / 2);
  });

  test("the table of a thinned line says how far its days are apart, that of a whole one nothing", () => {
    chart.show(lineOf([0, 1, 2], { days: [0, 3, 4] }));
    chart.toggleTable();
    expect(one("caption").textContent).toMatch(/^About every second day, /);
    chart.show(lineOf([0, 1, 2]));
    expect(container.querySelector("caption")).toBeNull();
  });

  test.each([
    ["returns of nothing", { axis: percentLabel }, [0, 0, 0]],
    ["returns of hardly anything", { axis: percentLabel }, [0, 0.004, 0.013]],
    ["a value that stands still", { axis: valueLabel, base: null }, [9999.97, 9999.97]],
    ["cents", { axis: valueLabel, base: null }, [0.02, 0.02]],
    ["a value of nothing", { axis: valueLabel, base: null }, [0, 0]],
    ["a flat fall", { axis: percentLabel, isLoss: true }, [0, 0]],
  ])("of %s every line has a label of its own, and the zero line stands at zero", (_, parts, values) => {
    for (const height of [HEIGHT, 120, 480]) {
      vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, WIDTH, height));
      chart.show(lineOf(values, parts));
      const lines = [...container.querySelectorAll(".grid-line, .ref-line")];
      const labels = lines.map((line) => line.nextElementSibling?.textContent ?? "");
      expect(new Set(labels).size).toBe(labels.length);
      expect(labels.length).toBeGreaterThan(1);
      const zero = container.querySelector(".ref-line");
      if (zero !== null) expect(zero.nextElementSibling?.textContent).toMatch(/^0(\.0+)? %$/);
      expect(zero !== null).toBe(!("base" in parts));
    }
  });

  test("a name is only ever text", () => {
    chart.show(lineOf([0, 1], { sentence: "<b>x</b>", columns: [{ name: "<i>", text: () => "<u>" }] }));
    chart.toggleTable();
    press("End");
    expect(container.querySelector("b, i, u")).toBeNull();
  });
});

test("the nearest day is found between any two", () => {
  const days = [0, 1, 5, 9];
  expect([-3, 0.4, 2.9, 3.1, 7, 7.1, 99].map((wanted) => nearest(days, wanted))).toEqual([0, 0, 1, 2, 2, 3, 3]);
});

test.each([
  [[], ""],
  [[4], ""],
  [[0, 1, 2], ""],
  [[0, 1, 3, 4], "second"],
  [[0, 2, 4, 6], "second"],
  [[0, 3, 6], "third"],
  [[0, 12], "12th"],
])("days %j are said to be far apart: %s", (days, word) => {
  expect(spacingText(days).split(" ")[2] ?? "").toBe(word);
});
