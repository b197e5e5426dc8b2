/** The home page: all portfolios of a person live, together by base currency, with what moved and what needs attention. */

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
import { classSlices, summedTotals } from "../cells/home_day";
import { hasValue, totalsWords } from "../cells/totals";
import { type DayOf, summedDay } from "../charts/net_worth_day";
import { loadPortfolioDay, type PortfolioDay } from "../charts/portfolio_day";
import { loadNetWorthDays } from "../charts/value_days";
import { adopt } from "../lib/adopt";
import { direction, percentText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import { showTitle } from "../lib/privacy";
import { phrase } from "../lib/words";
import type { PortfolioRow, PortfolioTotals, VisiblePortfolio } from "../live/messages.gen";
import { AppShell, startAppShell } from "./app_shell";
import { ConcernList, MoverList } from "./home_lists";
import { PortfolioTable } from "./home_portfolios";
import { Worths } from "./home_worths";
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
  readonly #zone = document.documentElement.dataset["zone"] ?? "UTC";
  /** Whose cards are shown: the first base currency until somebody chooses another. */
  #currency = byId("worths", HTMLElement).querySelector<HTMLElement>("[data-worth]")?.dataset["worth"] ?? "";
  #before: PortfolioTotals | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #visible: readonly VisiblePortfolio[] = [];
  #isWaiting = false;
  #painted: readonly NetWorth[] = [];

  constructor() {
    this.#shell = new AppShell({
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
    for (const button of document.querySelectorAll<HTMLElement>("#currencies button")) {
      button.addEventListener("click", () => this.#choose(button.dataset["currency"] ?? ""));
    }
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#chart.caughtUp();
    });
  }

  #choose(currency: string): void {
    this.#currency = currency;
    this.#before = undefined;
    for (const button of document.querySelectorAll<HTMLElement>("#currencies button")) {
      button.setAttribute("aria-pressed", `${button.dataset["currency"] === currency}`);
    }
    this.#chart.anew();
    this.#show();
  }

  /** The first portfolio was made in another tab, or the last one is gone: the page is another one then. */
  #accessChanged(portfolios: readonly VisiblePortfolio[]): void {
    const isOther = this.#visible.length > 0 && idsOf(this.#visible) !== idsOf(portfolios);
    this.#visible = portfolios;
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
    const valued = this.#visible.flatMap(({ id }) => valuedOf(id, store.portfolio(id)));
    // Before every portfolio has come, a sum over some of them would be wrong; what was recorded stays.
    if (this.#visible.length === 0 || valued.length < this.#visible.length) return;
    const isCurrent = this.#shell.isCurrent || this.#shell.isYetToBegin;
    const worths = netWorths(valued);
    const coverage = worths.map(({ currency }) =>
      coverageText(
        valued.filter(({ totals }) => totals.currency === currency).map(({ totals }) => totals),
        isCurrent,
      ),
    );
    const oldest = worths.map(({ currency }) => this.#oldestOf(valued, currency, isCurrent));
    this.#worths.show(worths, coverage, oldest);
    this.#table.show(this.#visible, valued, isCurrent);
    // What was shown may be gone: the last portfolio of its currency, deleted.
    if (!worths.some(({ currency }) => currency === this.#currency)) this.#currency = worths[0]?.currency ?? "";
    this.#showTogether(valued.filter(({ totals }) => totals.currency === this.#currency));
    this.#movers.show(movers(valued, this.#currency));
    this.#concerns.show(concerns(valued), document.querySelectorAll("#notes > li").length);
    this.#painted = worths;
    this.#showTitle(worths);
    this.#spoken.changed();
  }

  #oldestOf(valued: readonly ValuedPortfolio[], currency: string, isNew: boolean): string {
    const whole = summedTotals(valued.map(({ totals }) => totals).filter((totals) => totals.currency === currency));
    const { marketTime } = this.#shell.store;
    return whole === null ? "" : totalsWords(whole, { marketTime, isCurrent: isNew, zone: this.#zone }).oldest;
  }

  /** The cards that are of one base currency. */
  #showTogether(held: readonly ValuedPortfolio[]): void {
    const totals = summedTotals(held.map((one) => one.totals));
    if (totals === null) return;
    const rows: readonly PortfolioRow[] = held.flatMap((one) => [...one.rows.values()]);
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
    this.#chart.mark(this.#shell.isCurrent && isLive(rows), this.#shell.connection.isReplay);
  }

  async #loadDay(name: string, zone: string): Promise<PortfolioDay> {
    const ids = [...document.querySelectorAll<HTMLElement>("#portfolio-table [data-portfolio]")]
      .filter((row) => row.querySelector('[data-figure="currency"]')?.textContent === this.#currency)
      .map((row) => row.dataset["portfolio"] ?? "");
    const days = ids.map(async (id): Promise<DayOf> => {
      const totals = this.#shell.store.portfolio(id)?.totals ?? null;
      const value = totals !== null && hasValue(totals) ? totals.value : null;
      return { day: await loadPortfolioDay(id, name, zone), value };
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
    const parts = this.#painted.map(({ currency, dayPercent }) => {
      const way = direction(dayPercent);
      const moved = way === "up" || way === "down" ? `${way} ` : "";
      return `${currency} ${moved}${percentText(dayPercent).replace(/^[+\u2212]/, "")}`;
    });
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
