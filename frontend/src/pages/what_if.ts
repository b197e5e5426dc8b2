/**
 * "What if you sold now?": a quantity or lots, a price and a fee, and what each method would make of them at every tick.
 *
 * The server finds lots and costs in the ledger (what-if.json); the rest is worked out from the price of now. Nothing is booked.
 */

import { Cell, type CellBoard } from "../cells/board";
import { moneyCell } from "../cells/figures";
import { qualityNow } from "../cells/quality";
import { cashOf, grossOf, isWhatIf, type WhatIfData } from "../cells/what_if";
import { compared, DASH, moneyText, priceText, rounded, shortened, summed, times } from "../lib/decimal";
import { byId, within } from "../lib/dom";
import { notation } from "../lib/notation";
import { isPrivate, onPrivacyChange } from "../lib/privacy";
import { readTyped } from "../lib/typed_number";
import { phrase } from "../lib/words";
import type { HeldPortfolio } from "../live/apply_portfolio";
import type { PortfolioRow } from "../live/messages.gen";
import { LotChips } from "./what_if_lots";
import { MethodTable } from "./what_if_methods";

/** After the last key. */
const ASK_AFTER_MS = 150;
/** Where what is live does not fit what was asked for, it is asked again; each time later, since it may never fit. */
const AGAIN_AFTER_MS = 2_000;
const AGAIN_AT_MOST_MS = 60_000;

const PRICES: { readonly [quality: string]: string } = {
  live: phrase("the live price"),
  replay: phrase("the replayed price"),
  simulated: phrase("a simulated price"),
  delayed: phrase("a delayed price"),
  closed: phrase("the last close"),
  stale: phrase("an old price"),
  manual: phrase("entered by hand"),
};

