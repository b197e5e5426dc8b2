/** The two charts of the performance page: the return or the value, and the drawdown. */

import type { LiveFigures } from "../cells/performance";
import { DaysChart, type DaysLine } from "../charts/days_chart";
import type { DaysData } from "../charts/days_data";
import { placesOf } from "../charts/ticks";
import { valueLabel } from "../charts/value_label";
import { moneyText, percentText, roundedText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { isPrivate, onPrivacyChange } from "../lib/privacy";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";

export class PerformanceCharts {
  readonly #name: string;
  readonly #main = new DaysChart(byId("chart", HTMLElement));
  readonly #drawdown = new DaysChart(byId("drawdown", HTMLElement));
  readonly #table = byId("chart-table-button", HTMLButtonElement);
  readonly #buttons = { return: byId("show-return", HTMLButtonElement), value: byId("show-value", HTMLButtonElement) };
  readonly #legend = byId("legend-line", HTMLElement);
  #data: DaysData | null = null;
  #live: LiveFigures | null = null;
  #isValue = false;

  constructor(name: string) {
    this.#name = name;
    this.#buttons.return.addEventListener("click", () => this.#choose(false));
    this.#buttons.value.addEventListener("click", () => this.#choose(true));
    this.#table.addEventListener("click", () => this.#toggle());
    onPrivacyChange(() => this.#draw());
    const group = "On this page";
    shortcuts.register(
      { keys: ["t"], does: phrase("Show the chart as a table, or the chart"), group, run: () => this.#toggle() },
      { keys: [], told: "← or →", does: phrase("In a chart: the point before or after, with Shift ten"), group },
    );
  }

  /** Draws the days; with live figures the last of them is as it is now. */
  show(data: DaysData, live: LiveFigures | null): void {
    this.#data = data;
    this.#live = live;
    this.#draw();
  }

  #choose(isValue: boolean): void {
    this.#isValue = isValue;
    this.#buttons.return.setAttribute("aria-pressed", `${!isValue}`);
    this.#buttons.value.setAttribute("aria-pressed", `${isValue}`);
    document.getElementById("legend-benchmark")?.toggleAttribute("hidden", isValue);
    this.#legend.textContent = isValue
      ? phrase("value, {currency}", { currency: this.#data?.currency ?? "" })
      : phrase("return");
    this.#draw();
  }

  #toggle(): void {
    this.#main.toggleTable();
    this.#table.setAttribute("aria-pressed", `${this.#main.isTable}`);
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const index = withLast(data.index, this.#live?.growth == null ? null : Number(this.#live.growth));
    const values = withLast(data.values, this.#live?.value ?? null);
    this.#main.show(this.#isValue ? this.#valueLine(data, index, values) : this.#returnLine(data, index, values));
    this.#drawdown.show(this.#drawdownLine(data, index));
  }

  #returnLine(data: DaysData, index: readonly number[], values: readonly string[]): DaysLine {
    const returns = index.map((growth) => (growth - 1) * 100);
    const total = percentOf(returns.at(-1) ?? 0);
    const { benchmark } = data;
    const other = benchmark === null ? null : benchmark.index.map((growth) => (growth - 1) * 100);
    const beside =
      benchmark === null || other === null
        ? []
        : [{ name: benchmark.symbol, text: (place: number) => percentOf(other[place] ?? 0) }];
    return {
      ...shared(data),
      other,
      sentence: phrase("Time-weighted return of {name}: {total} over the span.", { name: this.#name, total }),
      values: returns,
      base: 0,
      axis: percentLabel,
      columns: [
        { name: phrase("Return"), text: (place) => percentOf(returns[place] ?? 0) },
        ...beside,
        {
          name: phrase("Value"),
          isAmount: true,
          text: (place) => `${moneyText(values[place] ?? null)} ${data.currency}`,
        },
      ],
    };
  }

  #valueLine(data: DaysData, index: readonly number[], values: readonly string[]): DaysLine {
    return {
      ...shared(data),
      sentence: isPrivate()
        ? phrase("Value of {name} over the span: values are hidden.", { name: this.#name })
        : phrase("Value of {name}: {amount} at the end of the span.", {
            name: this.#name,
            amount: `${moneyText(values.at(-1) ?? null)} ${data.currency}`,
          }),
      values: values.map(Number),
      base: null,
      isAmount: true,
      axis: valueLabel,
      columns: [
        {
          name: phrase("Value"),
          isAmount: true,
          text: (place) => `${moneyText(values[place] ?? null)} ${data.currency}`,
        },
        { name: phrase("Return"), text: (place) => percentOf(((index[place] ?? 1) - 1) * 100) },
      ],
    };
  }

  #drawdownLine(data: DaysData, index: readonly number[]): DaysLine {
    const depths = [...data.depths];
    const [last, before] = [index.at(-1), data.index.at(-1)];
    const depth = depths.at(-1);
    // The peak is what the last day was below by its depth; a live value may be above it.
    if (last !== undefined && before !== undefined && depth !== undefined) {
      depths[depths.length - 1] = depthNow(depth, before, last);
    }
    const percents = depths.map((each) => each * 100);
    return {
      ...shared(data),
      sentence: phrase("Drawdown of {name} from its running peak: at worst {worst}.", {
        name: this.#name,
        worst: percentOf(Math.min(0, ...percents)),
      }),
      values: percents,
      base: 0,
      isLoss: true,
      axis: percentLabel,
      columns: [{ name: phrase("Below the peak"), text: (place) => percentOf(percents[place] ?? 0) }],
      marks: [],
      hasEdge: false,
    };
  }
}

function shared(data: DaysData): Pick<DaysLine, "first" | "days" | "other" | "isLoss" | "marks" | "hasEdge"> {
  return { other: null, first: data.first, days: data.days, isLoss: false, marks: data.marks, hasEdge: data.ends_now };
}

/** Below the peak, after the index went on from `before`. What had lost everything has no way back up: it stays where it is. */
export function depthNow(depth: number, before: number, last: number): number {
  return before === 0 ? depth : Math.min(0, (last / before) * (1 + depth) - 1);
}

function withLast<T>(values: readonly T[], last: T | null): readonly T[] {
  return last === null ? values : [...values.slice(0, -1), last];
}

function percentOf(percent: number): string {
  return percentText(percent.toFixed(6));
}

/** `+2 %`, or `+2.5 %` where the steps of the axis need it. */
export function percentLabel(percent: number, step: number): string {
  const places = step === 0 ? 1 : placesOf(step);
  const text = roundedText(percent.toFixed(6), places);
  return `${percent > 0 && !/^[0.,]+$/.test(text) ? "+" : ""}${text} %`;
}
