/** Everything of today's chart that is not the line: axes, previous close, last value, live edge, crosshair. SVG around it. */

import { plotted, priceText, roundedText } from "../lib/decimal";
import { madeSvg, setAll } from "../lib/dom";
import { clockOf } from "../lib/times";
import { flowMarks } from "./flow_marks";
import { type TimeScale, type ValueScale, xOf, yOf } from "./scale";
import { type Minute, PRICE_WORDS, type SessionLine } from "./session_line";
import { offsetOf, timeTicks, valueTicks } from "./ticks";

const LABEL_HEIGHT = 18;
const VALUE_GAP = 48;
const TIME_LABEL_WIDTH = 40;
/** What would be `visible` would stay so while the table stands in the chart's place. */
const SHOWN = "inherit";

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly time: TimeScale;
  readonly values: ValueScale;
}

/** The room that charts.css leaves to the plot: the axes stand right of it and below. */
export function plotSize(plot: Element): { readonly width: number; readonly height: number } {
  const { width, height } = plot.getBoundingClientRect();
  return { width, height };
}

export class Overlay {
  /** Below the line: what it is read against. */
  readonly under = madeSvg("svg", { class: "session-over", "aria-hidden": "true" });
  /** On top of the line: what marks a point of it. */
  readonly over = madeSvg("svg", { class: "session-over", "aria-hidden": "true" });
  readonly #grid = madeSvg("g");
  #valueLabels: readonly ValueLabel[] = [];
  readonly #marks = madeSvg("g");
  readonly #rings = madeSvg("g");
  readonly #edge = madeSvg("g");
  readonly #beat = madeSvg("circle", { class: "edge-beat", r: 7 });
  readonly #now = new AxisLabel("axis-now-box", "axis-now");
  readonly #cross = madeSvg("g", { visibility: "hidden" });
  readonly #crossX = madeSvg("line", { class: "crosshair" });
  readonly #crossY = madeSvg("line", { class: "crosshair" });
  readonly #crossDot = madeSvg("circle", { class: "edge", r: 4 });
  readonly #crossLabel = new AxisLabel("axis-cross", "axis-cross-text");

