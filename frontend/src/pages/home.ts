/** The home page: all portfolios of a person live, together in one currency, with what moved and what needs attention. */

import { isLive, newestTime } from "../cells/freshness";
import {
  type Concern,
  concerns,
  coverageText,
  movers,
  type NetWorth,
  netWorths,
  type ValuedPortfolio,
  worthPieces,
} from "../cells/home";
import { classSlices, summedTotals, withoutValue } from "../cells/home_day";
import { spokenMove } from "../cells/spoken_move";
import { hasValue, totalsWords } from "../cells/totals";
import { type DayOf, summedDay } from "../charts/net_worth_day";
import { loadPortfolioDay, type PortfolioDay } from "../charts/portfolio_day";
import { loadNetWorthDays } from "../charts/value_days";
import { adopt } from "../lib/adopt";
import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import { showTitle } from "../lib/privacy";
import { ownZone } from "../lib/times";
import { phrase } from "../lib/words";
import { portfolioIn } from "../live/apply_portfolio";
import type { PortfolioRow, PortfolioTotals, VisiblePortfolio } from "../live/messages.gen";
import { AppShell, startAppShell } from "./app_shell";
import { ConcernList, MoverList } from "./home_lists";
import { PortfolioTable } from "./home_portfolios";
import { NO_WORDS, Worths, type WorthWords } from "./home_worths";
import { Allocation } from "./portfolio_allocation";
import { Attribution } from "./portfolio_attribution";
import { Spoken } from "./spoken";
import { ValueSpans } from "./value_spans";

/** What the server tells beside the figures is asked for again so long after a booking, once for all of a moment. */
const REFRESH_MS = 400;
const NAME = phrase("Net worth");

class HomePage {
  readonly #shell: AppShell;
  readonly #worths: Worths;
  readonly #table: PortfolioTable;
  readonly #movers: MoverList;
  readonly #concerns: ConcernList;
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  readonly #attribution: Attribution;
  readonly #allocation: Allocation;
  readonly #chart: ValueSpans;
  readonly #zone = ownZone();
  /** What all is added up in: a portfolio of another base currency comes in it as well. */
  readonly #currency = byId("worths", HTMLElement).querySelector<HTMLElement>("[data-worth]")?.dataset["worth"] ?? "";
  #before: PortfolioTotals | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #visible: readonly VisiblePortfolio[] = [];
  #isWaiting = false;
  #painted: readonly NetWorth[] = [];

