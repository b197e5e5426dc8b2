/** The income page: yields and what is still to be paid move with prices and rates, all else when something is booked. */

import { Cell } from "../cells/board";
import { wayOf } from "../cells/figures";
import { heldNow, inBase, ratesNow, type YieldNow, yieldNow, yieldOfAll, yieldText } from "../cells/income";
import { MonthsBars } from "../charts/months_bars";
import { type Bars, barsByHolding, barsByYear, type MonthsData, monthsData } from "../charts/months_data";
import { adopt } from "../lib/adopt";
import { moneyText, summed } from "../lib/decimal";
import { byId } from "../lib/dom";
import { isPrivate, onPrivacyChange } from "../lib/privacy";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell } from "./app_shell";
import { makeAnew } from "./made_anew";
import { ofPortfolio } from "./one_portfolio";
import { PageRefresh, type Rhythm } from "./page_refresh";

const RHYTHM: Rhythm = { every: 30_000, afterHidden: 600, untilItFits: [600] };
const MONTHS_SHOWN = 24;
const MONTHS_ON_NARROW = 12;
const NARROW_PX = 560;

class IncomePage {
  readonly #root = byId("portfolio", HTMLElement);
  readonly #id = this.#root.dataset["portfolio"] ?? "";
  readonly #base = this.#root.dataset["currency"] ?? "";
  readonly #places = Number(this.#root.dataset["places"] ?? "2");
  readonly #shell: AppShell;
  readonly #chart: IncomeChart | null;
  readonly #cells = new WeakMap<Element, Cell>();
  readonly #shown = new Map<string, string>();
  readonly #refresh = new PageRefresh(this.#root, RHYTHM, (fresh) => this.#take(fresh));
  #held: HeldPortfolio | null = null;
  #ledger: number | null = null;

  constructor() {
    this.#shell = new AppShell(ofPortfolio(this.#id, this.#root, (held) => this.#changed(held)));
    const data = monthsData(document.getElementById("income-data"));
    const container = document.getElementById("months");
    this.#chart = data === null || container === null ? null : new IncomeChart(container, data);
  }

  start(): void {
    this.#shell.start([this.#id]);
    this.#refresh.start();
  }

  #changed(held: HeldPortfolio): void {
    if (held.totals === null) return;
    this.#held = held;
    if (this.#ledger !== null && this.#ledger !== held.ledger) this.#refresh.within(0);
    this.#ledger = held.ledger;
    this.#shell.board.arrange(this.#paint);
  }

  // ---------- What moves ----------

  /** All figures in one animation frame, so that they add up at every moment. */
  readonly #paint = (): void => {
    const held = this.#held;
    if (held === null || !this.#root.isConnected) return;
    this.#paintYields(held);
    this.#paintPayments(held);
  };

  #paintYields(held: HeldPortfolio): void {
    const now = heldNow(held.rows.values());
    const rows = [...this.#root.querySelectorAll<HTMLElement>("tr[data-yield]")];
    const incomes = rows.map((row) => ({
      row,
      symbol: row.dataset["yield"] ?? "",
      income: row.dataset["income"] ?? "0",
    }));
    // What was bought or sold makes other rows, which the server knows.
    if (incomes.length !== now.size || incomes.some(({ symbol }) => !now.has(symbol))) {
      this.#refresh.untilItFits();
      return;
    }
    const each = incomes.map(({ row, symbol, income }) => {
      const shown = { income, ...yieldNow(income, now.get(symbol) ?? { value: null, cost: null }) };
      this.#writeYield(row, symbol, shown);
      return shown;
    });
    const all = yieldOfAll(each);
    const total = this.#root.querySelector("tr[data-yield-total]");
    if (total !== null) this.#writeYield(total, "total", all);
    for (const [figure, percent] of [
      ["head-on-value", all.onValue],
      ["head-on-cost", all.onCost],
    ] as const) {
      this.#write(this.#root, figure, yieldText(percent), percent, "head");
    }
  }

