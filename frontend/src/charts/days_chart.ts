/** A line of days: axes, marks, live edge, crosshair by pointer and arrow keys, tooltip, and the same data as a table. SVG. */

import { made, madeSvg, setAll } from "../lib/dom";
import { isPrivate } from "../lib/privacy";
import { phrase } from "../lib/words";
import { bookedWords } from "./day_marks";
import { dayTicks } from "./day_ticks";
import type { DayMark } from "./days_data";
import { cellOf, daysTable, dayText } from "./days_table";
import { flowMarks } from "./flow_marks";
import { type ValueScale, yOf } from "./scale";
import { ChartStage, type Room } from "./stage";
import { tickStep, valueTicks } from "./ticks";

const VALUE_GAP = 44;
const LABEL_HEIGHT = 18;
const PADDING = 0.08;
const AXIS_HEIGHT = 20;
/** The least that an axis spans: percents, and a part of a value. */
const LEAST_LOSS = 1;
const LEAST_RETURN = 0.1;
const LEAST_OF_VALUE = 0.001;
const LEAST_VALUE = 0.1;
/** From here on the steps of an axis have more digits than the label of the last value. */
const FINE_STEP = 0.1;

export interface Column {
  readonly name: string;
  /** Whether it tells amounts of money, which privacy mode hides. */
  readonly isAmount?: boolean;
  readonly text: (place: number) => string;
}

export interface DaysLine {
  /** The name of the chart, a sentence. */
  readonly sentence: string;
  /** The day before the span; `days` count from it. */
  readonly first: string;
  readonly days: readonly number[];
  readonly values: readonly number[];
  /** A second line to compare with. */
  readonly other: readonly number[] | null;
  /** Where the line is tinted from: 0 for returns; null for a line that has no zero. */
  readonly base: number | null;
  readonly isLoss: boolean;
  /** Whether the line is one of amounts of money, which privacy mode hides. */
  readonly isAmount?: boolean;
  readonly axis: (value: number, step: number) => string;
  readonly columns: readonly Column[];
  readonly marks: readonly DayMark[];
  readonly hasEdge: boolean;
  /** Of which figure the lows and highs are in a line that was thinned out; of the return where it is not said. */
  readonly thinnedBy?: string;
}

interface Frame extends Room {
  readonly scale: ValueScale;
}