  constructor() {
    this.#shell = new AppShell({
      homeCurrency: this.#currency,
      onPortfolio: () => this.#show(),
      onAccess: (portfolios) => this.#accessChanged(portfolios),
      onCondition: () => this.#show(),
      onEvent: () => this.#refreshSoon(),
    });
    const { board } = this.#shell;
    this.#worths = new Worths(board);
    this.#table = new PortfolioTable(board);
    this.#movers = new MoverList(board, (mover) => this.#addressOf(mover.symbol, mover.portfolio));
    this.#concerns = new ConcernList(board, (concern) => this.#addressOfConcern(concern));
    this.#attribution = new Attribution(board);
    this.#allocation = new Allocation(board, classSlices);
    this.#chart = new ValueSpans({
      id: NAME,
      name: NAME,
      subject: NAME,
      shorter: phrase("from the first day of the first portfolio on"),
      kept: "tickfolio.net-worth-span",
      loadDays: (_id, span) => loadNetWorthDays(this.#currency, span),
      zone: this.#zone,
      load: (_id, name, zone) => this.#loadDay(name, zone),
    });
  }

  start(): void {
    this.#shell.start("all");
    this.#chart.start();
    const choice = document.getElementById("home-currency");
    if (choice instanceof HTMLSelectElement) choice.addEventListener("change", () => choice.form?.requestSubmit());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#chart.caughtUp();
    });
  }

  /** What is watched of a portfolio so that it can be added up. */
  #inHome({ id, currency }: VisiblePortfolio): string {
    return currency === this.#currency ? id : portfolioIn(id, this.#currency);
  }

  /** The first portfolio was made in another tab, or the last one is gone: the page is another one then. */
  #accessChanged(portfolios: readonly VisiblePortfolio[]): void {
    const isOther = this.#visible.length > 0 && idsOf(this.#visible) !== idsOf(portfolios);
    this.#visible = portfolios;
    const { portfolios: limit } = this.#shell.store.welcome?.limits ?? { portfolios: 50 };
    this.#shell.store.watchPortfolios(portfolios.slice(0, limit).map((each) => this.#inHome(each)));
    if (isOther) this.#chart.anew();
    if (portfolios.length === 0 && !this.#shell.store.isSignedOut) location.reload();
    else this.#show();
  }

  /** All figures are written in one animation frame, so that the heads are the sums of the rows at every moment. */
  #show(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#shell.board.arrange(() => {
      this.#isWaiting = false;
      this.#paint();
    });
  }

  #paint(): void {
    const { store } = this.#shell;
    const own = this.#visible.flatMap(({ id }) => valuedOf(id, store.portfolio(id)));
    const converted = this.#visible.flatMap((each) => valuedOf(each.id, store.portfolio(this.#inHome(each))));
    // Before every portfolio has come, a sum over some of them would be wrong; what was recorded stays.
    if (this.#visible.length === 0 || own.length + converted.length < 2 * this.#visible.length) return;
    const valued = converted.map((each, index) => {
      const lacks = each.totals.unpriced > (own[index]?.totals.unpriced ?? 0);
      return lacks ? { ...each, lacksRate: this.#visible[index]?.name ?? "" } : each;
    });
    const isCurrent = this.#shell.arePortfoliosMoving || this.#shell.isYetToBegin;
    const worths = netWorths(valued);
    const coverage = worths.map(({ currency, isWhole, coverage: told }) =>
      isWhole
        ? coverageText(
            valued.filter(({ totals }) => totals.currency === currency).map(({ totals }) => totals),
            isCurrent,
          )
        : told,
    );
    const words = worths.map(({ currency }) => this.#wordsOf(valued, currency, isCurrent));
    this.#worths.show(worths, coverage, words);
    this.#table.show(this.#visible, own, valued, isCurrent);
    this.#showTogether(valued);
    this.#movers.show(movers(valued, this.#currency));
    this.#concerns.show(concerns(valued), document.querySelectorAll("#notes > li").length);
    this.#painted = worths;
    this.#showTitle(worths);
    this.#spoken.changed();
  }

  #wordsOf(valued: readonly ValuedPortfolio[], currency: string, isNew: boolean): WorthWords {
    const whole = summedTotals(valued.map(({ totals }) => totals).filter((totals) => totals.currency === currency));
    const { marketTime } = this.#shell.store;
    return whole === null ? NO_WORDS : totalsWords(whole, { marketTime, isCurrent: isNew, zone: this.#zone });
  }

  /** The cards of all of them together. */
  #showTogether(held: readonly ValuedPortfolio[]): void {
    const sum = summedTotals(held.map((one) => one.totals));
    if (sum === null) return;
    const lacks = held.some(({ lacksRate }) => lacksRate !== undefined);
    const totals = lacks ? withoutValue(sum) : sum;
    const all: readonly PortfolioRow[] = held.flatMap((one) => [...one.rows.values()]);
    const rows = lacks ? all.filter(({ value }) => value === null) : all;
    for (const unit of document.querySelectorAll('[data-unit="base"]')) {
      if (unit.textContent !== totals.currency) unit.textContent = totals.currency;
    }
    this.#attribution.show(rows, totals, this.#before);
    this.#before = totals;
    this.#allocation.show(rows, totals);
    this.#chart.add({
      value: hasValue(totals) ? totals.value : null,
      currency: totals.currency,
      at: newestTime(rows),
      day: totals.reference_day,
      // Grows with every booking in any of them.
      ledger: held.reduce((sum, { id }) => sum + (this.#shell.store.portfolio(id)?.ledger ?? 0), 0),
    });
    this.#chart.mark(this.#shell.arePortfoliosCurrent && isLive(rows), this.#shell.connection.isReplay);
  }

  async #loadDay(name: string, zone: string): Promise<PortfolioDay> {
    const rows = [...document.querySelectorAll<HTMLElement>("#portfolio-table [data-portfolio]")];
    const days = rows.map(async (row): Promise<DayOf> => {
      const id = row.dataset["portfolio"] ?? "";
      const currency = row.querySelector('[data-figure="currency"]')?.textContent ?? this.#currency;
      const isOwn = currency === this.#currency;
      const totals = this.#shell.store.portfolio(isOwn ? id : portfolioIn(id, this.#currency))?.totals ?? null;
      const value = totals !== null && hasValue(totals) ? totals.value : null;
      return { day: await loadPortfolioDay(id, name, zone, isOwn ? "" : this.#currency), value };
    });
    return summedDay(await Promise.all(days), name, zone);
  }

  // ---------- What the server tells beside the figures ----------

  #refreshSoon(): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      void this.#takeNotes();
    }, REFRESH_MS);
  }

  async #takeNotes(): Promise<void> {
    try {
      const fresh = await pageAnew();
      if (fresh === null) return;
      for (const id of ["notes", "dividends"]) {
        const [here, there] = [document.getElementById(id), fresh.getElementById(id)];
        if (here !== null && there !== null) adopt(here, there);
      }
      this.#show();
    } catch {
      // No connection: what stands there stays, and the pill says since when.
    }
  }

  #showTitle([first]: readonly NetWorth[]): void {
    if (first === undefined) return;
    const { whole, minor } = worthPieces(first);
    const home = phrase("Home");
    showTitle(`${home} · Tickfolio`, `${whole}${minor} ${first.currency} · ${home} · Tickfolio`);
  }

  /** `EUR up 0.43 %, USD down 0.10 %.` */
  #sentence(): string {
    const told = this.#shell.connection.spoken(this.#shell.condition);
    if (told !== "" || this.#painted.length === 0) return told;
    const parts = this.#painted.map(({ currency, dayPercent }) => spokenMove(currency, dayPercent));
    return `${parts.join(", ")}.`;
  }

  #addressOf(symbol: string, portfolio: string): string {
    return `/portfolios/${portfolio}/instruments/${encodeURIComponent(symbol)}/`;
  }

  #addressOfConcern({ symbol, kind, portfolio }: Concern): string {
    return kind === "holding" ? this.#addressOf(symbol, portfolio) : `/portfolios/${portfolio}/transactions/`;
  }
}

function idsOf(portfolios: readonly VisiblePortfolio[]): string {
  return portfolios
    .map(({ id }) => id)
    .sort()
    .join(" ");
}

function valuedOf(
  id: string,
  held: { readonly totals: ValuedPortfolio["totals"] | null; readonly rows: ValuedPortfolio["rows"] } | null,
): readonly ValuedPortfolio[] {
  return held?.totals == null ? [] : [{ id, totals: held.totals, rows: held.rows }];
}

/** Who has no portfolio yet sees the ways to the first one; it comes with a reload. */
function waitForTheFirst(): void {
  startAppShell({
    onAccess: (portfolios) => {
      if (portfolios.length > 0) location.reload();
    },
  });
}

if (document.getElementById("worths") === null) waitForTheFirst();
else new HomePage().start();
