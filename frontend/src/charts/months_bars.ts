/** Stacked bars of months: axes, a tooltip by pointer and arrow keys, and the same data as a table. SVG. */

import { moneyText, plotted, roundedText } from "../lib/decimal";
import { made, madeSvg, setAll } from "../lib/dom";
import { phrase } from "../lib/words";
import type { Bar, Bars } from "./months_data";
import { yOf } from "./scale";
import { ChartStage, type Room } from "./stage";
import { placesOf, tickStep, valueTicks } from "./ticks";

const VALUE_GAP = 44;
const AXIS_HEIGHT = 20;
const HEADROOM = 1.08;
/** Of a month's room its bar takes this part, and at most so many px. */
const BAR_PART = 0.66;
const WIDEST_BAR = 40;

export interface MonthsShown {
  readonly bars: Bars;
  readonly currency: string;
  /** The name of the chart, a sentence. */
  readonly sentence: string;
}

interface Frame extends Room {
  readonly high: number;
}

export class MonthsBars {
  readonly #stage: ChartStage;
  readonly #grid = madeSvg("g");
  readonly #stacks = madeSvg("g");
  readonly #pointer = madeSvg("rect", { class: "bar-pointed", y: 0, visibility: "hidden" });
  #shown: MonthsShown | null = null;

  constructor(container: HTMLElement) {
    this.#stage = new ChartStage(container, [this.#pointer, this.#grid, this.#stacks], {
      count: () => this.#count,
      placeAt: (part) => placeAt(part, this.#count),
      draw: () => this.#draw(),
      drawPointed: () => this.#drawPointed(),
      said: (place) => this.#saidOf(place),
      table: () => (this.#shown === null ? made("table") : monthsTable(this.#shown)),
    });
  }

  get isTable(): boolean {
    return this.#stage.isTable;
  }

  get #count(): number {
    return this.#shown?.bars.bars.length ?? 0;
  }

  show(shown: MonthsShown): void {
    if (shown.bars.bars.length !== this.#count) this.#stage.forget();
    this.#shown = shown;
    this.#stage.name(shown.sentence);
    this.#draw();
    if (this.isTable) this.#stage.showTable();
  }

  toggleTable(): void {
    this.#stage.toggleTable();
  }

  // ---------- Drawing ----------

  #frame(): Frame | null {
    const shown = this.#shown;
    const room = this.#stage.room;
    if (shown === null || shown.bars.bars.length === 0 || room === null) return null;
    const most = Math.max(...shown.bars.bars.map(({ total }) => plotted(total)));
    return { ...room, high: most > 0 ? most * HEADROOM : 1 };
  }

  #draw(): void {
    const [shown, frame] = [this.#shown, this.#frame()];
    if (shown === null || frame === null) return;
    this.#stage.fit();
    this.#grid.replaceChildren(...valueAxis(frame), ...monthAxis(shown.bars.bars, frame));
    const room = frame.width / shown.bars.bars.length;
    const bar = Math.min(WIDEST_BAR, room * BAR_PART);
    this.#stacks.replaceChildren(
      ...shown.bars.bars.flatMap((each, place) =>
        stackOf(each, shown.bars, frame, room * (place + 0.5) - bar / 2, bar),
      ),
    );
    this.#drawPointed();
  }

  #drawPointed(): void {
    const [shown, frame, place] = [this.#shown, this.#frame(), this.#stage.pointed];
    const bar = shown === null || place === null ? undefined : shown.bars.bars[place];
    setAll(this.#pointer, { visibility: bar === undefined ? "hidden" : "inherit" });
    if (bar === undefined) this.#stage.hideTip();
    if (shown === null || frame === null || place === null || bar === undefined) return;
    const room = frame.width / shown.bars.bars.length;
    setAll(this.#pointer, { x: room * place, width: room, height: frame.height });
    const told = partsOf(bar, shown.bars).flatMap(([name, amount]) => [
      made("dt", "", name),
      made("dd", "num amount", moneyText(amount)),
    ]);
    const whole = [
      made("dt", "", phrase("Total")),
      made("dd", "num amount", `${moneyText(bar.total)} ${shown.currency}`),
    ];
    this.#stage.showTip(room * (place + 0.5), bar.name, [...told, ...whole]);
  }

  #saidOf(place: number): string {
    const shown = this.#shown;
    const bar = shown?.bars.bars[place];
    if (shown === null || bar === undefined) return "";
    const parts = partsOf(bar, shown.bars).map(([name, amount]) => `${name} ${moneyText(amount)}`);
    return [`${bar.name}: ${moneyText(bar.total)} ${shown.currency}`, ...parts].join(", ");
  }
}