export class WhatIf {
  readonly #root: HTMLElement;
  readonly #board: CellBoard;
  readonly #holding = byId("what-if-holding", HTMLSelectElement);
  readonly #quantity = byId("what-if-quantity", HTMLInputElement);
  readonly #price = byId("what-if-price", HTMLInputElement);
  readonly #fee = byId("what-if-fee", HTMLInputElement);
  readonly #error = byId("what-if-error", HTMLElement);
  readonly #retry = byId("what-if-retry", HTMLButtonElement);
  readonly #hints = {
    method: new Cell(byId("what-if-method", HTMLElement)),
    quantity: new Cell(byId("what-if-quantity-hint", HTMLElement)),
    price: new Cell(byId("what-if-price-hint", HTMLElement)),
    fee: new Cell(byId("what-if-fee-hint", HTMLElement)),
    net: new Cell(byId("what-if-net-hint", HTMLElement)),
  };
  readonly #net = new Cell(byId("what-if-net", HTMLElement));
  readonly #unit = new Cell(byId("what-if-unit", HTMLElement));
  readonly #book = document.getElementById("what-if-book");
  readonly #spoken = byId("what-if-spoken", HTMLElement);
  readonly #lots: LotChips;
  readonly #methods: MethodTable;
  #held: HeldPortfolio | null = null;
  #isCurrent = true;
  #data: WhatIfData | null = null;
  /** Why there is no answer; empty where there is one. */
  #refusal = "";
  #shownNet: string | null = null;
  #asking: AbortController | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** How often it was asked again since it did fit. */
  #misfits = 0;

  constructor(root: HTMLElement, board: CellBoard) {
    this.#root = root;
    this.#board = board;
    this.#methods = new MethodTable(within(root, "table", HTMLTableElement), board);
    this.#lots = new LotChips(() => this.#picked());
  }

  start(): void {
    this.#holding.addEventListener("change", () => this.#begin());
    this.#quantity.addEventListener("input", () => {
      this.#lots.typed();
      this.#askSoon(ASK_AFTER_MS);
    });
    for (const field of [this.#price, this.#fee]) field.addEventListener("input", () => this.#paint());
    onPrivacyChange(() => this.#paint());
    this.#retry.addEventListener("click", () => void this.#ask());
    void this.#ask();
  }

  /** What is held, as last heard. */
  show(held: HeldPortfolio): void {
    this.#held = held;
    const data = this.#data;
    if (data !== null) {
      if (this.#fits(data, held)) this.#misfits = 0;
      else this.#askAgain();
    }
    this.#paint();
  }

  /** Whether prices are as good as they say of themselves. */
  showQuality(isCurrent: boolean): void {
    if (this.#isCurrent === isCurrent) return;
    this.#isCurrent = isCurrent;
    this.#paint();
  }

  // ---------- Asking ----------

  /** Another holding: nothing of the one before is kept. */
  #begin(): void {
    for (const field of [this.#quantity, this.#price, this.#fee]) field.value = "";
    this.#lots.clear();
    this.#data = null;
    this.#shownNet = null;
    void this.#ask();
  }

  #picked(): void {
    const total = this.#lots.total;
    this.#quantity.value =
      total === null || this.#lots.isEmpty ? "" : shortened(total).replace(".", notation().decimal);
    this.#askSoon(0);
  }

  #askSoon(ms: number): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#ask(), ms);
  }

  #askAgain(): void {
    const wait = Math.min(AGAIN_AT_MOST_MS, AGAIN_AFTER_MS * 2 ** this.#misfits);
    if (performance.now() - this.#askedAt < wait || this.#asking !== undefined) return;
    this.#misfits += 1;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const query = this.#query();
    this.#asking?.abort();
    if (query === null) {
      this.#paint();
      return;
    }
    const asking = new AbortController();
    this.#asking = asking;
    this.#askedAt = performance.now();
    try {
      const answer = await fetch(`${this.#root.dataset["address"] ?? ""}?${query}`, {
        headers: { Accept: "application/json" },
        signal: asking.signal,
      });
      this.#take(await answer.json(), answer.ok);
    } catch {
      // What stands there stays, and the pill says since when; unless nothing does, or something else was asked meanwhile.
      if (!asking.signal.aborted && this.#data === null) this.#unanswered();
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  #unanswered(): void {
    this.#refusal = phrase("The server did not answer, so nothing is worked out here.");
    this.#retry.hidden = false;
    this.#paint();
  }

  /** What is to be asked; null where what was typed is no quantity. */
  #query(): string | null {
    const quantity = this.#typed(this.#quantity);
    if (quantity === null || quantity.startsWith("-") || this.#lots.isEmpty) return null;
    const { account, symbol } = this.#place;
    const query = new URLSearchParams({ account, symbol });
    if (quantity !== "") query.set("quantity", quantity);
    const picks = quantity === "" ? "" : this.#lots.picksOf(quantity);
    if (picks !== "") query.set("lots", picks);
    return query.toString();
  }

  #take(document: unknown, isAnswer: boolean): void {
    const inspection = { strict: false, problem: "" };
    this.#retry.hidden = true;
    if (!isAnswer) {
      this.#refusal = detailOf(document);
      this.#data = null;
    } else if (isWhatIf(document, "what-if", inspection)) {
      this.#refusal = "";
      this.#data = document;
      this.#lots.show(document);
    } else throw new TypeError(inspection.problem);
    this.#methods.arrange(this.#data);
    this.#name();
    this.#paint();
    this.#speak();
  }

  /** Sold or bought back, by what the holding is. */
  #name(): void {
    const data = this.#data;
    const isShort = data?.is_short ?? false;
    byId("what-if-title", HTMLElement).textContent = isShort
      ? phrase("What if you bought it back now?")
      : phrase("What if you sold now?");
    byId("what-if-net-label", HTMLElement).textContent = isShort ? phrase("To be paid") : phrase("Net proceeds");
    byId("what-if-relieved", HTMLElement).textContent = isShort
      ? phrase("Brought by the sale")
      : phrase("Relieved cost");
    if (this.#book !== null) this.#book.textContent = isShort ? phrase("Book this purchase") : phrase("Book this sale");
  }

  /** A booking since, another rate or another quantity: the answer is of before. */
  #fits(data: WhatIfData, held: HeldPortfolio): boolean {
    if (held.ledger > data.head) return false;
    const row = this.#row;
    if (row === null || row.price === null || row.value === null || data.rate === null) return true;
    const value = rounded(times(grossOf(data, row.quantity, row.price), data.rate), data.base_coins);
    return compared(value, row.value) === 0;
  }

  // ---------- Showing ----------

  get #place(): { readonly account: string; readonly symbol: string } {
    const [account = "", ...symbol] = this.#holding.value.split(":");
    return { account, symbol: symbol.join(":") };
  }

  get #row(): PortfolioRow | null {
    const { account, symbol } = this.#place;
    return this.#held?.rows.get(`h:${account}:${symbol}`) ?? null;
  }

  /** The decimal in a field; empty where nothing stands in it, null where it is none. */
  #typed(field: HTMLInputElement): string | null {
    return field.value.trim() === "" ? "" : readTyped(field.value, notation().decimal);
  }

  /** The price of now: what was typed, else what the market says; null where it is not known, or is none. */
  get #priceNow(): string | null {
    const typed = this.#typed(this.#price);
    if (typed === null || typed.startsWith("-")) return null;
    if (typed !== "") return typed;
    const row = this.#row;
    return row === null ? (this.#data?.price ?? null) : row.price;
  }

  #paint(): void {
    this.#showProblem();
    const data = this.#data;
    if (data === null) {
      this.#board.set(this.#net, { text: DASH });
      for (const cell of [this.#unit, ...Object.values(this.#hints)]) this.#board.set(cell, { text: "" });
      this.#lead(null, "");
      return;
    }
    this.#showHints(data);
    const typedFee = this.#typed(this.#fee);
    const fee = typedFee === null || typedFee === "" || typedFee.startsWith("-") ? "0" : typedFee;
    const price = data.problem === "" && !this.#hasFault ? this.#priceNow : null;
    const cash = price === null ? null : cashOf(data, price, fee);
    const net = cash?.base ?? null;
    this.#board.set(this.#net, moneyCell(net, this.#shownNet));
    this.#shownNet = net;
    this.#board.set(this.#unit, { text: data.base });
    this.#board.set(this.#hints.net, { text: netWords(data, cash?.net ?? null, fee) });
    this.#methods.show(data, this.#hasFault ? null : price, fee);
    this.#lead(price === null ? null : data, fee);
  }

  #showHints(data: WhatIfData): void {
    const own = data.outcomes.find((outcome) => outcome.is_own);
    const method = data.outcomes.find((outcome) => !outcome.is_picked)?.name ?? "";
    this.#board.set(this.#hints.method, {
      text:
        own === undefined || method === ""
          ? data.account_name
          : phrase("{account} counts by {method}", { account: data.account_name, method }),
    });
    this.#board.set(this.#hints.quantity, {
      text: data.is_short
        ? phrase("of {quantity} sold short", { quantity: priceText(data.held, 0) })
        : phrase("of {quantity} held", { quantity: priceText(data.held, 0) }),
    });
    const held = isPrivate() ? "" : priceText(data.held, 0);
    if (this.#quantity.placeholder !== held) this.#quantity.placeholder = held;
    const row = this.#row;
    const known = row === null ? data.price : row.price;
    const places = row?.price_places ?? data.coins;
    const placeholder = known === null ? "" : priceText(known, places);
    if (this.#price.placeholder !== placeholder) this.#price.placeholder = placeholder;
    this.#board.set(this.#hints.price, { text: `${data.currency}, ${this.#priceWords(row, known)}` });
    this.#board.set(this.#hints.fee, { text: data.currency });
  }

  #priceWords(row: PortfolioRow | null, known: string | null): string {
    if (this.#price.value.trim() !== "") return phrase("as typed");
    if (known === null) return phrase("none is known: type one");
    return PRICES[row === null ? "stale" : qualityNow(row.quality, this.#isCurrent)] ?? phrase("the last price");
  }

  /** The first thing that is wrong with what was typed, with its field; empty where nothing is. */
  get #fault(): { readonly field: HTMLInputElement | null; readonly text: string } {
    for (const field of [this.#quantity, this.#price, this.#fee]) {
      const typed = this.#typed(field);
      const isZero = field === this.#quantity && typed !== null && typed !== "" && compared(typed, "0") === 0;
      if (typed !== null && !typed.startsWith("-") && !isZero) continue;
      const example = `24${notation().decimal}5`;
      return {
        field,
        text: phrase("Expected a number above zero such as {example}, was {typed}.", {
          example,
          typed: field.value.trim().slice(0, 40),
        }),
      };
    }
    const data = this.#data;
    if (this.#lots.isEmpty) return { field: null, text: phrase("Pick a lot, or type a quantity.") };
    if (data === null) return { field: null, text: this.#refusal };
    if (data.problem !== "") return { field: this.#quantity, text: data.problem };
    const [price, fee] = [this.#priceNow, this.#typed(this.#fee)];
    if (price === null || fee === null || fee === "" || cashOf(data, price, fee) !== null)
      return { field: null, text: "" };
    const most = `${moneyText(rounded(grossOf(data, data.quantity, price), data.coins))} ${data.currency}`;
    return {
      field: this.#fee,
      text: phrase("Expected a fee of at most {most}, what the sale brings, was {fee}.", {
        most,
        fee: moneyText(fee),
      }),
    };
  }

  get #hasFault(): boolean {
    return this.#fault.text !== "";
  }

  #showProblem(): void {
    const { field: faulty, text } = this.#fault;
    for (const field of [this.#quantity, this.#price, this.#fee]) {
      if (field === faulty) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    const words = within(this.#error, "span", HTMLElement);
    if (words.textContent !== text) words.textContent = text;
    this.#error.hidden = text === "";
  }

  /** Where it is booked: the form with all that stands here. */
  #lead(data: WhatIfData | null, fee: string): void {
    const link = this.#book;
    if (!(link instanceof HTMLAnchorElement)) return;
    link.toggleAttribute("aria-disabled", data === null);
    const { account, symbol } = this.#place;
    const query = new URLSearchParams({ type: data?.is_short === true ? "buy" : "sell", account, symbol });
    if (data !== null) {
      query.set("quantity", data.quantity);
      query.set("price", this.#priceNow ?? "");
      if (fee !== "0") query.set("fees", fee);
      const picks = this.#lots.picksOf(data.quantity);
      if (picks !== "") query.set("lots", picks);
    }
    const address = `${this.#root.dataset["book"] ?? ""}?${query}`;
    if (link.getAttribute("href") !== address) link.href = address;
  }

  /** What was asked for is told once, and not at every tick. */
  #speak(): void {
    const data = this.#data;
    if (data === null || data.problem !== "" || isPrivate()) return;
    const own = this.#methods.sentence;
    const net = this.#shownNet === null ? phrase("not available") : `${moneyText(this.#shownNet)} ${data.base}`;
    const values = { quantity: priceText(data.quantity, 0), symbol: data.symbol, amount: net };
    const told = data.is_short
      ? phrase("{quantity} {symbol}: to be paid {amount}.", values)
      : phrase("{quantity} {symbol}: net proceeds {amount}.", values);
    this.#spoken.textContent = `${told} ${own}`;
  }
}

/** `4,735.07 USD after a fee of 1.00 USD`; the amount only where it is another than the one above it. */
function netWords(data: WhatIfData, net: string | null, fee: string): string {
  if (net === null) return "";
  const own = data.currency === data.base ? "" : `${moneyText(rounded(net, data.coins))} ${data.currency}`;
  if (compared(fee, "0") === 0) return own;
  const amount = `${moneyText(rounded(summed([fee]) ?? fee, Math.max(data.coins, placesOf(fee))))} ${data.currency}`;
  const beside = data.is_short ? phrase("with {amount} fee", { amount }) : phrase("after {amount} fee", { amount });
  return own === "" ? beside : `${own}, ${beside}`;
}

function placesOf(value: string): number {
  return value.split(".")[1]?.length ?? 0;
}

function detailOf(problem: unknown): string {
  const isProblem = typeof problem === "object" && problem !== null && "detail" in problem;
  return isProblem && typeof problem.detail === "string"
    ? problem.detail
    : phrase("The server did not answer as expected.");
}
