/** The page of one portfolio: joins the live store, the head, the parts of the day, the chart, the allocation and the rows. */

import { isLive, newestTime } from "../cells/freshness";
import { spokenMove } from "../cells/spoken_move";
import { hasValue, totalsWords } from "../cells/totals";
import { moneyText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { isPrivate, showTitle } from "../lib/privacy";
import { phrase } from "../lib/words";
import type { HeldPortfolio } from "../live/apply_portfolio";
import type { Condition } from "../live/condition";
import type { PortfolioRow, PortfolioTotals, VisiblePortfolio } from "../live/messages.gen";
import type { PortfolioChange } from "../live/portfolios";
import { AppShell } from "./app_shell";
import { sayGone } from "./gone";
import { HoldingsControls } from "./holdings_controls";
import { askWhetherLost } from "./lost";
import { Allocation } from "./portfolio_allocation";
import { Attribution } from "./portfolio_attribution";
import { PortfolioHeader } from "./portfolio_header";
import { HoldingsTable } from "./portfolio_holdings";
import { Sparks } from "./portfolio_sparks";
import { Spoken } from "./spoken";
import { ValueSpans } from "./value_spans";

/** What the switcher says where it stands on no portfolio, as parts/switcher.html has it. */
const NO_PORTFOLIO = phrase("All portfolios");

class PortfolioPage {
  readonly #root = byId("portfolio", HTMLElement);
  readonly #id = this.#root.dataset["portfolio"] ?? "";
  readonly #zone = this.#root.dataset["zone"] ?? "UTC";
  readonly #shell: AppShell;
  readonly #header: PortfolioHeader;
  readonly #attribution: Attribution;
  readonly #allocation: Allocation;
  readonly #controls: HoldingsControls;
  #holdings: HoldingsTable;
  readonly #day = byId("portfolio-day", HTMLElement);
  readonly #chart: ValueSpans;
  readonly #sparks: Sparks;
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  #name = this.#root.dataset["name"] ?? "";
  /** What the page shows, and what it will show with the next frame that is painted. */
  #painted: HeldPortfolio | null = null;
  #waiting: HeldPortfolio | null = null;
  #isGone = false;

  constructor() {
    this.#shell = new AppShell({
      onPortfolio: (change) => this.#changed(change),
      onAccess: (portfolios) => this.#accessChanged(portfolios),
      onRefused: (portfolio, code) => this.#refused(portfolio, code),
      onCondition: (condition) => this.#conditionChanged(condition),
      onSignedOut: () => this.#leave(),
    });
    const { board } = this.#shell;
    this.#header = new PortfolioHeader(board);
    this.#attribution = new Attribution(board);
    this.#allocation = new Allocation(board);
    this.#controls = new HoldingsControls({
      onFilter: (text) => this.#holdings.filter(text),
      onReplaced: () => this.#replaced(),
      onLearned: () => this.#holdings.learn(),
    });
    this.#holdings = this.#table();
    this.#chart = new ValueSpans({ id: this.#id, name: this.#name, zone: this.#zone });
    this.#sparks = new Sparks(this.#id, (line) => this.#holdings.showSpark(line));
  }

  start(): void {
    this.#shell.start([this.#id]);
    this.#controls.start();
    this.#chart.start();
    // The lines beside the names are asked for with the first figures: before them the server has more urgent things to say.
    for (const name of ["beforeprint", "copy"]) addEventListener(name, () => this.#holdings.writeAll());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#chart.caughtUp();
    });
  }

  // ---------- The holdings ----------

  #table(folded: ReadonlySet<string> = new Set()): HoldingsTable {
    return new HoldingsTable({
      board: this.#shell.board,
      addressOf: (row) => this.#addressOf(row),
      onSort: (order) => this.#controls.keepOrder(order),
      folded,
    });
  }

  /** The server made the table anew, as somebody chose it: it goes on living where the one before was. */
  #replaced(): void {
    this.#holdings = this.#table(this.#holdings.folded);
    const held = this.#painted;
    if (held === null || held.totals === null || this.#isGone) return;
    const { totals, rows } = held;
    this.#shell.board.arrange(() => {
      this.#holdings.show(rows, totals);
      this.#holdings.filter(this.#controls.filter);
      this.#showCondition();
      this.#sparks.repeat();
    });
  }

  // ---------- What the server says ----------

  #changed(change: PortfolioChange): void {
    if (change.portfolio !== this.#id) return;
    if (change.held.isLost) void this.#lost();
    else this.#show(change.held);
  }

  /** All figures of a frame are written in one animation frame, so that they add up at every moment. */
  #show(held: HeldPortfolio): void {
    if (this.#waiting === null) this.#shell.board.arrange(() => this.#paint());
    this.#waiting = held;
  }

  #paint(): void {
    const held = this.#waiting;
    this.#waiting = null;
    if (held === null || held.totals === null || this.#isGone) return;
    const { totals, rows } = held;
    const before = this.#painted?.totals ?? undefined;
    const isBooked = this.#painted !== null && this.#painted.ledger !== held.ledger;
    this.#painted = held;
    this.#day.hidden = rows.size === 0;
    this.#header.show(totals, before);
    this.#attribution.show(rows.values(), totals, before);
    this.#allocation.show(rows.values(), totals);
    this.#holdings.show(rows, totals);
    if (isBooked && (this.#holdings.lacksTraits || this.#controls.showsClosed)) void this.#controls.learn();
    this.#showCondition();
    this.#showTitle(totals);
    this.#chart.add({
      value: hasValue(totals) ? totals.value : null,
      currency: totals.currency,
      at: newestTime(rows.values()),
      day: totals.reference_day,
      ledger: held.ledger,
    });
    this.#sparks.add(rows.values());
    this.#spoken.changed();
  }

  #accessChanged(portfolios: readonly VisiblePortfolio[]): void {
    const seen = portfolios.find(({ id }) => id === this.#id);
    if (seen !== undefined && seen.name !== this.#name && !this.#isGone) this.#rename(seen.name);
  }

  #refused(portfolio: string, code: string): void {
    if (portfolio === this.#id && code === "unknown_portfolio") void this.#lost();
  }

  // ---------- Gone ----------

  /** The portfolio is not this person's any more, or nobody is signed in: the server says which. */
  async #lost(): Promise<void> {
    if (!this.#isGone) await askWhetherLost(this.#id, { store: this.#shell.store, gone: () => this.#sayGone() });
  }

  #sayGone(): void {
    this.#leave();
    sayGone(this.#root);
  }

  /** Takes the figures off the page, and the name and the sentence that stand outside of them. */
  #leave(): void {
    this.#isGone = true;
    this.#waiting = null;
    this.#painted = null;
    this.#root.remove();
    this.#spoken.end();
    for (const element of document.querySelectorAll("[data-portfolio-name]")) element.textContent = NO_PORTFOLIO;
  }

  // ---------- What stands around it ----------

  #conditionChanged(condition: Condition): void {
    if (this.#isGone) return;
    if (condition.name === "offline" || condition.name === "stale") this.#spoken.changed();
    this.#showCondition();
  }

  #showCondition(): void {
    const held = this.#painted;
    if (held === null || held.totals === null || this.#isGone) return;
    const { store, arePortfoliosMoving, arePortfoliosCurrent, isYetToBegin } = this.#shell;
    const at = { marketTime: store.marketTime, isCurrent: arePortfoliosMoving || isYetToBegin, zone: this.#zone };
    this.#header.showCoverage(held.totals, at);
    this.#holdings.showQuality(at);
    this.#root.toggleAttribute("data-stale", !at.isCurrent);
    this.#chart.mark(arePortfoliosCurrent && isLive(held.rows.values()), this.#shell.connection.isReplay);
  }

  #showTitle(totals: PortfolioTotals): void {
    showTitle(`${this.#name} · Tickfolio`, `${this.#name} ${valueText(totals)} ${totals.currency} · Tickfolio`);
  }

  #rename(name: string): void {
    this.#name = name;
    for (const element of document.querySelectorAll("[data-portfolio-name]")) element.textContent = name;
    if (this.#painted?.totals != null) this.#showTitle(this.#painted.totals);
  }

  /** `Long term up 0.43 %, 145,479.20 EUR, 12 of 13 priced, 1 stale.` */
  #sentence(): string {
    const told = this.#shell.connection.spoken(this.#shell.condition);
    const totals = this.#painted?.totals;
    if (told !== "" || totals == null) return told;
    const isKnown = hasValue(totals);
    const moved = spokenMove(this.#name, totals.day_percent);
    const words = totalsWords(totals, { marketTime: null, isCurrent: true, zone: this.#zone });
    const parts = [
      isKnown ? moved : phrase("{name} has no value now", { name: this.#name }),
      ...(isKnown && !isPrivate() ? [`${moneyText(totals.value)} ${totals.currency}`] : []),
      words.priced,
      ...(words.stale === "" ? [] : [words.stale]),
    ];
    return `${parts.join(", ")}.`;
  }

  /** An instrument has a page of its own; of all else there are the transactions. */
  #addressOf(row: PortfolioRow): string {
    const symbol = encodeURIComponent(row.symbol);
    if (row.kind === "holding") return `/portfolios/${this.#id}/instruments/${symbol}/`;
    const what = row.kind === "cash" ? `account=${row.account}` : `symbol=${symbol}`;
    return `/portfolios/${this.#id}/transactions/?${what}`;
  }
}

/** A dash where nothing has a value, and never a zero. */
function valueText(totals: PortfolioTotals): string {
  return moneyText(hasValue(totals) ? totals.value : null);
}

new PortfolioPage().start();
