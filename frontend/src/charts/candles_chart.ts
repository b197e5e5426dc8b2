/** Candles with volume: axes, marks, live edge, crosshair by pointer and arrow keys, tooltip, and the same data as a table. SVG. */

import { plotted, priceText, roundedText } from "../lib/decimal";
import { made, madeSvg, setAll } from "../lib/dom";
import { candleTicks } from "./candle_ticks";
import { candleFigures, candlesSentence, candlesTable, volumeText, whenText } from "./candle_words";
import type { CandleEvent, CandleSeries } from "./candles";
import { bookedWords, RING, RING_GAP, rings } from "./day_marks";
import type { DayMark } from "./days_data";
import { type ValueScale, yOf } from "./scale";
import { ChartStage, type Room } from "./stage";
import { placesOf, tickStep, valueTicks } from "./ticks";

const VALUE_GAP = 44;
const LABEL_HEIGHT = 18;
const AXIS_HEIGHT = 20;
const PADDING = 0.07;
/** The room above the highest price for a ring, and below the lowest for the volume; parts of the price's own band. */
const ROOM_FOR_MARKS = 0.08;
const ROOM_FOR_VOLUME = 0.16;
const VOLUME_PART = 0.2;
/** The least that the axis spans, as a part of the price. */
const LEAST_BAND = 0.002;
const BODY = 0.62;
const MOST_BODY = 13;
const RING_ABOVE = 14;
const FULL_PRICE_PLACES = 2;
const CHARACTER = 6.6;

interface Frame extends Room {
  readonly scale: ValueScale;
  readonly slot: number;
}

export class CandlesChart {
  readonly #stage: ChartStage;
  readonly #grid = madeSvg("g");
  readonly #volume = madeSvg("path", { class: "volume" });
  readonly #up = madeSvg("path", { class: "candle candle-up" });
  readonly #down = madeSvg("path", { class: "candle candle-down" });
  readonly #rings = madeSvg("g");
  readonly #edge = madeSvg("g");
  readonly #now = axisLabel("axis-now-box", "axis-now");
  readonly #cross = madeSvg("g", { visibility: "hidden" });
  readonly #crossX = madeSvg("line", { class: "crosshair" });
  readonly #crossY = madeSvg("line", { class: "crosshair" });
  readonly #crossLabel = axisLabel("axis-cross", "axis-cross-text");
  #series: CandleSeries | null = null;
  #unit = "";
  #events: readonly CandleEvent[] = [];
  #marks: readonly DayMark[] = [];
  #tabled = 0;
  #labels: readonly { readonly label: SVGTextElement; readonly y: number }[] = [];

