/**
 * The performance page: its head and the last point of its lines move with the market, all else is asked for again every
 * quarter of a minute, and at once where something was booked.
 */

import { Cell, type CellBoard, type CellValue } from "../cells/board";
import {
  closingCell,
  fractionCell,
  gainCell,
  type LiveFigures,
  liveFigures,
  pointsCell,
  returnCell,
  shadeOf,
  timingPoints,
  togetherOf,
  totalPoints,
} from "../cells/performance";
import { fitsLive } from "../cells/performance_fit";
import { type DaysData, daysData } from "../charts/days_data";
import { adopt } from "../lib/adopt";
import { byId } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell } from "./app_shell";
import { makeAnew } from "./made_anew";
import { ofPortfolio } from "./one_portfolio";
import { PageRefresh, type Rhythm } from "./page_refresh";
import { PerformanceCharts } from "./performance_charts";

const RHYTHM: Rhythm = {
  every: 15_000,
  afterHidden: 500,
  untilItFits: [0, 300, 300, 600, 600, 1_200, 2_400, 5_000],
};

class PerformancePage {
  readonly #root = byId("portfolio", HTMLElement);
  readonly #id = this.#root.dataset["portfolio"] ?? "";
  readonly #name = this.#root.dataset["name"] ?? "";
  readonly #shell: AppShell;
  readonly #charts: PerformanceCharts | null;
  readonly #refresh = new PageRefresh(this.#root, RHYTHM, (fresh) => this.#take(fresh));
  #data = daysData(document.getElementById("performance-data"));
  #held: HeldPortfolio | null = null;
  #shown: LiveFigures | null = null;

  constructor() {
    this.#shell = new AppShell({
      ...ofPortfolio(this.#id, this.#root, (held) => this.#changed(held)),
      // The day ends while nothing moves, too.
      onCondition: () => {
        if (this.#held !== null) this.#changed(this.#held);
      },
    });
    const isThere = this.#data !== null;
    this.#charts = isThere ? new PerformanceCharts(this.#name) : null;
  }

  start(): void {
    if (this.#data !== null) this.#charts?.show(this.#data, null);
    this.#shell.start([this.#id]);
    startChoosing();
    registerSpans();
    this.#refresh.start();
  }

  #changed(held: HeldPortfolio): void {
    if (held.totals === null) return;
    this.#held = held;
    this.#shell.board.arrange(this.#paint);
  }

  readonly #paint = (): void => {
    const [held, data] = [this.#held, this.#data];
    if (held === null || held.totals === null || !this.#root.isConnected) return;
    const worths = new Map([...held.rows].map(([key, row]) => [key, row.value]));
    const fits = data !== null && fitsLive(data, held, this.#shell.store.marketTime);
    const figures = fits && data.ends_now ? liveFigures(data, worths) : null;
    if (!fits || (data.ends_now && figures === null)) {
      // The last figures that did fit stay until an answer does.
      this.#refresh.untilItFits();
      return;
    }
    this.#refresh.fits();
    if (figures !== null) this.#show(data, figures);
  };

  /** All figures of a value in one animation frame, so that they add up at every moment. */
  #show(data: DaysData, figures: LiveFigures): void {
    const before = this.#shown;
    this.#shown = figures;
    writeFigures(this.#shell.board, figures, before);
    this.#charts?.show(data, figures);
  }

  // ---------- Asking again ----------

  /** Takes over what another answer of the server says. The first booking makes another page, which is loaded whole. */
  #take(fresh: Document): void {
    const root = fresh.getElementById("portfolio");
    if (root === null) return;
    const data = daysData(fresh.getElementById("performance-data"));
    if ((data === null) !== (this.#data === null)) makeAnew();
    if (data === null || this.#data === null) return;
    adopt(this.#root, root);
    this.#data = data;
    this.#shown = null;
    this.#charts?.show(data, null);
    // What the market has said since is shown in the same frame.
    this.#shell.board.arrange(this.#paint);
  }
}

/** Writes what moves with the market. What the page does not have, such as a return a year of a week, is left out. */
function writeFigures(board: CellBoard, figures: LiveFigures, before: LiveFigures | null): void {
  const set = (element: Element | null, value: CellValue | null): void => {
    if (element !== null && value !== null) board.set(cellOf(element), value);
  };
  const at = (id: string): Element | null => document.getElementById(id);
  set(at("twr"), returnCell(figures, before));
  set(at("gain"), gainCell(figures.gain, before?.gain));
  set(at("closing"), closingCell(figures, before));
  set(at("annual"), figures.annual === null ? null : { text: fractionCell(figures.annual).text });
  set(at("mwr"), figures.mwr === null ? null : fractionCell(figures.mwr));
  for (const [id, fraction] of [
    ["month-now", figures.month],
    ["year-now", figures.year],
  ] as const) {
    const element = at(id);
    if (element === null || fraction === null) continue;
    set(element, { text: fractionCell(fraction).text.replace(/ %$/, "") });
    const cell = id === "month-now" ? element.closest("td") : null;
    if (cell !== null) cell.className = `${shadeOf(fraction)} num`;
  }
  for (const row of document.querySelectorAll<HTMLElement>("tr[data-part]")) {
    const key = row.dataset["part"] ?? "";
    const [points, gain] = figuresOf(key, figures);
    const [pointsBefore, gainBefore] = before === null ? [null, null] : figuresOf(key, before);
    if (points !== null)
      set(row.querySelector('[data-figure="points"]'), pointsCell(points, pointsBefore ?? undefined));
    if (gain !== null) set(row.querySelector('[data-figure="gain"]'), gainCell(gain, gainBefore ?? undefined));
  }
}

function figuresOf(key: string, figures: LiveFigures): readonly [string | null, string | null] {
  if (key === "others") {
    const minor = [...document.querySelectorAll<HTMLElement>("tr.minor")].map(({ dataset }) => dataset["part"] ?? "");
    const { points, gain } = togetherOf(figures, minor);
    return [points, gain];
  }
  if (key === "total") return [totalPoints(figures), figures.gain];
  if (key === "timing") return [timingPoints(figures), null];
  const part = figures.parts.get(key);
  return part === undefined ? [null, null] : [part.points, part.gain];
}

const cells = new WeakMap<Element, Cell>();

function cellOf(element: Element): Cell {
  const known = cells.get(element);
  if (known !== undefined) return known;
  const cell = new Cell(element);
  cells.set(element, cell);
  return cell;
}

/** What days, part and benchmark are chosen in closes as a menu does. */
function startChoosing(): void {
  const chosen = document.querySelector<HTMLDetailsElement>(".chosen-days");
  if (chosen === null) return;
  chosen.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !chosen.open) return;
    chosen.open = false;
    chosen.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !chosen.contains(target)) chosen.open = false;
  });
}

/** The keys 1 to 8 choose a span. */
function registerSpans(): void {
  for (const [at, { textContent }] of document.querySelectorAll("#spans a").entries()) {
    const run = (): void => document.querySelectorAll<HTMLAnchorElement>("#spans a")[at]?.click();
    shortcuts.register({
      keys: [`${at + 1}`],
      does: phrase("Span {name}", { name: textContent ?? "" }),
      group: "On this page",
      run,
    });
  }
}

new PerformancePage().start();