  #writeYield(row: Element, key: string, { value, cost, onValue, onCost }: YieldNow): void {
    this.#write(row, "value", moneyText(value), value, key);
    this.#write(row, "cost", moneyText(cost), cost, key);
    this.#write(row, "on-value", yieldText(onValue), onValue, key);
    this.#write(row, "on-cost", yieldText(onCost), onCost, key);
  }

  #paintPayments(held: HeldPortfolio): void {
    const rates = ratesNow(held.rows.values(), this.#base);
    const months = new Map<string, string[]>();
    for (const [place, line] of [...this.#root.querySelectorAll<HTMLElement>("li[data-amount]")].entries()) {
      const { amount = "", currency = "", kind = "", month = "", value = "" } = line.dataset;
      const now = inBase(amount, currency, rates, this.#places) ?? value;
      if (currency !== this.#base)
        this.#write(line, "value", now === "" ? moneyText(null) : moneyText(now), now, `${place}`);
      if (now === "" || month === "") continue;
      for (const key of [`${kind} ${month}`, `${kind} `]) months.set(key, [...(months.get(key) ?? []), now]);
    }
    for (const row of this.#root.querySelectorAll<HTMLElement>("tr[data-forecast]")) {
      const month = row.dataset["forecast"] ?? "";
      for (const kind of ["known", "repeated"]) {
        const values = months.get(`${kind} ${month}`);
        const sum = values === undefined ? null : summed(values);
        this.#write(row, kind, moneyText(sum), sum, `forecast ${month}`);
      }
    }
  }

  #write(within: Element, figure: string, text: string, value: string | null, key: string): void {
    const element = within.querySelector(`[data-figure="${figure}"]`);
    if (element === null) return;
    const cell = this.#cells.get(element) ?? new Cell(element);
    this.#cells.set(element, cell);
    const name = `${key} ${figure}`;
    const tick = value === null || value === "" ? undefined : wayOf(this.#shown.get(name), value);
    if (value !== null && value !== "") this.#shown.set(name, value);
    this.#shell.board.set(cell, { text, tick });
  }

  // ---------- Asking again ----------

  /** Takes over what another answer says. The first payment makes another page, which is loaded whole. */
  #take(fresh: Document): void {
    const root = fresh.getElementById("portfolio");
    if (root === null) return;
    const data = monthsData(fresh.getElementById("income-data"));
    if ((data === null) !== (this.#chart === null)) makeAnew();
    adopt(this.#root, root);
    if (data !== null) this.#chart?.show(data);
    this.#shell.board.arrange(this.#paint);
  }
}

/** The chart with its two ways to stack and its table. */
class IncomeChart {
  readonly #container: HTMLElement;
  readonly #chart: MonthsBars;
  readonly #legend = byId("months-legend", HTMLElement);
  readonly #table = byId("months-table-button", HTMLButtonElement);
  readonly #buttons = {
    holding: byId("stack-holding", HTMLButtonElement),
    year: byId("stack-year", HTMLButtonElement),
  };
  #data: MonthsData;
  #isByYear = false;

  constructor(container: HTMLElement, data: MonthsData) {
    this.#container = container;
    this.#chart = new MonthsBars(container);
    this.#data = data;
    this.#buttons.holding.addEventListener("click", () => this.#choose(false));
    this.#buttons.year.addEventListener("click", () => this.#choose(true));
    this.#table.addEventListener("click", () => this.#toggle());
    const does = phrase("Show the chart as a table, or the chart");
    shortcuts.register({ keys: ["t"], does, group: "On this page", run: () => this.#toggle() });
    onPrivacyChange(() => this.#draw());
    let isNarrow = this.#isNarrow;
    new ResizeObserver(() => {
      if (isNarrow === this.#isNarrow) return;
      isNarrow = this.#isNarrow;
      this.#draw();
    }).observe(container);
    this.#draw();
  }

  show(data: MonthsData): void {
    this.#data = data;
    this.#draw();
  }

  get #isNarrow(): boolean {
    return this.#container.clientWidth < NARROW_PX;
  }

  #choose(isByYear: boolean): void {
    this.#isByYear = isByYear;
    this.#buttons.holding.setAttribute("aria-pressed", `${!isByYear}`);
    this.#buttons.year.setAttribute("aria-pressed", `${isByYear}`);
    this.#draw();
  }

  #toggle(): void {
    this.#chart.toggleTable();
    this.#table.setAttribute("aria-pressed", `${this.#chart.isTable}`);
  }

  #draw(): void {
    const { currency } = this.#data;
    const count = this.#isNarrow ? MONTHS_ON_NARROW : MONTHS_SHOWN;
    const bars = this.#isByYear ? barsByYear(this.#data) : barsByHolding(this.#data, count);
    const amount = isPrivate() ? phrase("hidden") : `${moneyText(bars.total)} ${currency}`;
    const sentence = this.#isByYear
      ? phrase("Gross income by month, the years stacked: {amount} together.", { amount })
      : phrase("Gross income of the last {count} months, stacked by what paid: {amount} together.", { count, amount });
    this.#chart.show({ bars, currency, sentence });
    this.#legend.replaceChildren(...legendOf(bars));
  }
}

function legendOf({ series }: Bars): readonly Node[] {
  const template = byId("months-legend-item", HTMLTemplateElement);
  return series.map(({ name, category }) => {
    const item = template.content.cloneNode(true);
    if (!(item instanceof DocumentFragment)) return item;
    item.querySelector("rect")?.setAttribute("class", `cat-${category}`);
    item.querySelector("[data-name]")?.append(name);
    return item;
  });
}

new IncomePage().start();
