/** What charts stand on: a figure to draw and to point in, what is said of a place, and the same data as a table. SVG. */

import { made, madeSvg, setAll } from "../lib/dom";
import { listenToPointing, placeTip } from "./pointing";
import { steppedTo } from "./stepping";

/** The plot, in px; the axes are beside and below it. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** The chart that stands here. Places are counted from 0. */
export interface Staged {
  /** How many places there are to point at. */
  readonly count: () => number;
  /** The place at this part of the plot's width, from 0 to 1; null where there is none. */
  readonly placeAt: (part: number) => number | null;
  readonly draw: () => void;
  /** Draws what marks the place that is pointed at, or hides it. */
  readonly drawPointed: () => void;
  /** A place in words. */
  readonly said: (place: number) => string;
  /** The whole as a table, with its name. */
  readonly table: () => HTMLTableElement;
}

export class ChartStage {
  readonly #figure = made("div", "session-figure");
  readonly #plot = made("div", "session-plot");
  readonly #svg = madeSvg("svg", { class: "session-over", preserveAspectRatio: "xMinYMin", "aria-hidden": "true" });
  readonly #tip = made("dl", "chart-tip");
  readonly #said = made("p", "visually-hidden");
  readonly #table = made("div", "minutes");
  readonly #observer: ResizeObserver;
  readonly #chart: Staged;
  #pointed: number | null = null;

  constructor(container: HTMLElement, layers: readonly SVGElement[], chart: Staged) {
    this.#chart = chart;
    this.#tip.hidden = true;
    this.#table.hidden = true;
    this.#table.tabIndex = 0;
    this.#table.setAttribute("role", "region");
    this.#figure.tabIndex = 0;
    this.#figure.setAttribute("role", "img");
    this.#said.setAttribute("aria-live", "polite");
    this.#svg.append(...layers);
    this.#figure.append(this.#plot, this.#svg, this.#tip);
    container.replaceChildren(this.#figure, this.#table, this.#said);
    listenToPointing(this.#figure, {
      at: (event) => this.#pointAt(event),
      leave: () => this.#point(null),
      step: (event) => this.#step(event),
    });
    this.#observer = new ResizeObserver(() => chart.draw());
    this.#observer.observe(container);
  }

  remove(): void {
    this.#observer.disconnect();
  }

  /** Gives the chart its name, a sentence. */
  name(sentence: string): void {
    if (this.#figure.getAttribute("aria-label") !== sentence) this.#figure.setAttribute("aria-label", sentence);
  }

  /** The room to draw in; null while there is none. */
  get room(): Room | null {
    const { width, height } = this.#plot.getBoundingClientRect();
    return width < 1 || height < 1 ? null : { width, height };
  }

  /** Draws to the scale of the figure as it is now. Paper is narrower, and what is there shrinks with the box. */
  fit(): void {
    const { width, height } = this.#figure.getBoundingClientRect();
    setAll(this.#svg, { viewBox: `0 0 ${width} ${height}` });
  }

  // ---------- Pointing ----------

  get pointed(): number | null {
    return this.#pointed;
  }

  /** Points at nothing; the next drawing shows it. */
  forget(): void {
    this.#pointed = null;
  }

  hideTip(): void {
    this.#tip.hidden = true;
  }

  /** Tells of the place at `x`: a heading, terms with their descriptions, and what happened there, where anything did. */
  showTip(x: number, when: string, told: readonly HTMLElement[], happened = ""): void {
    const extra = happened === "" ? [] : [made("dd", "when", happened)];
    this.#tip.replaceChildren(made("dd", "when num", when), ...told, ...extra);
    this.#tip.hidden = false;
    placeTip(this.#tip, x, this.room?.width ?? 0);
  }

  #point(place: number | null): void {
    this.#pointed = place;
    this.#chart.drawPointed();
  }

  #pointAt(event: PointerEvent): void {
    const { left, width } = this.#plot.getBoundingClientRect();
    if (width < 1 || this.#chart.count() === 0) return;
    this.#point(this.#chart.placeAt((event.clientX - left) / width));
  }

  /** Left and right move by a place, with Shift by ten; Home and End go to the edges, Escape leaves. */
  #step(event: KeyboardEvent): void {
    const target = steppedTo(event, this.#pointed, this.#chart.count());
    if (target === undefined) return;
    event.preventDefault();
    this.#point(target);
    if (target !== null) this.#said.textContent = this.#chart.said(target);
  }

  // ---------- The table ----------

  get isTable(): boolean {
    return !this.#table.hidden;
  }

  toggleTable(): void {
    this.#table.hidden = this.isTable;
    if (this.isTable) {
      this.showTable();
      this.#table.focus();
    } else this.#figure.focus();
  }

  /** Makes the table anew; where one read in it stays. */
  showTable(): void {
    const { scrollTop } = this.#table;
    const table = this.#chart.table();
    this.#table.setAttribute("aria-label", table.getAttribute("aria-label") ?? "");
    this.#table.replaceChildren(table);
    this.#table.scrollTop = scrollTop;
  }

  /** While the market moves, the newest row alone is another one. `into` gives where in a cell the text stands. */
  showNewestRow(texts: readonly string[], into: (cell: Element) => Element = (cell) => cell): void {
    const cells = this.#table.querySelectorAll("tbody tr:first-child td");
    for (const [at, told] of texts.entries()) {
      const cell = cells[at] === undefined ? undefined : into(cells[at]);
      if (cell !== undefined && cell.textContent !== told) cell.textContent = told;
    }
  }
}