export class DaysChart {
  readonly #stage: ChartStage;
  readonly #grid = madeSvg("g");
  readonly #area = madeSvg("path");
  readonly #path = madeSvg("path");
  readonly #other = madeSvg("path", { class: "series-bench" });
  readonly #rings = madeSvg("g");
  readonly #edge = madeSvg("g");
  readonly #last = {
    box: madeSvg("rect", { class: "axis-now-box", height: LABEL_HEIGHT, rx: 4 }),
    text: madeSvg("text", { class: "axis-now" }),
  };
  readonly #cross = madeSvg("g", { visibility: "hidden" });
  readonly #crossLine = madeSvg("line", { class: "crosshair" });
  readonly #crossDot = madeSvg("circle", { class: "edge", r: 4 });
  #line: DaysLine | null = null;
  #tickStep = 0;
  #labels: readonly { readonly label: SVGTextElement; readonly y: number }[] = [];

  constructor(container: HTMLElement) {
    this.#edge.append(madeSvg("circle", { class: "edge-beat", r: 7 }), madeSvg("circle", { class: "edge", r: 4.5 }));
    this.#cross.append(this.#crossLine, this.#crossDot);
    const layers = [this.#grid, this.#area, this.#other, this.#path, this.#rings, this.#edge];
    this.#stage = new ChartStage(container, [...layers, this.#last.box, this.#last.text, this.#cross], {
      count: () => this.#line?.days.length ?? 0,
      placeAt: (part) => nearest(this.#line?.days ?? [], part * (this.#line?.days.at(-1) ?? 0)),
      draw: () => this.#draw(),
      drawPointed: () => this.#drawPointed(),
      said: (place) => this.#saidOf(place),
      table: () => (this.#line === null ? made("table") : daysTable(this.#line)),
    });
  }

  /** Shows a line, or the same one with another last value. */
  show(line: DaysLine): void {
    const before = this.#line;
    const isOther = line.first !== this.#line?.first || line.columns[0]?.name !== this.#line?.columns[0]?.name;
    this.#line = line;
    if (isOther) this.#stage.forget();
    this.#stage.name(line.sentence);
    this.#draw();
    if (!this.isTable) return;
    if (!isOther && before?.days === line.days && before.columns.length === line.columns.length)
      this.#showLastRow(line);
    else this.#stage.showTable();
  }

  get isTable(): boolean {
    return this.#stage.isTable;
  }

  toggleTable(): void {
    this.#stage.toggleTable();
  }

  #frame(): Frame | null {
    const line = this.#line;
    const room = this.#stage.room;
    if (line === null || line.values.length === 0 || room === null) return null;
    const values = [...line.values, ...(line.other ?? []), ...(line.base === null ? [] : [line.base])];
    const low = Math.min(...values);
    const high = Math.max(...values);
    const band = Math.max(high - low, leastBand(line, high));
    const above = band * PADDING * (line.marks.length > 0 ? 2 : 1);
    const spare = (band - (high - low)) / 2;
    const around = { low: low - spare - band * PADDING, high: high + spare + above };
    const scale = line.isLoss ? { low: high - band - above, high } : around;
    return { ...room, scale };
  }

  #draw(): void {
    const line = this.#line;
    const frame = this.#frame();
    if (line === null || frame === null) return;
    this.#stage.fit();
    this.#drawAxes(line, frame);
    const points = line.values.map(
      (value, place) => `${this.#x(line, place, frame).toFixed(1)} ${this.#y(value, frame).toFixed(1)}`,
    );
    const path = `M${points.join("L")}`;
    setAll(this.#path, { d: path, class: line.isLoss ? "series-down" : "series" });
    const foot = line.base === null ? frame.height : this.#y(line.base, frame);
    const [from, to] = [this.#x(line, 0, frame), this.#x(line, line.values.length - 1, frame)];
    setAll(this.#area, {
      d: `${path}V${foot.toFixed(1)}H${from.toFixed(1)}Z`,
      class: line.isLoss ? "area-down" : "area",
    });
    setAll(this.#other, {
      d: line.other === null ? "" : this.#pathOf(line.other, line, frame),
      visibility: line.other === null ? "hidden" : "inherit",
    });
    this.#drawRings(line, frame);
    this.#drawLast(line, frame, to);
    this.#drawPointed();
  }

  #pathOf(values: readonly number[], line: DaysLine, frame: Frame): string {
    const points = values.map(
      (value, place) => `${this.#x(line, place, frame).toFixed(1)} ${this.#y(value, frame).toFixed(1)}`,
    );
    return `M${points.join("L")}`;
  }

  #drawAxes(line: DaysLine, { width, height, scale }: Frame): void {
    const ticks = valueTicks(scale.low, scale.high, Math.max(2, Math.round(height / VALUE_GAP)));
    const step = tickStep(ticks);
    this.#tickStep = step;
    const parts: SVGElement[] = [];
    this.#labels = ticks.map((value) => {
      const y = Math.round(yOf(value, scale, height)) + 0.5;
      const isBase = value === line.base;
      parts.push(madeSvg("line", { class: isBase ? "ref-line" : "grid-line", x1: 0, x2: width, y1: y, y2: y }));
      const label = madeSvg("text", { x: width + 9, y: y + 4, class: line.isAmount === true ? "amount" : "" });
      label.textContent = line.axis(value, step);
      parts.push(label);
      return { label, y };
    });
    const count = line.days.at(-1) ?? 0;
    for (const { day, label } of dayTicks(line.first, count, width)) {
      const x = (day / Math.max(1, count)) * width;
      const anchor = x < 24 ? "start" : x > width - 24 ? "end" : "middle";
      const text = madeSvg("text", { x, y: height + AXIS_HEIGHT, "text-anchor": anchor });
      text.textContent = label;
      parts.push(text);
    }
    this.#grid.replaceChildren(...parts);
  }

  #drawRings(line: DaysLine, frame: Frame): void {
    const count = Math.max(1, line.days.at(-1) ?? 1);
    const drawn = flowMarks(
      line.marks,
      (day) => (day / count) * frame.width,
      (day) => this.#y(line.values[nearest(line.days, day)] ?? 0, frame),
    );
    this.#rings.replaceChildren(...drawn);
  }

  #drawLast(line: DaysLine, frame: Frame, x: number): void {
    const value = line.values.at(-1) ?? 0;
    const y = this.#y(value, frame);
    setAll(this.#edge, {
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
      visibility: line.hasEdge ? "inherit" : "hidden",
    });
    const label = line.axis(value, this.#tickStep < FINE_STEP ? this.#tickStep : 0);
    const middle = Math.min(Math.max(y, LABEL_HEIGHT / 2), frame.height - LABEL_HEIGHT / 2);
    const isShown = !line.isLoss;
    setAll(this.#last.box, {
      x: frame.width + 4,
      y: middle - LABEL_HEIGHT / 2,
      width: 10 + label.length * 6.6,
      visibility: isShown ? "inherit" : "hidden",
    });
    setAll(this.#last.text, { x: frame.width + 9, y: middle + 4, visibility: isShown ? "inherit" : "hidden" });
    this.#last.text.textContent = label;
    for (const part of [this.#last.box, this.#last.text]) part.classList.toggle("amount", line.isAmount === true);
    for (const { label: text, y: at } of this.#labels) {
      setAll(text, { visibility: isShown && Math.abs(at - middle) < LABEL_HEIGHT ? "hidden" : "inherit" });
    }
  }

  #drawPointed(): void {
    const line = this.#line;
    const frame = this.#frame();
    const place = this.#stage.pointed;
    const value = line === null || place === null ? undefined : line.values[place];
    setAll(this.#cross, { visibility: value === undefined ? "hidden" : "inherit" });
    if (value === undefined) this.#stage.hideTip();
    if (line === null || frame === null || place === null || value === undefined) return;
    const x = this.#x(line, place, frame);
    setAll(this.#crossLine, { x1: x, x2: x, y1: 0, y2: frame.height });
    setAll(this.#crossDot, { cx: x, cy: this.#y(value, frame) });
    const told = line.columns.flatMap((column) => [made("dt", "", column.name), cellOf("dd", "num", column, place)]);
    this.#stage.showTip(x, dayText(line, place), told, bookedWords(line.marks, line.days[place] ?? -1));
  }

  /** While the market moves, the newest day alone is another one. */
  #showLastRow(line: DaysLine): void {
    const last = line.days.length - 1;
    this.#stage.showNewestRow(
      line.columns.map(({ text }) => text(last)),
      (cell) => cell.firstElementChild ?? cell,
    );
  }

  #x(line: DaysLine, place: number, { width }: Frame): number {
    return ((line.days[place] ?? 0) / Math.max(1, line.days.at(-1) ?? 1)) * width;
  }

  #y(value: number, { scale, height }: Frame): number {
    return yOf(value, scale, height);
  }

  #saidOf(place: number): string {
    const line = this.#line;
    if (line === null) return "";
    const told = line.columns.map(({ name, text, isAmount }) =>
      isAmount === true && isPrivate() ? phrase("{name} hidden", { name }) : `${name} ${text(place)}`,
    );
    return [dayText(line, place), ...told, bookedWords(line.marks, line.days[place] ?? -1)]
      .filter((part) => part !== "")
      .join(", ");
  }
}

/** What hardly moves is drawn flat: the last digit of a figure is no fall. */
function leastBand({ base, isLoss }: DaysLine, high: number): number {
  if (base !== null) return isLoss ? LEAST_LOSS : LEAST_RETURN;
  return Math.max(LEAST_VALUE, Math.abs(high) * LEAST_OF_VALUE || 1);
}

/** The place of the entry that is nearest to `wanted`. */
export function nearest(days: readonly number[], wanted: number): number {
  let [low, high] = [0, days.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [left, right] = [days[middle], days[middle + 1]];
    if (left === undefined || right === undefined || wanted - left <= right - wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
