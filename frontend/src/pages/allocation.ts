/** The page that tells how a portfolio is divided: map and table move with the market, proposed trades every few seconds. */

import { Cell } from "../cells/board";
import { gainCell, wayOf } from "../cells/figures";
import { unpricedNote } from "../cells/holdings";
import { type AllocationData, allocationData, divided, isAllocationData, isUnknown, type Part } from "../cells/parts";
import type { Tile } from "../cells/tiles";
import { hasValue, splitMoney, totalsWords } from "../cells/totals";
import { loaded } from "../charts/load";
import { compared, DASH } from "../lib/decimal";
import { byId, isTyping, textOf } from "../lib/dom";
import { phrase, phraseFor } from "../lib/words";
import type { HeldPortfolio } from "../live/apply_portfolio";
import type { PortfolioTotals } from "../live/messages.gen";
import { AllocationMap } from "./allocation_map";
import { PartsTable } from "./allocation_table";
import { AppShell } from "./app_shell";
import { sayGone } from "./gone";
import { RefreshedPart } from "./refreshed_part";

const RELOAD_EVERY_MS = 5_000;

class AllocationPage {
  readonly #root = byId("portfolio", HTMLElement);
  readonly #id = this.#root.dataset["portfolio"] ?? "";
  readonly #zone = this.#root.dataset["zone"] ?? "UTC";
  readonly #shell = new AppShell({
    onPortfolio: ({ portfolio, held }) => {
      if (portfolio === this.#id) this.#changed(held);
    },
    onAccess: (portfolios) => {
      if (!portfolios.some(({ id }) => id === this.#id)) this.#leave(true);
    },
    onRefused: (portfolio, code) => {
      if (portfolio === this.#id && code === "unknown_portfolio") this.#leave(true);
    },
    onCondition: () => this.#showCoverage(),
    onSignedOut: () => this.#leave(false),
  });
  readonly #table = new PartsTable(this.#shell.board);
  #data: AllocationData = allocationData(byId("allocation-data", Element));
  readonly #map = new AllocationMap(byId("treemap", HTMLElement), {
    isFlat: this.#data.by === "holding",
    addressOf: (tile) => this.#addressOf(tile),
  });
  readonly #panel = byId("map-panel", HTMLElement);
  readonly #value = new Cell(byId("total-value", HTMLElement));
  readonly #minor = new Cell(byId("total-minor", HTMLElement));
  readonly #day = new Cell(byId("total-day", HTMLElement));
  readonly #since = new Cell(byId("total-since", HTMLElement));
  readonly #coverage = new Cell(byId("coverage", HTMLElement));
  readonly #minus = byId("minus-note", HTMLElement);
  readonly #note = byId("parts-note", HTMLElement);
  #painted: HeldPortfolio | null = null;
  #waiting: HeldPortfolio | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  start(): void {
    this.#shell.start([this.#id]);
    this.#startProposal();
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "t" || isTyping(event)) return;
      event.preventDefault();
      this.#table.focus();
    });
  }

  #changed(held: HeldPortfolio): void {
    if (held.isLost) {
      this.#leave(true);
      return;
    }
    if (held.totals === null) return;
    if (this.#waiting === null) this.#shell.board.arrange(() => this.#paint());
    this.#waiting = held;
  }

  /** All figures of a frame are written in one animation frame, so that they add up at every moment. */
  #paint(): void {
    const held = this.#waiting;
    this.#waiting = null;
    if (held === null || held.totals === null || !this.#root.isConnected) return;
    const before = this.#painted?.totals ?? null;
    this.#painted = held;
    const rows = [...held.rows.values()];
    if (held.ledger !== this.#data.head || rows.some((row) => isUnknown(row, this.#data))) this.#askAgain();
    const parts = divided(rows, held.totals.value, this.#data);
    this.#panel.hidden = parts.length === 0;
    this.#table.show(parts, held.totals, this.#data);
    this.#map.show(parts, held.totals.value, sentence(parts, this.#data));
    this.#showHead(held.totals, before);
    const below = parts.filter(({ value }) => compared(value, "0") < 0).map(({ name }) => name);
    const text =
      below.length === 0 ? "" : phrase("Below zero, so in the table alone: {names}.", { names: below.join(", ") });
    textOf(this.#minus).data = text;
    this.#minus.hidden = text === "";
    const note = unpricedNote(rows);
    textOf(this.#note).data = note;
    this.#note.hidden = note === "";
    this.#showCoverage();
  }

  #showHead(totals: PortfolioTotals, before: PortfolioTotals | null): void {
    const isKnown = hasValue(totals);
    const { whole, minor } = isKnown ? splitMoney(totals.value) : { whole: DASH, minor: "" };
    this.#shell.board.set(this.#value, { text: whole, tick: wayOf(before?.value, isKnown ? totals.value : null) });
    this.#shell.board.set(this.#minor, { text: minor });
    this.#shell.board.set(this.#day, gainCell(isKnown ? totals.day : null, before?.day));
  }

  #showCoverage(): void {
    const totals = this.#painted?.totals ?? null;
    if (totals === null) return;
    const { store, arePortfoliosMoving, isYetToBegin } = this.#shell;
    const at = { marketTime: store.marketTime, isCurrent: arePortfoliosMoving || isYetToBegin, zone: this.#zone };
    const { priced, stale, since } = totalsWords(totals, at);
    this.#shell.board.set(this.#coverage, { text: [priced, stale].filter((each) => each !== "").join(", ") });
    this.#shell.board.set(this.#since, { text: since });
    this.#root.toggleAttribute("data-stale", !at.isCurrent);
  }

  /** Something was booked or said: what belongs to what may be another thing now. */
  #askAgain(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    // No frame may follow this one, where the market is closed.
    setTimeout(() => void this.#ask(), Math.max(0, this.#askedAt + RELOAD_EVERY_MS - performance.now()));
  }

  async #ask(): Promise<void> {
    this.#askedAt = performance.now();
    const address = `/portfolios/${this.#id}/allocation.json?by=${this.#data.by}`;
    // Without an answer what was known stays, which does not fit what is painted, and is asked for again.
    this.#data = await loaded(address, isAllocationData, "allocation").catch(() => this.#data);
    this.#isAsking = false;
    const held = this.#shell.store.portfolio(this.#id);
    if (held !== null) this.#changed(held);
  }

  #startProposal(): void {
    const part = document.getElementById("proposal");
    if (part === null) return;
    const text = textOf(byId("refreshed-text", HTMLElement));
    const shape = byId("refreshed-shape", HTMLElement);
    const say = (words: string, isLate: boolean): void => {
      if (text.data !== words) text.data = words;
      shape.setAttribute("class", `shape shape-${isLate ? "stale" : "live"}`);
    };
    new RefreshedPart(part, say, {
      fetch: (address, options) => fetch(address, options),
      now: () => performance.now(),
      reload: () => location.reload(),
    }).start();
  }

  /** An instrument that the feed offers has a page of its own; of all else there are the transactions. */
  #addressOf({ row }: Tile): string {
    const isPublic = this.#shell.store.welcome?.symbols.includes(row.symbol) ?? false;
    const symbol = encodeURIComponent(row.symbol);
    if (row.kind === "holding" && isPublic) return `/portfolios/${this.#id}/instruments/${symbol}/`;
    const what = row.kind === "cash" ? `account=${row.account}` : `symbol=${symbol}`;
    return `/portfolios/${this.#id}/transactions/?${what}`;
  }

  #leave(isSaid: boolean): void {
    this.#waiting = null;
    this.#painted = null;
    if (isSaid && this.#root.isConnected) sayGone(this.#root);
    else this.#root.remove();
  }
}

const DIMENSIONS: { readonly [by: string]: string } = {
  holding: phraseFor("divided by", "holding"),
  account: phraseFor("divided by", "account"),
  class: phraseFor("divided by", "class"),
  currency: phraseFor("divided by", "currency"),
  sector: phraseFor("divided by", "sector"),
  country: phraseFor("divided by", "country"),
  tag: phraseFor("divided by", "tag"),
};

/** `Portfolio by class: Shares 61.2 %, Cash 38.8 %.` */
function sentence(parts: readonly Part[], { by }: AllocationData): string {
  const told = parts
    .filter(({ value }) => compared(value, "0") > 0)
    .slice(0, 4)
    .map(({ name, weight }) => `${name} ${weight}`);
  const values = { by: DIMENSIONS[by] ?? by, parts: told.join(", ") };
  return parts.length > told.length
    ? phrase("Portfolio by {by}: {parts} and others.", values)
    : phrase("Portfolio by {by}: {parts}.", values);
}

new AllocationPage().start();
