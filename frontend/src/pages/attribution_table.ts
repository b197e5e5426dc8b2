/** The table of today's gain by its causes: a row for each group, which stays where it is while its figures move. */

import { PARTS } from "../cells/attribution";
import { Cell, type CellBoard } from "../cells/board";
import { type Gain, type Grouping, gains, headGain, wholeGain } from "../cells/contributions";
import { gainCell } from "../cells/figures";
import { byId, made, within } from "../lib/dom";
import type { PortfolioRow } from "../live/messages.gen";
import { explainLinks, leadTo } from "./explain_links";

interface Entry {
  readonly element: HTMLTableRowElement;
  readonly parts: readonly Cell[];
  readonly total: Cell;
  readonly links: readonly HTMLAnchorElement[];
}

export class AttributionTable {
  readonly #board: CellBoard;
  readonly #by: Grouping;
  readonly #root: string;
  readonly #table = byId("gains", HTMLTableElement);
  readonly #body = within(this.#table, "tbody", HTMLTableSectionElement);
  readonly #whole = entryOf(within(this.#table, "tfoot tr", HTMLTableRowElement));
  readonly #head = new Cell(byId("gain-total", HTMLElement));
  readonly #template = byId("gain-template", HTMLTemplateElement);
  readonly #nothing = byId("gain-nothing", HTMLElement);
  readonly #entries = new Map<string, Entry>();
  #before: ReadonlyMap<string, Gain> = new Map();

  /** Takes the address of the portfolio, with a slash at its end. */
  constructor(board: CellBoard, by: Grouping, root: string) {
    this.#board = board;
    this.#root = root;
    this.#by = by;
    for (const element of this.#body.querySelectorAll("tr")) {
      this.#entries.set(element.dataset["key"] ?? "", entryOf(element));
    }
  }

  /** Called when a frame is about to be painted. */
  show(rows: ReadonlyMap<string, PortfolioRow>, day: string): void {
    const now = new Map(gains(rows.values(), this.#by).map((gain) => [gain.key, gain]));
    for (const [key, { element }] of this.#entries) {
      if (now.has(key)) continue;
      element.remove();
      this.#entries.delete(key);
    }
    for (const gain of now.values()) {
      this.#write(this.#entries.get(gain.key) ?? this.#add(gain), gain, this.#before.get(gain.key));
    }
    const whole = wholeGain(rows.values());
    this.#write(this.#whole, whole, this.#before.get(whole.key));
    this.#board.set(this.#head, gainCell(headGain(rows, day)));
    this.#before = new Map([...now, [whole.key, whole]]);
    this.#table.hidden = now.size === 0;
    this.#nothing.hidden = now.size > 0;
  }

  #write(entry: Entry, gain: Gain, before: Gain | undefined): void {
    for (const [index, part] of PARTS.entries()) {
      const cell = entry.parts[index];
      if (cell !== undefined) this.#board.set(cell, gainCell(gain.parts[part], before?.parts[part]));
    }
    this.#board.set(entry.total, gainCell(gain.total, before?.total));
    for (const link of entry.links) leadTo(link, `${this.#root}explain/${link.dataset["explain"]}/${gain.query}`);
  }

  #add(gain: Gain): Entry {
    const element = within(this.#template.content, "tr", HTMLTableRowElement).cloneNode(true) as HTMLTableRowElement;
    element.dataset["key"] = gain.key;
    const name = within(element, '[data-figure="name"]', HTMLElement);
    name.textContent = gain.name;
    if (gain.detail !== "") name.after(" ", made("span", "quiet gain-detail", gain.detail));
    this.#body.append(element);
    const entry = entryOf(element);
    this.#entries.set(gain.key, entry);
    return entry;
  }
}

function entryOf(element: HTMLTableRowElement): Entry {
  const cellOf = (figure: string): Cell => new Cell(within(element, `[data-figure="${figure}"]`, HTMLElement));
  return { element, parts: PARTS.map(cellOf), total: cellOf("total"), links: explainLinks(element) };
}
