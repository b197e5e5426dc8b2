/** The table of a portfolio's parts: each with its bar, what it is worth and, where there are targets, what it is off by. */

import { Cell, type CellBoard } from "../cells/board";
import { gainCell, moneyCell, wayOf, weightCell } from "../cells/figures";
import { type AllocationData, hasTargets, type Part, STATE_WORDS } from "../cells/parts";
import { compared, DASH, moneyText, partOf, rounded, shortened, signedMoney } from "../lib/decimal";
import { byId, setAll, within } from "../lib/dom";
import type { PortfolioTotals } from "../live/messages.gen";

const FIGURES = ["name", "detail", "value", "weight", "day"] as const;
const OFF_FIGURES = ["target", "points", "money", "state"] as const;
type Figure = (typeof FIGURES)[number] | (typeof OFF_FIGURES)[number];

interface Entry {
  readonly element: HTMLTableRowElement;
  readonly cells: ReadonlyMap<Figure, Cell>;
  readonly bar: Element | null;
  readonly band: Element | null;
}

export class PartsTable {
  readonly #board: CellBoard;
  readonly #table = byId("parts", HTMLTableElement);
  readonly #body = within(this.#table, "tbody", HTMLTableSectionElement);
  readonly #whole = entryOf(within(this.#table, "tfoot tr", HTMLTableRowElement));
  readonly #template = byId("part-template", HTMLTemplateElement);
  readonly #nothing = byId("parts-nothing", HTMLElement);
  readonly #entries = new Map<string, Entry>();
  #before: ReadonlyMap<string, Part> = new Map();

  constructor(board: CellBoard) {
    this.#board = board;
    for (const element of this.#body.querySelectorAll("tr")) {
      this.#entries.set(element.dataset["key"] ?? "", entryOf(element));
    }
  }

  /** Moves there: the same figures as the map's, one key away. */
  focus(): void {
    this.#table.focus();
  }

  /** Called when a frame is about to be painted. */
  show(parts: readonly Part[], totals: PortfolioTotals, data: AllocationData): void {
    const now = new Map(parts.map((part) => [part.key, part]));
    for (const [key, { element }] of this.#entries) {
      if (now.has(key)) continue;
      element.remove();
      this.#entries.delete(key);
    }
    const widest = parts.reduce((most, { value }) => (compared(value, most) > 0 ? value : most), "0");
    let place = this.#body.firstElementChild;
    for (const part of parts) {
      const entry = this.#entries.get(part.key) ?? this.#add(part);
      if (entry.element === place) place = place.nextElementSibling;
      else this.#body.insertBefore(entry.element, place);
      this.#write(entry, part, widest, data);
    }
    this.#set(this.#whole, "value", { text: moneyText(totals.value) });
    this.#set(this.#whole, "day", gainCell(totals.day));
    this.#set(this.#whole, "weight", weightCell(parts.length === 0 ? null : totals.value, totals.value));
    this.#table.hidden = parts.length === 0;
    this.#nothing.hidden = parts.length > 0;
    this.#before = now;
  }

  #write(entry: Entry, part: Part, widest: string, data: AllocationData): void {
    const before = this.#before.get(part.key);
    this.#set(entry, "name", { text: part.name });
    this.#set(entry, "detail", { text: part.detail });
    this.#set(entry, "value", moneyCell(part.value, before?.value));
    this.#set(entry, "weight", { text: part.weight });
    this.#set(entry, "day", gainCell(part.day, before?.day));
    const width = compared(part.value, "0") > 0 ? (partOf(part.value, widest) ?? "0") : "0";
    if (entry.bar !== null) setAll(entry.bar, { width });
    if (!hasTargets(data)) return;
    this.#set(entry, "target", { text: part.target === null ? DASH : targetText(part.target) });
    this.#set(entry, "points", { text: part.points === null ? DASH : pointsText(part.points) });
    this.#set(entry, "money", { text: signedMoney(part.money), tick: wayOf(before?.money, part.money) });
    this.#set(entry, "state", { text: STATE_WORDS[part.state] });
    entry.band?.setAttribute("class", part.state === "" ? "band" : `band band-${part.state}`);
  }

  #set(entry: Entry, figure: Figure, value: Parameters<CellBoard["set"]>[1]): void {
    const cell = entry.cells.get(figure);
    if (cell !== undefined) this.#board.set(cell, value);
  }

  #add(part: Part): Entry {
    const element = within(this.#template.content, "tr", HTMLTableRowElement).cloneNode(true) as HTMLTableRowElement;
    element.dataset["key"] = part.key;
    this.#body.append(element);
    const entry = entryOf(element);
    this.#entries.set(part.key, entry);
    return entry;
  }
}

/** With 1 decimal at least, as the server writes it. */
function targetText(target: string): string {
  const short = shortened(target);
  const places = Math.max(1, short.split(".")[1]?.length ?? 0);
  return `${moneyText(rounded(short, places))} %`;
}

function pointsText(points: string): string {
  return signedMoney(rounded(points, 1));
}

function entryOf(element: HTMLTableRowElement): Entry {
  const cells = new Map<Figure, Cell>();
  for (const figure of [...FIGURES, ...OFF_FIGURES]) {
    const found = element.querySelector(`[data-figure="${figure}"]`);
    if (found !== null) cells.set(figure, new Cell(found));
  }
  const band = element.querySelector(`[data-figure="state"]`);
  return { element, cells, bar: element.querySelector(".share"), band };
}