  constructor() {
    this.#edge.append(this.#beat, madeSvg("circle", { class: "edge", r: 4.5 }));
    this.#cross.append(this.#crossX, this.#crossY, this.#crossDot, this.#crossLabel.element);
    this.under.append(this.#grid);
    this.over.append(this.#marks, this.#rings, this.#edge, this.#now.element, this.#cross);
  }

  /** Draws the axes and the previous close; needed where the scale or the size changed. */
  drawFrame(line: SessionLine, layout: Layout): void {
    this.#valueLabels = valueLabels(line, layout);
    const lines = this.#valueLabels.map(({ y }) => gridLine(layout.width, y));
    const labels = this.#valueLabels.map(({ label }) => label);
    this.#grid.replaceChildren(...lines, ...labels, ...timeLabels(line, layout));
    this.#marks.replaceChildren(...previousClose(line, layout));
    this.#rings.replaceChildren(...bookedMarks(line, layout));
  }

  /** Moves the live edge and the label of the last value. */
  drawLast(line: SessionLine, layout: Layout): void {
    const { last } = line;
    const visibility = last === undefined ? "hidden" : SHOWN;
    setAll(this.#edge, { visibility });
    setAll(this.#now.element, { visibility });
    if (last === undefined) return;
    const { x, y } = position(last, layout);
    setAll(this.#edge, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    this.#now.place(layout, y, axisText(last.close, line), line.frame.isAmount);
    for (const { label, y: at } of this.#valueLabels) {
      setAll(label, { visibility: Math.abs(at - y) < LABEL_HEIGHT ? "hidden" : SHOWN });
    }
  }

  drawCross(line: SessionLine, minute: Minute | null, layout: Layout): void {
    setAll(this.#cross, { visibility: minute === null ? "hidden" : SHOWN });
    if (minute === null) return;
    const { x, y } = position(minute, layout);
    setAll(this.#crossX, { x1: x, x2: x, y1: 0, y2: layout.height });
    setAll(this.#crossY, { x1: 0, x2: layout.width, y1: y, y2: y });
    setAll(this.#crossDot, { cx: x, cy: y });
    this.#crossLabel.place(layout, y, axisText(minute.close, line), line.frame.isAmount);
  }
}

interface ValueLabel {
  readonly label: SVGTextElement;
  readonly y: number;
}

/** A filled label on the value axis. */
class AxisLabel {
  readonly element = madeSvg("g");
  readonly #box: SVGRectElement;
  readonly #text: SVGTextElement;

  constructor(boxClass: string, textClass: string) {
    this.#box = madeSvg("rect", { class: boxClass, height: LABEL_HEIGHT, rx: 4 });
    this.#text = madeSvg("text", { class: textClass });
    this.element.append(this.#box, this.#text);
  }

  place(layout: Layout, y: number, label: string, isAmount = false): void {
    this.element.classList.toggle("amount", isAmount);
    const middle = Math.min(Math.max(y, LABEL_HEIGHT / 2), layout.height - LABEL_HEIGHT / 2);
    setAll(this.#box, { x: layout.width + 4, y: middle - LABEL_HEIGHT / 2, width: 10 + label.length * 6.6 });
    setAll(this.#text, { x: layout.width + 9, y: middle + 4 });
    this.#text.textContent = label;
  }
}

function position(minute: Minute, layout: Layout): { readonly x: number; readonly y: number } {
  return {
    x: xOf(minute.at, layout.time, layout.width),
    y: yOf(plotted(minute.close), layout.values, layout.height),
  };
}

function valueLabels(line: SessionLine, { values, width, height }: Layout): readonly ValueLabel[] {
  const ticks = valueTicks(values.low, values.high, Math.max(2, Math.round(height / VALUE_GAP)));
  return ticks.map((value) => {
    const y = Math.round(yOf(value, values, height)) + 0.5;
    const label = madeSvg("text", { x: width + 9, y: y + 4, class: line.frame.isAmount === true ? "amount" : "" });
    label.textContent = axisText(value.toFixed(line.frame.pricePlaces), line);
    return { label, y };
  });
}

/** How many characters the longest price of the day has on the axis. */
export function axisLength(line: SessionLine): number {
  const range = line.range();
  const values = [line.frame.previousClose, range?.high ?? null, range?.low ?? null];
  return Math.max(0, ...values.map((value) => (value === null ? 0 : axisText(value, line).length)));
}

/** A value as the axis has it. */
function axisText(value: string, { frame }: SessionLine): string {
  const { pricePlaces, axisPlaces } = frame;
  return axisPlaces === undefined ? priceText(value, pricePlaces) : roundedText(value, axisPlaces);
}

function gridLine(width: number, y: number): SVGLineElement {
  return madeSvg("line", { class: "grid-line", x1: 0, x2: width, y1: y, y2: y });
}

function timeLabels(line: SessionLine, { time, width, height }: Layout): readonly SVGElement[] {
  const { zone } = line.frame;
  const clock = clockOf(zone);
  const to = time.from + time.count * 60_000;
  const options = { offsetMs: offsetOf(zone, time.from), labelWidth: TIME_LABEL_WIDTH };
  const labels = timeTicks(time.from, to, width, options).map(({ at, anchor }) => {
    const x = ((at - time.from) / (to - time.from)) * width;
    const label = madeSvg("text", { x, y: height + 20, "text-anchor": anchor });
    label.textContent = clock.minute(at);
    return label;
  });
  return [gridLine(width, height + 0.5), ...labels];
}

/** What was booked stands at the minutes that it was booked in. */
function bookedMarks(line: SessionLine, layout: Layout): readonly SVGElement[] {
  const at = new Map(line.minutes.map((minute) => [minute.at, minute]));
  const marks = (line.frame.marks ?? []).filter(({ day }) => at.has(day));
  return flowMarks(
    marks,
    (day) => xOf(day, layout.time, layout.width),
    (day) => yOf(plotted(at.get(day)?.close ?? "0"), layout.values, layout.height),
  );
}

function previousClose(line: SessionLine, { values, width, height }: Layout): readonly SVGElement[] {
  const previous = line.frame.previousClose;
  if (previous === null) return [];
  // On the px in which the tints meet.
  const y = Math.floor(yOf(plotted(previous), values, height)) + 0.5;
  const isHigh = y < 24;
  const label = madeSvg("text", { class: "halo", x: width, y: isHigh ? y + 14 : y - 6, "text-anchor": "end" });
  label.textContent = (line.frame.words ?? PRICE_WORDS).reference;
  return [madeSvg("line", { class: "ref-line", x1: 0, x2: width, y1: y, y2: y }), label];
}
