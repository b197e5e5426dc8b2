/** The table of all portfolios: a row for each, live. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, moneyCell, percentCell } from "../cells/figures";
import { coverageText, otherParts, type ValuedPortfolio } from "../cells/home";
import { hasCost, hasValue } from "../cells/totals";
import { byId, within } from "../lib/dom";
import type { PortfolioTotals, VisiblePortfolio } from "../live/messages.gen";

const FIGURES = [
  "name",
  "value",
  "currency",
  "day",
  "day-percent",
  "price",
  "rates",
  "other",
  "unrealized",
  "coverage",
  "home-value",
  "home-currency",
  "home-day",
  "home-day-currency",
] as const;
type Figure = (typeof FIGURES)[number];

interface Entry {
  readonly element: HTMLTableRowElement;
  readonly quality: HTMLElement;
  readonly shape: HTMLElement;
  readonly converted: readonly HTMLElement[];
  readonly cells: { readonly [figure in Figure]: Cell };
}

export class PortfolioTable {
  readonly #board: CellBoard;
  readonly #body = within(byId("portfolio-table", HTMLTableElement), "tbody", HTMLTableSectionElement);
  readonly #template = byId("entry-template", HTMLTemplateElement);
  readonly #entries = new Map<string, Entry>();
  #shown = new Map<string, PortfolioTotals>();

  constructor(board: CellBoard) {
    this.#board = board;
    for (const element of this.#body.rows) this.#adopt(element);
  }

  /** Shows the portfolios in that order, each with what of it is added up in `home`. Called when a frame is about to be painted. */
  show(
    visible: readonly VisiblePortfolio[],
    valued: readonly ValuedPortfolio[],
    home: readonly ValuedPortfolio[],
    isCurrent: boolean,
  ): void {
    const names = new Map(visible.map(({ id, name }) => [id, name]));
    for (const [id, { element }] of this.#entries) {
      if (names.has(id)) continue;
      element.remove();
      this.#entries.delete(id);
    }
    for (const [index, { id, totals }] of valued.entries()) {
      const entry = this.#entries.get(id) ?? this.#add(id);
      const there = this.#body.rows[index] ?? null;
      if (there !== entry.element) this.#body.insertBefore(entry.element, there);
      this.#write(entry, names.get(id) ?? "", totals, this.#shown.get(id));
      this.#writeHome(entry, totals, home[index]);
      this.#mark(entry, totals, isCurrent);
    }
    this.#shown = new Map(valued.map(({ id, totals }) => [id, totals]));
  }

  #write({ cells }: Entry, name: string, totals: PortfolioTotals, earlier: PortfolioTotals | undefined): void {
    const before = earlier?.currency === totals.currency ? earlier : undefined;
    const isKnown = hasValue(totals);
    const known = (figure: string | null): string | null => (isKnown ? figure : null);
    this.#board.set(cells.name, { text: name });
    this.#board.set(cells.currency, { text: totals.currency });
    this.#board.set(cells.value, moneyCell(known(totals.value), before?.value));
    this.#board.set(cells.day, gainCell(known(totals.day), before?.day));
    this.#board.set(cells["day-percent"], percentCell(isKnown ? totals.day_percent : null));
    this.#board.set(cells.price, gainCell(known(totals.day_price), before?.day_price));
    this.#board.set(cells.rates, gainCell(known(totals.day_currency), before?.day_currency));
    this.#board.set(cells.other, gainCell(known(otherParts(totals)), before && otherParts(before)));
    this.#board.set(cells.unrealized, gainCell(hasCost(totals) ? totals.unrealized : null, before?.unrealized));
  }

  /** What is added up, beside the figures of another base currency. */
  #writeHome({ cells, converted }: Entry, own: PortfolioTotals, home: ValuedPortfolio | undefined): void {
    const isOther = home !== undefined && home.totals.currency !== own.currency;
    for (const element of converted) if (element.hidden === isOther) element.hidden = !isOther;
    if (!isOther) return;
    const { totals, lacksRate } = home;
    const isKnown = hasValue(totals) && lacksRate === undefined;
    this.#board.set(cells["home-value"], moneyCell(isKnown ? totals.value : null));
    this.#board.set(cells["home-currency"], { text: totals.currency });
    this.#board.set(cells["home-day"], gainCell(isKnown ? totals.day : null));
    this.#board.set(cells["home-day-currency"], { text: totals.currency });
  }

  #mark({ quality, shape, cells }: Entry, totals: PortfolioTotals, isCurrent: boolean): void {
    const isOld = isCurrent ? totals.stale > 0 : totals.priced > 0;
    const worst = totals.unpriced > 0 ? "unpriced" : isOld ? "stale" : "closed";
    if (quality.dataset["quality"] !== worst) {
      quality.dataset["quality"] = worst;
      shape.className = `shape shape-${worst}`;
    }
    this.#board.set(cells.coverage, { text: coverageText([totals], isCurrent) });
  }

  #add(id: string): Entry {
    const source = within(this.#template.content, "tr", HTMLTableRowElement);
    const element = source.cloneNode(true) as HTMLTableRowElement;
    element.dataset["portfolio"] = id;
    within(element, "a", HTMLAnchorElement).href = `/portfolios/${id}/`;
    return this.#adopt(element);
  }

  #adopt(element: HTMLTableRowElement): Entry {
    const cells = Object.fromEntries(
      FIGURES.map((figure) => [figure, new Cell(within(element, `[data-figure="${figure}"]`, HTMLElement))]),
    ) as Entry["cells"];
    const entry = {
      element,
      quality: within(element, ".quality", HTMLElement),
      shape: within(element, ".shape", HTMLElement),
      converted: [...element.querySelectorAll<HTMLElement>(".converted")],
      cells,
    };
    this.#entries.set(element.dataset["portfolio"] ?? "", entry);
    return entry;
  }
}
