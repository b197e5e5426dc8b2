// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LoadFailed } from "../../src/charts/load";
import type { SpanName, ValueDays } from "../../src/charts/value_days";
import { shortcuts } from "../../src/lib/shortcuts";
import type { ValueFrame } from "../../src/pages/portfolio_value";
import { ValueSpans } from "../../src/pages/value_spans";

const SPANS = ["1d", "1w", "mtd", "ytd", "1y", "5y", "all"];
const PAGE =
  '<span id="chart-day" data-of-day></span><span id="chart-zone"></span><span id="value-since"></span>' +
  `<div id="value-spans">${SPANS.map((span) => `<button data-span="${span}" aria-pressed="false"></button>`).join("")}</div>` +
  '<span id="legend-reference"></span><button id="value-benchmark" data-symbol="IBM" hidden></button>' +
  '<span id="value-note" hidden></span><div id="chart"></div><div id="chart-days" hidden></div>' +
  '<button id="chart-table-button"></button>';

function days(columns: Partial<ValueDays> = {}): ValueDays {
  return {
    first: "2012-05-14",
    days: [0, 1],
    values: ["100.00", "110.00"],
    marks: [],
    currency: "EUR",
    head: 7,
    is_shorter: false,
    benchmark: { symbol: "IBM", name: "IBM Corp.", values: ["100.00", "112.00"], reason: "" },
    ...columns,
  };
}

function frame(columns: Partial<ValueFrame> = {}): ValueFrame {
  return { value: "130.00", currency: "EUR", at: null, day: "2012-05-18", ledger: 7, ...columns };
}

let asked: SpanName[];
let answers: (() => Promise<ValueDays | null>)[];

function started(): ValueSpans {
  const spans = new ValueSpans({
    id: "p-1",
    name: "Long term",
    zone: "UTC",
    load: () => new Promise(() => {}),
    loadDays: (_, span) => {
      asked.push(span);
      return (answers.shift() ?? (() => Promise.resolve(days())))();
    },
  });
  spans.start();
  return spans;
}

function press(key: string): void {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

async function settle(ms = 20): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function pressed(): readonly (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('#value-spans [aria-pressed="true"]')].map(
    (each) => each.dataset["span"],
  );
}

function figure(): string | null | undefined {
  return document.querySelector("#chart-days [role=img]")?.getAttribute("aria-label");
}

document.addEventListener("keydown", (event) => shortcuts.pressed(event));
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  document.body.innerHTML = PAGE;
  asked = [];
  answers = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("the spans of the value", () => {
  test("a key chooses one, loads it once and keeps it for the next page", async () => {
    started();
    expect(asked).toEqual([]);
    press("5");
    await settle();
    expect([asked, pressed()]).toEqual([["1y"], ["1y"]]);
    expect(document.getElementById("chart")?.hidden).toBe(true);
    press("1");
    press("5");
    await settle();
    expect(asked).toEqual(["1y"]);
    document.body.innerHTML = PAGE;
    started();
    expect(pressed()).toEqual(["1y"]);
  });

  test("the last value is the one of the frames", async () => {
    const spans = started();
    press("2");
    await settle();
    expect(figure()).toContain("to 110.00 EUR");
    spans.add(frame());
    await settle();
    expect(figure()).toContain("to 130.00 EUR");
  });

  test("it is loaded again where something was booked or the day ended, and until then shows what was recorded", async () => {
    const spans = started();
    spans.add(frame());
    press("4");
    await settle();
    spans.add(frame({ ledger: 8, value: "999.00" }));
    await settle();
    expect(asked).toEqual(["ytd"]);
    expect(figure()).toContain("to 110.00 EUR");
    answers.push(() => Promise.resolve(days({ head: 8 })));
    await settle(6_000);
    spans.add(frame({ ledger: 8, value: "999.00" }));
    await settle();
    expect(asked).toEqual(["ytd", "ytd"]);
    expect(figure()).toContain("to 999.00 EUR");
    await settle(6_000);
    spans.add(frame({ ledger: 8, day: "2012-05-21" }));
    await settle();
    expect(asked).toHaveLength(3);
  });

  test("the benchmark stands beside it on demand, or the reason why not", async () => {
    started();
    const button = document.getElementById("value-benchmark");
    expect(button?.hidden).toBe(true);
    press("2");
    await settle();
    expect(button?.hidden).toBe(false);
    button?.click();
    expect(figure()).toContain("the same flows in IBM 112.00 EUR");
    expect(document.getElementById("value-note")?.textContent).toBe("dashed: the same flows in IBM Corp.");
    const lacking = { symbol: "IBM", name: "IBM Corp.", values: [], reason: "no price by 1990-01-01" };
    answers.push(() => Promise.resolve(days({ is_shorter: true, benchmark: lacking })));
    press("7");
    await settle();
    expect(document.getElementById("value-note")?.textContent).toBe(
      "from the first day of the portfolio on; IBM is not available: no price by 1990-01-01",
    );
  });

  test("what cannot be loaded says so and is tried again", async () => {
    answers.push(() => Promise.reject(new LoadFailed("offline", "No connection.")));
    started();
    press("6");
    await settle();
    expect(document.getElementById("chart-days")?.textContent).toContain(
      "No connection. The figures above are not affected.",
    );
    document.querySelector<HTMLElement>("#chart-days button")?.click();
    await settle();
    expect(figure()).toContain("Value of Long term");
    answers.push(() => Promise.resolve(null));
    press("3");
    await settle();
    expect(document.getElementById("chart-days")?.textContent).toContain("Nothing was booked yet");
  });

  test("T shows the days as a table, of the span that is shown", async () => {
    started();
    press("2");
    await settle();
    press("t");
    expect(document.querySelector("#chart-days table")?.textContent).toContain("110.00 EUR");
    expect(document.getElementById("chart-table-button")?.getAttribute("aria-pressed")).toBe("true");
    press("1");
    expect(document.getElementById("chart-table-button")?.getAttribute("aria-pressed")).toBe("false");
  });

  test("of several portfolios the line has another subject, no benchmark, and is loaded anew for another currency", async () => {
    document.getElementById("value-benchmark")?.remove();
    const late: { answer: (days: ValueDays) => void }[] = [];
    const spans = new ValueSpans({
      id: "Net worth",
      name: "Net worth",
      subject: "Net worth",
      shorter: "from the first portfolio on",
      kept: "tickfolio.net-worth-span",
      zone: "UTC",
      load: () => new Promise(() => {}),
      loadDays: () => new Promise((answer) => late.push({ answer })),
    });
    spans.start();
    press("2");
    await settle();
    spans.anew();
    late[1]?.answer(days({ currency: "USD", is_shorter: true, benchmark: null }));
    late[0]?.answer(days());
    await settle();
    expect(figure()).toMatch(/^Net worth from .* to 110\.00 USD/);
    expect(document.getElementById("value-note")?.textContent).toBe("from the first portfolio on");
    expect(localStorage.getItem("tickfolio.value-span")).toBeNull();
  });

  test("the keys are in the help sheet, each once", () => {
    started();
    const told = shortcuts.all.filter(({ keys }) => /^[1-7t]$/.test(keys.join()));
    expect(told).toHaveLength(8);
  });

  test("a digit that is typed in a field chooses nothing", () => {
    started();
    const field = document.createElement("input");
    document.body.append(field);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "3", bubbles: true }));
    expect(pressed()).toEqual([]);
  });
});