/** The bar whose room holds this part of the width; null beside them all. */
function placeAt(part: number, count: number): number | null {
  const place = Math.floor(part * count);
  return place < 0 || place >= count ? null : place;
}

/** The same figures as a table: a row a month, a column a series. */
export function monthsTable({ bars, sentence }: MonthsShown): HTMLTableElement {
  const table = made("table", "table");
  table.setAttribute("aria-label", sentence);
  const head = made("tr");
  for (const [place, name] of [phrase("Month"), ...bars.series.map((each) => each.name), phrase("Total")].entries()) {
    const cell = made("th", place === 0 ? "" : "r", name);
    cell.scope = "col";
    head.append(cell);
  }
  const row = (name: string, amounts: readonly string[]): HTMLTableRowElement => {
    const made_ = made("tr");
    const title = made("th", "num", name);
    title.scope = "row";
    made_.append(title, ...amounts.map((amount) => made("td", "r num amount", moneyText(amount))));
    return made_;
  };
  const [thead, tbody] = [made("thead"), made("tbody")];
  thead.append(head);
  tbody.append(...bars.bars.map(({ name, parts, total }) => row(name, [...parts, total])).toReversed());
  table.append(thead, tbody);
  return table;
}

/** What a bar is made of, the empty parts left out. */
function partsOf(bar: Bar, { series }: Bars): readonly (readonly [string, string])[] {
  return series.flatMap(({ name }, place) => {
    const amount = bar.parts[place] ?? "0";
    return plotted(amount) === 0 ? [] : [[name, amount] as const];
  });
}

function valueAxis({ width, height, high }: Frame): readonly SVGElement[] {
  const ticks = valueTicks(0, high, Math.max(2, Math.round(height / VALUE_GAP)));
  const places = placesOf(tickStep(ticks));
  return ticks.flatMap((value) => {
    const y = Math.round(yOf(value, { low: 0, high }, height)) + 0.5;
    const line = madeSvg("line", { class: "grid-line", x1: 0, x2: width, y1: y, y2: y });
    const label = madeSvg("text", { class: "amount", x: width + 9, y: y + 4 });
    label.textContent = roundedText(value.toFixed(Math.max(places, 0)), places);
    return [line, label];
  });
}

function monthAxis(bars: readonly Bar[], { width, height }: Frame): readonly SVGElement[] {
  const room = width / bars.length;
  return bars.flatMap((bar, place) => {
    const x = room * (place + 0.5);
    const label = madeSvg("text", { x, y: height + AXIS_HEIGHT - 4, "text-anchor": "middle" });
    label.textContent = bar.label;
    const before = bars[place - 1];
    if (bar.year === "" || before?.year === bar.year) return [label];
    const year = madeSvg("text", { class: "bar-year", x: Math.max(0, x - room / 2 + 2), y: 10 });
    year.textContent = bar.year;
    const begin = madeSvg("line", { class: "session-line", x1: room * place, x2: room * place, y1: 0, y2: height });
    return before === undefined ? [label, year] : [begin, label, year];
  });
}

function stackOf(bar: Bar, { series }: Bars, frame: Frame, x: number, width: number): readonly SVGElement[] {
  let foot = 0;
  return series.flatMap(({ category }, place) => {
    const value = plotted(bar.parts[place] ?? "0");
    if (value <= 0) return [];
    const scale = { low: 0, high: frame.high };
    const [bottom, top] = [yOf(foot, scale, frame.height), yOf(foot + value, scale, frame.height)];
    foot += value;
    return [madeSvg("rect", { class: `cat-${category}`, x, width, y: top, height: Math.max(1, bottom - top), rx: 1 })];
  });
}
