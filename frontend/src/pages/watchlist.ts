/** The page of a watchlist: live quotes, the order of rows and lists, and what is added and taken out, all in place. */

import { DayRanges, holders } from "../cells/watched";
import { loadWatched } from "../charts/watched_day";
import { byId } from "../lib/dom";
import { ownZone } from "../lib/times";
import { phrase } from "../lib/words";
import type { QuoteRow } from "../live/messages.gen";
import type { RowsChange } from "../live/store";
import { AppShell, startAppShell } from "./app_shell";
import { InPlace } from "./in_place";
import { Sparks } from "./portfolio_sparks";
import { Reorder } from "./reorder";
import { WatchAdd } from "./watchlist_add";
import { WatchedTable } from "./watchlist_table";

/** A symbol that no feed could tell right now is asked for again. */
const WATCH_AGAIN_MS = 60_000;
const SORTED = phrase("The rows are sorted for a look. Choose your own order first: the button above the grips.");

class WatchlistPage {
  readonly #part = byId("watch-page", HTMLElement);
  readonly #moved = byId("moved", HTMLElement);
  readonly #problem = byId("watch-problem", HTMLElement);
  readonly #ranges = new DayRanges();
  readonly #shell = new AppShell({
    onRows: (change) => this.#rowsChanged(change),
    onPortfolio: () => this.#showHeld(),
    onAccess: () => this.#showHeld(),
    onCondition: () => this.#showQuality(),
    isBusy: () => this.#inPlace.isBusy || this.#isMoving,
  });
  readonly #table = new WatchedTable({
    board: this.#shell.board,
    ranges: this.#ranges,
    rows: () => this.#shell.store.rows,
  });
  readonly #sparks = new Sparks(
    this.#part.dataset["list"] ?? "",
    (line) => this.#table.showSpark(line),
    async (id) => {
      const days = await loadWatched(id);
      for (const { line, range } of days) this.#ranges.load(line.frame.symbol, line.frame.sessionDay, range);
      return days.map(({ line }) => line);
    },
  );
  readonly #add = new WatchAdd();
  readonly #inPlace = new InPlace({
    part: this.#part,
    onTaken: () => this.#taken(),
    onFailed: (why) => this.#say(why),
    isHeld: () => this.#isMoving,
  });
  readonly #rowOrder = new Reorder({
    list: this.#table.body,
    refusal: () => (this.#table.isOwnOrder ? "" : SORTED),
    onOrder: (symbols) => this.#storeRows(symbols),
    say: (text) => this.#tell(text),
  });
  #listOrder: Reorder | null = null;
  #listsBefore: readonly string[] = [];
  #before: ReadonlyMap<string, QuoteRow> = new Map();
  #isHeldKnown = false;
  /** Whether the quotes are what this connection gave. */
  #isFresh = false;

  start(): void {
    this.#shell.start("all", this.#table.symbols);
    this.#inPlace.listen();
    this.#sparks.reloadSoon();
    this.#arrangeLists();
    for (const each of document.querySelectorAll<HTMLElement>(".pop-form"))
      each.addEventListener("toggle", () => selectAll(each));
  }

  get #isMoving(): boolean {
    return this.#rowOrder.isBusy || (this.#listOrder?.isBusy ?? false);
  }

  // ---------- Live ----------

  #rowsChanged({ symbols, isSnapshot }: RowsChange): void {
    const { rows } = this.#shell.store;
    this.#isFresh ||= isSnapshot;
    for (const symbol of symbols) {
      const row = rows.get(symbol);
      if (row === undefined) continue;
      this.#ranges.add(symbol, row);
      this.#table.show(symbol, row, isSnapshot ? undefined : this.#before.get(symbol));
      this.#sparks.add([{ kind: "holding", symbol, price: row.price, source_time: row.source_time }]);
    }
    this.#before = rows;
    this.#showQuality();
  }

  #showQuality(): void {
    const { store, isCurrent, isYetToBegin, condition } = this.#shell;
    const isConnecting = condition.name === "connecting";
    this.#isFresh &&= isCurrent || isConnecting;
    // Quotes may come before the portfolios that the side bar waits for.
    const isNewest = isCurrent || isYetToBegin || (isConnecting && this.#isFresh);
    this.#table.showQuality({ marketTime: store.marketTime, isCurrent: isNewest, zone: ownZone() });
  }

  /** Before every portfolio has come, the page says what the server knew of who holds what. */
  #showHeld(): void {
    const { store } = this.#shell;
    const shown = store.visible.slice(0, store.welcome?.limits.portfolios ?? 0);
    this.#isHeldKnown ||= shown.every(({ id }) => store.portfolio(id)?.totals != null);
    if (!this.#isHeldKnown) return;
    this.#table.showHeld(holders(store.visible, (id) => store.portfolio(id)?.rows.values() ?? []));
  }

  // ---------- What was changed ----------

  /** The page says what the server says: what came is watched, what is shown is the newest again. */
  #taken(): void {
    const fresh = this.#table.adopt();
    const { rows } = this.#shell.store;
    for (const symbol of fresh) {
      const row = rows.get(symbol);
      if (row !== undefined) this.#table.show(symbol, row, undefined);
      void this.#watch(symbol);
    }
    if (fresh.length > 0) this.#sparks.reloadSoon();
    this.#add.taken();
    this.#showQuality();
    if (this.#isHeldKnown) this.#showHeld();
    this.#arrangeLists();
    for (const each of document.querySelectorAll<HTMLElement>(".pop-form:popover-open")) each.hidePopover();
    for (const each of document.querySelectorAll<HTMLFormElement>(".pop-form form")) each.reset();
  }

  async #watch(symbol: string): Promise<void> {
    if (!this.#table.symbols.includes(symbol)) return;
    const refusal = await this.#shell.store.watch([symbol]);
    if (refusal !== null) setTimeout(() => void this.#watch(symbol), WATCH_AGAIN_MS);
  }

  #storeRows(symbols: readonly string[]): void {
    this.#table.moved(symbols);
    void this.#inPlace.send(byId("watched", HTMLElement).dataset["order"] ?? "", () => {
      const fields = this.#fields();
      fields.set("version", this.#part.dataset["version"] ?? "");
      for (const symbol of symbols) fields.append("symbol", symbol);
      return fields;
    });
  }

  /** The lists that can be arranged come with the second list and go with it. */
  #arrangeLists(): void {
    const list = document.getElementById("list-order");
    if (list === null) {
      this.#listOrder = null;
      return;
    }
    if (this.#listOrder?.list !== list) {
      this.#listOrder = new Reorder({
        list,
        refusal: () => "",
        onOrder: (keys) => this.#storeLists(list, keys),
        say: (text) => this.#tell(text),
      });
    }
    this.#listsBefore = this.#listOrder.keys;
  }

  #storeLists(list: HTMLElement, keys: readonly string[]): void {
    const seen = this.#listsBefore;
    this.#listsBefore = keys;
    void this.#inPlace.send(list.dataset["order"] ?? "", () => {
      const fields = this.#fields();
      fields.set("at", this.#part.dataset["list"] ?? "");
      for (const key of seen) fields.append("seen", key);
      for (const key of keys) fields.append("list", key);
      return fields;
    });
  }

  #fields(): FormData {
    return new FormData(byId("order-form", HTMLFormElement));
  }

  #tell(text: string): void {
    this.#moved.textContent = text;
  }

  #say(why: string): void {
    this.#problem.hidden = false;
    const words = this.#problem.querySelector("span");
    if (words !== null) words.textContent = why;
  }
}

/** What stands in the field is replaced by what is typed. */
function selectAll(form: HTMLElement): void {
  form.querySelector<HTMLInputElement>("input[name=name]")?.select();
}

if (document.getElementById("watch-page") === null) {
  startAppShell();
  new WatchAdd();
} else new WatchlistPage().start();