  constructor(container: HTMLElement) {
    this.#edge.append(madeSvg("circle", { class: "edge-beat", r: 6 }), madeSvg("circle", { class: "edge", r: 3.5 }));
    this.#cross.append(this.#crossX, this.#crossY, this.#crossLabel.box, this.#crossLabel.text);
    const drawn = [this.#grid, this.#volume, this.#up, this.#down, this.#rings, this.#edge];
    this.#stage = new ChartStage(container, [...drawn, this.#now.box, this.#now.text, this.#cross], {
      count: () => this.#series?.candles.length ?? 0,
      placeAt: (part) => this.#nearest(part),
      draw: () => this.#draw(),
      drawPointed: () => this.#drawPointed(),
      said: (place) => this.#saidOf(place),
      table: () => this.#tableOf(),
    });
  }

  /** Shows the candles of another span, or other events among them. */
  show(series: CandleSeries, events: readonly CandleEvent[], unit: string): void {
    if (series !== this.#series) this.#stage.forget();
    this.#series = series;
    this.#events = events;
    this.#unit = unit;
    this.moved();
    if (this.isTable) this.#stage.showTable();
  }

  /** The last candle is another one, or one more has come. */
  moved(): void {
    const series = this.#series;
    if (series === null) return;
    this.#marks = marksOf(series, this.#events);
    this.#stage.name(candlesSentence(series, this.#unit));
    this.#draw();
    if (!this.isTable) return;
    if (this.#tabled === series.candles.length) this.#showLastRow(series);
    else this.#stage.showTable();
  }

  remove(): void {
    this.#stage.remove();
  }

  get isTable(): boolean {
    return this.#stage.isTable;
  }

  toggleTable(): void {
    this.#stage.toggleTable();
  }

  /** The most that was traded in one candle, in words; empty where nobody says it. */
  get mostVolume(): string {
    const volumes = volumesOf(this.#series);
    return volumes.length === 0 ? "" : volumeText(`${Math.max(...volumes)}`);
  }

  // ---------- Drawing ----------

  #frame(): Frame | null {
    const series = this.#series;
    const room = this.#stage.room;
    if (series === null || series.candles.length === 0 || room === null) return null;
    const isToday = series.frame.step === "minutes" && series.frame.before !== null;
    const reference = isToday ? [plotted(series.frame.before ?? "0")] : [];
    const high = Math.max(...series.candles.map((candle) => plotted(candle.high)), ...reference);
    const low = Math.min(...series.candles.map((candle) => plotted(candle.low)), ...reference);
    const band = Math.max(high - low, Math.abs(high) * LEAST_BAND);
    const spare = (band - (high - low)) / 2;
    const above = PADDING + (this.#marks.length > 0 ? ROOM_FOR_MARKS : 0);
    const below = PADDING + (volumesOf(series).length > 0 ? ROOM_FOR_VOLUME : 0);
    const scale = { low: low - spare - band * below, high: high + spare + band * above };
    return { ...room, scale, slot: room.width / series.slots };
  }

  #draw(): void {
    const series = this.#series;
    const frame = this.#frame();
    if (series === null || frame === null) return;
    this.#stage.fit();
    this.#drawAxes(series, frame);
    this.#drawCandles(series, frame);
    this.#drawVolume(series, frame);
    this.#drawRings(series, frame);
    this.#drawNow(series, frame);
    this.#drawPointed();
  }

  #drawAxes(series: CandleSeries, { width, height, scale, slot }: Frame): void {
    const ticks = valueTicks(scale.low, scale.high, Math.max(2, Math.round(height / VALUE_GAP)));
    const places = Math.max(placesOf(tickStep(ticks)), Math.min(series.frame.pricePlaces, FULL_PRICE_PLACES));
    const parts: SVGElement[] = [];
    this.#labels = ticks.map((value) => {
      const y = Math.round(yOf(value, scale, height)) + 0.5;
      const label = madeSvg("text", { x: width + 9, y: y + 4 });
      label.textContent = roundedText(value.toFixed(8), places);
      parts.push(madeSvg("line", { class: "grid-line", x1: 0, x2: width, y1: y, y2: y }), label);
      return { label, y };
    });
    const { before, step } = series.frame;
    if (step === "minutes" && before !== null) {
      const y = Math.round(yOf(plotted(before), scale, height)) + 0.5;
      parts.push(madeSvg("line", { class: "ref-line", x1: 0, x2: width, y1: y, y2: y }));
    }
    for (const { slot: at, label } of candleTicks(series, width)) {
      const x = Math.max(0, (at + 0.5) * slot);
      const anchor = x < 20 ? "start" : x > width - 20 ? "end" : "middle";
      const text = madeSvg("text", { x, y: height + AXIS_HEIGHT, "text-anchor": anchor });
      text.textContent = label;
      parts.push(text);
    }
    this.#grid.replaceChildren(...parts);
  }

  #drawCandles(series: CandleSeries, frame: Frame): void {
    const half = bodyOf(frame) / 2;
    const [up, down]: [string[], string[]] = [[], []];
    for (const [place, candle] of series.candles.entries()) {
      const x = Math.round(this.#x(series, place, frame)) + 0.5;
      const y = (price: string): number => yOf(plotted(price), frame.scale, frame.height);
      const isUp = plotted(candle.close) >= plotted(candle.open);
      const [top, foot] = isUp ? [y(candle.close), y(candle.open)] : [y(candle.open), y(candle.close)];
      const body = Math.max(1, foot - top);
      const path =
        `M${x} ${y(candle.high).toFixed(1)}V${top.toFixed(1)}M${x} ${(top + body).toFixed(1)}V${y(candle.low).toFixed(1)}` +
        `M${x - half} ${top.toFixed(1)}h${2 * half}v${body.toFixed(1)}h${-2 * half}z`;
      (isUp ? up : down).push(path);
    }
    setAll(this.#up, { d: up.join("") });
    setAll(this.#down, { d: down.join("") });
  }

  #drawVolume(series: CandleSeries, frame: Frame): void {
    const most = Math.max(0, ...volumesOf(series));
    const half = bodyOf(frame) / 2;
    const bars = series.candles.map(({ volume }, place) => {
      if (volume === null || most === 0) return "";
      const x = Math.round(this.#x(series, place, frame)) + 0.5;
      const tall = (Number(volume) / most) * frame.height * VOLUME_PART;
      return `M${x - half} ${frame.height}v${(-tall).toFixed(1)}h${2 * half}v${tall.toFixed(1)}z`;
    });
    setAll(this.#volume, { d: bars.join("") });
  }

  #drawRings(series: CandleSeries, frame: Frame): void {
    const found = rings(this.#marks, (place) => this.#x(series, place, frame), RING_GAP);
    const drawn = found.map(({ x, day, text, width, isSale }) => {
      const high = plotted(series.candles[day]?.high ?? "0");
      const y = Math.max(RING + 1, yOf(high, frame.scale, frame.height) - RING_ABOVE);
      const ring = madeSvg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
      const letter = madeSvg("text", { class: isSale ? "mark-text mark-text-on" : "mark-text", y: 3.5 });
      setAll(letter, { "text-anchor": "middle" });
      letter.textContent = text;
      const box = { x: -width / 2, y: -RING, width, height: 2 * RING, rx: RING };
      ring.append(madeSvg("rect", { class: isSale ? "mark mark-sell" : "mark", ...box }), letter);
      return ring;
    });
    this.#rings.replaceChildren(...drawn);
  }

  #drawNow(series: CandleSeries, frame: Frame): void {
    const { last } = series;
    if (last === undefined) return;
    const y = yOf(plotted(last.close), frame.scale, frame.height);
    const x = this.#x(series, series.candles.length - 1, frame);
    setAll(this.#edge, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    const middle = placeLabel(this.#now, priceText(last.close, series.frame.pricePlaces), y, frame);
    for (const { label, y: at } of this.#labels) {
      setAll(label, { visibility: Math.abs(at - middle) < LABEL_HEIGHT ? "hidden" : "inherit" });
    }
  }

  // ---------- Pointing ----------

  #drawPointed(): void {
    const series = this.#series;
    const frame = this.#frame();
    const place = this.#stage.pointed;
    const candle = series === null || place === null ? undefined : series.candles[place];
    setAll(this.#cross, { visibility: candle === undefined ? "hidden" : "inherit" });
    if (candle === undefined) this.#stage.hideTip();
    if (series === null || frame === null || place === null || candle === undefined) return;
    const x = this.#x(series, place, frame);
    const y = yOf(plotted(candle.close), frame.scale, frame.height);
    setAll(this.#crossX, { x1: x, x2: x, y1: 0, y2: frame.height });
    setAll(this.#crossY, { x1: 0, x2: frame.width, y1: y, y2: y });
    placeLabel(this.#crossLabel, priceText(candle.close, series.frame.pricePlaces), y, frame);
    const told = candleFigures(series, place).flatMap(([name, text]) => [
      made("dt", "", name),
      made("dd", "num", text),
    ]);
    this.#stage.showTip(x, whenText(series, candle), told, bookedWords(this.#marks, place));
  }

  #nearest(part: number): number {
    const series = this.#series;
    if (series === null) return 0;
    const slot = part * series.slots - 0.5;
    const distances = series.candles.map((_, place) => Math.abs(series.slotOf(place) - slot));
    return distances.indexOf(Math.min(...distances));
  }

  #saidOf(place: number): string {
    const series = this.#series;
    const candle = series?.candles[place];
    if (series === null || candle === undefined) return "";
    const told = candleFigures(series, place).map(([name, text]) => `${name} ${text}`);
    return [whenText(series, candle), ...told, bookedWords(this.#marks, place)]
      .filter((part) => part !== "")
      .join(", ");
  }

  // ---------- The table ----------

  #tableOf(): HTMLTableElement {
    const series = this.#series;
    if (series === null) return made("table");
    this.#tabled = series.candles.length;
    return candlesTable(series, candlesSentence(series, this.#unit), (place) => bookedWords(this.#marks, place));
  }

  /** While the market moves, the newest candle alone is another one. */
  #showLastRow(series: CandleSeries): void {
    this.#stage.showNewestRow(candleFigures(series, series.candles.length - 1).map(([, told]) => told));
  }

  #x(series: CandleSeries, place: number, { slot }: Frame): number {
    return (series.slotOf(place) + 0.5) * slot;
  }
}

/** How wide a candle is, in px: even, so that both its sides and the wick in its middle are on half px. */
function bodyOf({ slot }: Frame): number {
  return Math.max(1, 2 * Math.floor(Math.min(MOST_BODY, slot * BODY) / 2));
}

function volumesOf(series: CandleSeries | null): readonly number[] {
  return (series?.candles ?? []).flatMap(({ volume }) => (volume === null ? [] : [Number(volume)]));
}

/** The events as marks of the candles that hold their days; what is before the first candle is not shown. */
export function marksOf(series: CandleSeries, events: readonly CandleEvent[]): readonly DayMark[] {
  const counts = new Map<string, DayMark>();
  for (const { day, kind, count } of events) {
    const place = series.placeOf(day);
    if (place === null) continue;
    const key = `${place} ${kind}`;
    counts.set(key, { day: place, kind, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

interface AxisLabel {
  readonly box: SVGRectElement;
  readonly text: SVGTextElement;
}

function axisLabel(box: string, text: string): AxisLabel {
  return { box: madeSvg("rect", { class: box, height: LABEL_HEIGHT, rx: 4 }), text: madeSvg("text", { class: text }) };
}

/** Puts a label on the axis, within the plot; gives where its middle is. */
function placeLabel({ box, text }: AxisLabel, label: string, y: number, { width, height }: Frame): number {
  const middle = Math.min(Math.max(y, LABEL_HEIGHT / 2), height - LABEL_HEIGHT / 2);
  setAll(box, { x: width + 4, y: middle - LABEL_HEIGHT / 2, width: 10 + label.length * CHARACTER });
  setAll(text, { x: width + 9, y: middle + 4 });
  text.textContent = label;
  return middle;
}
