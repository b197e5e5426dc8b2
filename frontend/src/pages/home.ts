/** The home page: all portfolios of a person live, together by base currency, with what moved and what needs attention. */

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
import { direction, percentText } from "../lib/decimal";
import { byId } from "../lib/dom";
import { showTitle } from "../lib/privacy";
import type { VisiblePortfolio } from "../live/messages.gen";
import { AppShell, startAppShell } from "./app_shell";
import { ConcernList, MoverList } from "./home_lists";
import { PortfolioTable } from "./home_portfolios";
import { Worths } from "./home_worths";
import { Spoken } from "./spoken";

class HomePage {
  readonly #shell: AppShell;
  readonly #worths: Worths;
  readonly #table: PortfolioTable;
  readonly #movers: MoverList;
  readonly #concerns: ConcernList;
  readonly #spoken = new Spoken(byId("spoken", HTMLElement), () => this.#sentence());
  #visible: readonly VisiblePortfolio[] = [];
  #isWaiting = false;
  #painted: readonly NetWorth[] = [];

  constructor() {
    this.#shell = new AppShell({
      onPortfolio: () => this.#show(),
      onAccess: (portfolios) => this.#accessChanged(portfolios),
      onCondition: () => this.#show(),
    });
    const { board } = this.#shell;
    this.#worths = new Worths(board);
    this.#table = new PortfolioTable(board);
    this.#movers = new MoverList(board, (mover) => this.#addressOf(mover.symbol, mover.portfolio));
    this.#concerns = new ConcernList(board, (concern) => this.#addressOfConcern(concern));
  }

  start(): void {
    this.#shell.start("all");
  }

  /** The first portfolio was made in another tab, or the last one is gone: the page is another one then. */
  #accessChanged(portfolios: readonly VisiblePortfolio[]): void {
    this.#visible = portfolios;
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
    this.#worths.show(worths, coverage);
    this.#table.show(this.#visible, valued, isCurrent);
    this.#movers.show(movers(valued));
    this.#concerns.show(concerns(valued));
    this.#painted = worths;
    this.#showTitle(worths);
    this.#spoken.changed();
  }

  #showTitle([first]: readonly NetWorth[]): void {
    if (first === undefined) return;
    const { whole, minor } = worthPieces(first);
    showTitle("Home · Tickfolio", `${whole}${minor} ${first.currency} · Home · Tickfolio`);
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
    const isPublic = this.#shell.store.welcome?.symbols.includes(symbol) ?? false;
    const encoded = encodeURIComponent(symbol);
    return isPublic ? `/stocks/?symbol=${encoded}` : `/portfolios/${portfolio}/transactions/?symbol=${encoded}`;
  }

  #addressOfConcern({ symbol, kind, portfolio }: Concern): string {
    return kind === "holding" ? this.#addressOf(symbol, portfolio) : `/portfolios/${portfolio}/transactions/`;
  }
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
