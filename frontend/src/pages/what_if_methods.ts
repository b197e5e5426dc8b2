/** The methods side by side: which lots each would use, what these had cost, and what the sale would realize now. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell } from "../cells/figures";
import { type Figures, figuresOf, type Outcome, type UsedLot, type WhatIfData } from "../cells/what_if";
import { minus, moneyText, priceText, quotient, signedMoney, summed } from "../lib/decimal";
import { made, within } from "../lib/dom";
import { countedPhrase, phrase } from "../lib/words";

const NOT_AVAILABLE = phrase("not available");
/** Of the lots that are named one by one. */
const MOST_NAMED = 3;
const UNIT_PLACES = 4;

interface MethodRow {
  readonly outcome: Outcome;
  readonly gain: Cell;
  readonly price: Cell;
  readonly currency: Cell;
  shown: Figures | null;
}

export class MethodTable {
  readonly #table: HTMLTableElement;
  readonly #body: HTMLTableSectionElement;
  readonly #board: CellBoard;
  #rows: readonly MethodRow[] = [];
  #sentence = "";

  constructor(table: HTMLTableElement, board: CellBoard) {
    this.#table = table;
    this.#body = within(table, "tbody", HTMLTableSectionElement);
    this.#board = board;
  }

  /** What would be booked, in words. */
  get sentence(): string {
    return this.#sentence;
  }

  /** Makes the rows of another answer; where there is none, or none can be, what stood there is dimmed and said to be of before. */
  arrange(data: WhatIfData | null): void {
    const isThere = data !== null && data.problem === "";
    this.#table.toggleAttribute("data-stale", !isThere);
    if (!isThere) {
      if (data === null) this.#body.replaceChildren();
      this.#rows = [];
      return;
    }
    const isForeign =
      data.currency !== data.base || data.outcomes.some(({ used }) => used.some((lot) => lot.currency !== data.base));
    this.#table.classList.toggle("is-foreign", isForeign);
    const made_ = data.outcomes.map((outcome) => rowOf(data, outcome));
    this.#rows = made_.map(({ row }) => row);
    this.#body.replaceChildren(...made_.map(({ element }) => element));
  }

  show(data: WhatIfData, price: string | null, fee: string): void {
    for (const row of this.#rows) {
      if (row.outcome.problem !== "") continue;
      const figures = figuresOf(data, row.outcome, price, fee);
      const before = row.shown;
      row.shown = figures;
      const why = figures.reason === "" ? "" : phrase("Not available: {reason}.", { reason: figures.reason });
      const gain =
        figures.gain === null
          ? { text: NOT_AVAILABLE, direction: "none" as const }
          : gainCell(figures.gain, before?.gain);
      this.#board.set(row.gain, { ...gain, title: why });
      this.#board.set(row.price, gainCell(figures.price, before?.price));
      this.#board.set(row.currency, gainCell(figures.currency, before?.currency));
      if (row.outcome.is_own) this.#sentence = sentenceOf(data, row.outcome, figures);
    }
  }
}

function sentenceOf(data: WhatIfData, outcome: Outcome, figures: Figures): string {
  const told = figures.gain === null ? NOT_AVAILABLE : `${signedMoney(figures.gain)} ${data.base}`;
  return phrase("Realized by {method}: {amount}.", { method: outcome.name, amount: told });
}

