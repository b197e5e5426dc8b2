/** The portfolios of the side bar with their days, and those of the switcher: they follow what the person may see. */

import { Cell, type CellBoard } from "../cells/board";
import { percentCell } from "../cells/figures";
import { hasValue } from "../cells/totals";
import { byId, within } from "../lib/dom";
import type { PortfolioTotals, VisiblePortfolio } from "../live/messages.gen";

interface Entry {
  readonly link: HTMLAnchorElement;
  readonly item: HTMLAnchorElement;
  readonly percent: Cell;
}

export class Rail {
  readonly #board: CellBoard;
  readonly #list = byId("rail-portfolios", HTMLElement);
  readonly #menu = byId("switcher-portfolios", HTMLElement);
  readonly #linkTemplate = byId("rail-template", HTMLTemplateElement);
  readonly #itemTemplate = byId("switcher-template", HTMLTemplateElement);
  readonly #entries = new Map<string, Entry>();

  constructor(board: CellBoard) {
    this.#board = board;
    for (const link of this.#list.querySelectorAll("a")) {
      const id = link.dataset["portfolio"] ?? "";
      this.#adopt(id, link, within(this.#menu, `[data-portfolio="${id}"]`, HTMLAnchorElement));
    }
  }

  get portfolios(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Shows a portfolio's day; nothing of one that is not known any more. */
  show(portfolio: string, totals: PortfolioTotals | null): void {
    const entry = this.#entries.get(portfolio);
    if (entry === undefined || totals === null) return;
    this.#board.set(entry.percent, percentCell(hasValue(totals) ? totals.day_percent : null));
  }

  /** Takes in what the person may see now, in that order: what is new comes, what is gone goes, names follow. */
  arrange(visible: readonly VisiblePortfolio[]): void {
    const seen = new Set(visible.map(({ id }) => id));
    for (const [id, { link, item }] of this.#entries) {
      if (seen.has(id)) continue;
      link.remove();
      item.remove();
      this.#entries.delete(id);
    }
    let [lastLink, lastItem]: [Element | null, Element | null] = [null, null];
    for (const portfolio of visible) {
      const { link, item } = this.#entries.get(portfolio.id) ?? this.#add(portfolio.id);
      name(link, portfolio);
      name(item, portfolio);
      item.dataset["switch"] = portfolio.name;
      within(item, ".unit", HTMLElement).textContent = portfolio.currency;
      place(this.#list, link, lastLink);
      place(this.#menu, item, lastItem);
      [lastLink, lastItem] = [link, item];
    }
  }

  #add(id: string): Entry {
    const copy = (template: HTMLTemplateElement): HTMLAnchorElement => {
      const link = within(template.content, "a", HTMLAnchorElement).cloneNode(true) as HTMLAnchorElement;
      link.href = `/portfolios/${id}/`;
      link.dataset["portfolio"] = id;
      return link;
    };
    return this.#adopt(id, copy(this.#linkTemplate), copy(this.#itemTemplate));
  }

  #adopt(id: string, link: HTMLAnchorElement, item: HTMLAnchorElement): Entry {
    const entry = { link, item, percent: new Cell(within(link, "[data-figure='day-percent']", HTMLElement)) };
    this.#entries.set(id, entry);
    return entry;
  }
}

function name(link: HTMLAnchorElement, portfolio: VisiblePortfolio): void {
  const element = within(link, ".rail-name", HTMLElement);
  if (element.textContent !== portfolio.name) element.textContent = portfolio.name;
}

/** Puts `element` after `last` if it is not there already: what stands right is not moved. */
function place(list: Element, element: Element, last: Element | null): void {
  if (last === null ? list.firstElementChild === element : last.nextElementSibling === element) return;
  if (last === null) list.prepend(element);
  else last.after(element);
}
