/** The line itself, painted by Lightweight Charts: above the previous close on gain's tint, below it on loss's. */

import {
  BaselineSeries,
  CrosshairMode,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
} from "lightweight-charts";
import { plotted } from "../lib/decimal";
import type { ChartColours } from "./colours";
import type { TimeScale, ValueScale } from "./scale";
import { isUnseenBetween, MINUTE_MS, type SessionLine } from "./session_line";
import { chartTime, NO_COLOUR, sessionPoint, sessionPoints } from "./session_points";

export class SessionCanvas {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<"Baseline">;
  readonly #scaffold: ISeriesApi<"Line">;
  #scale: ValueScale = { low: 0, high: 1 };
  #colours: ChartColours | null = null;
  #line: SessionLine | null = null;
  #hasReference = false;

  constructor(container: HTMLElement) {
    this.#chart = createChart(container, {
      autoSize: true,
      // The logo would add a <style> element, which the content security policy forbids; the page's foot has the link.
      layout: { background: { color: "transparent" }, attributionLogo: false },
      grid: { vertLines: { visible: false }, horzLines: { visible: false } },
      crosshair: { mode: CrosshairMode.Hidden },
      rightPriceScale: { visible: false, scaleMargins: { top: 0, bottom: 0 } },
      timeScale: { visible: false, minBarSpacing: 0.01, rightOffset: 0 },
      handleScroll: false,
      handleScale: false,
    });
    this.#scaffold = this.#chart.addSeries(LineSeries, { lastValueVisible: false, priceLineVisible: false });
    this.#series = this.#chart.addSeries(BaselineSeries, {
      lineWidth: 2,
      lastValueVisible: false,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
      autoscaleInfoProvider: () => ({ priceRange: { minValue: this.#scale.low, maxValue: this.#scale.high } }),
    });
  }

  colour(colours: ChartColours): void {
    this.#colours = colours;
    this.#paint();
    this.#place();
  }

  /** Without a previous close there is nothing to be above or below of, so there is no tint either. */
  #paint(): void {
    if (this.#colours === null) return;
    const { line } = this.#colours;
    const gainArea = this.#hasReference ? this.#colours.gainArea : NO_COLOUR;
    const lossArea = this.#hasReference ? this.#colours.lossArea : NO_COLOUR;
    this.#series.applyOptions({
      topLineColor: line,
      bottomLineColor: line,
      topFillColor1: gainArea,
      topFillColor2: gainArea,
      bottomFillColor1: lossArea,
      bottomFillColor2: lossArea,
    });
  }

  /** Shows a whole line. The scaffold of empty minutes spans the session, so that what is to come has its place. */
  show(line: SessionLine, time: TimeScale, values: ValueScale): void {
    this.#scale = values;
    this.#line = line;
    const { previousClose } = line.frame;
    const base = previousClose ?? line.minutes[0]?.open;
    this.#hasReference = previousClose !== null;
    this.#paint();
    if (base !== undefined) this.#series.applyOptions({ baseValue: { type: "price", price: plotted(base) } });
    const minutes = Array.from({ length: time.count }, (_, index) => ({
      time: chartTime(time.from + index * MINUTE_MS),
    }));
    this.#scaffold.setData(minutes);
    this.#place();
    this.fit(time);
  }

  /** Shows the newest minute of the line that was shown before. */
  extend(values: ValueScale): void {
    this.#scale = values;
    const [before, last] = this.#line?.minutes.slice(-2) ?? [];
    const newest = last ?? before;
    if (before !== undefined && isUnseenBetween(before, last)) this.#place();
    else if (newest !== undefined) this.#series.update(sessionPoint(newest));
  }

  #place(): void {
    if (this.#line === null || this.#colours === null) return;
    this.#series.setData(sessionPoints(this.#line.minutes, this.#colours.unseenLine));
  }

  fit(time: TimeScale): void {
    this.#chart.timeScale().setVisibleLogicalRange({ from: 0, to: time.count - 1 });
  }

  remove(): void {
    this.#chart.remove();
  }
}