function rowOf(data: WhatIfData, outcome: Outcome): { readonly element: HTMLTableRowElement; readonly row: MethodRow } {
  const element = made("tr", outcome.is_own ? "is-own" : "");
  element.setAttribute("role", "row");
  const head = made("th", "m", outcome.name);
  head.scope = "row";
  head.setAttribute("role", "rowheader");
  if (outcome.is_own)
    head.append(" ", made("span", "badge", outcome.is_picked ? phrase("as booked") : phrase("account method")));
  const [gain, price, currency] = [made("span", "amount"), made("span", "amount"), made("span", "amount")];
  if (outcome.problem !== "") gain.textContent = NOT_AVAILABLE;
  const figures = figuresOf(data, outcome, null, "0");
  const isThere = outcome.problem === "";
  const left = isThere ? amountOf(outcome.left, outcome.left_reason) : made("span", "quiet", NOT_AVAILABLE);
  element.append(
    head,
    cell(
      "wrap lots-used",
      phrase("Lots"),
      isThere ? lotsOf(data, outcome) : made("span", "quiet note", outcome.problem),
    ),
    cell("num held", phrase("Held"), made("span", "label", isThere ? heldWords(outcome.used) : "")),
    cell(
      "r num",
      data.is_short ? phrase("Brought") : phrase("Relieved cost"),
      isThere ? amountOf(figures.relieved, figures.reason) : made("span"),
    ),
    cell("r num gain-total", phrase("Realized P&L"), gain),
    cell("r num foreign", phrase("Price part"), price),
    cell("r num foreign", phrase("Currency part"), currency),
    cell("r num", phrase("Remaining basis"), left),
  );
  const row = { outcome, gain: new Cell(gain), price: new Cell(price), currency: new Cell(currency), shown: null };
  return { element, row };
}

function cell(className: string, label: string, ...content: readonly Node[]): HTMLTableCellElement {
  const made_ = made("td", className);
  made_.setAttribute("role", "cell");
  made_.dataset["label"] = label;
  made_.append(...content);
  return made_;
}

function amountOf(value: string | null, reason: string): HTMLElement {
  if (value !== null) return made("span", "amount", moneyText(value));
  const lacking = made("span", "quiet", NOT_AVAILABLE);
  if (reason !== "") lacking.title = phrase("Not available: {reason}.", { reason });
  return lacking;
}

/** `12 of 21 Nov 2025, 12 of 7 Aug 2024`; of an average what each unit cost. */
function lotsOf(data: WhatIfData, outcome: Outcome): HTMLElement {
  if (outcome.method === "average" && !outcome.is_picked) return made("span", "amount", averageWords(outcome));
  const unknown = phrase("unknown date");
  const named = outcome.used.slice(0, MOST_NAMED).map((lot) =>
    phrase("{quantity} of {day}", {
      quantity: priceText(lot.quantity, 0),
      day: lot.acquired ?? unknown,
    }),
  );
  const others = outcome.used.length - named.length;
  const closed = summed(outcome.used.map(({ quantity }) => quantity)) ?? "0";
  const beyond = minus(data.quantity, closed);
  const parts = [
    ...named,
    ...(others === 0 ? [] : [countedPhrase("{count} more lot", "{count} more lots", others)]),
    ...(Number(beyond) > 0 ? [phrase("{quantity} sold short", { quantity: priceText(beyond, 0) })] : []),
  ];
  return made("span", "amount", parts.join(", "));
}

function averageWords({ used }: Outcome): string {
  const [cost, quantity] = [summed(used.map(({ opened }) => opened)), summed(used.map((lot) => lot.quantity))];
  const each = cost === null || quantity === null ? null : quotient(cost, quantity, UNIT_PLACES);
  return each === null
    ? phrase("all lots")
    : phrase("all lots, {amount} each", {
        amount: `${priceText(each, UNIT_PLACES)} ${used[0]?.currency ?? ""}`,
      });
}

/** `long term`, or how many of each; days where the terms are not told apart. */
function heldWords(used: readonly UsedLot[]): string {
  const days = used.flatMap((lot) => (lot.days === null ? [] : [lot.days]));
  if (days.length === 0) return used.length === 0 ? "" : NOT_AVAILABLE;
  const [least, most] = [Math.min(...days), Math.max(...days)];
  const told =
    least === most
      ? phrase("{count} days", { count: priceText(`${most}`, 0) })
      : phrase("{least}–{most} days", { least: priceText(`${least}`, 0), most: priceText(`${most}`, 0) });
  const terms = new Set(used.flatMap((lot) => (lot.term === null ? [] : [lot.term])));
  if (terms.size === 0) return told;
  if (terms.size === 1)
    return terms.has("long")
      ? phrase("{days}, long term", { days: told })
      : phrase("{days}, short term", { days: told });
  const of = (term: string): string =>
    priceText(summed(used.filter((lot) => lot.term === term).map(({ quantity }) => quantity)) ?? "0", 0);
  return phrase("{short} short, {long} long term", { short: of("short"), long: of("long") });
}
