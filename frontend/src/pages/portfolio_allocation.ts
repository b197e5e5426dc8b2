/** How the whole is divided, by instrument unless said: a bar, and a list of the slices with value and weight. */

import { allocation, type Slice } from "../cells/allocation";
import { Cell, type CellBoard } from "../cells/board";
import { moneyCell, weightCell } from "../cells/figures";
import { plotted } from "../lib/decimal";
import { byId, madeSvg, setAll, within } from "../lib/dom";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";

/** The bar's own units: as many across as a percentage has. */
const ACROSS = 100;
const GAP = 0.4;
/** What is left over and cash have a colour of their own; the instruments have theirs by their place. */
const COLOURS = { others: "cat-5", cash: "cat-6" } as const;

interface Entry {
  readonly item: HTMLLIElement;
  readonly name: Cell;
  readonly swatch: SVGElement;
  readonly value: Cell;
  readonly weight: Cell;
}

export class Allocation {
  readonly #board: CellBoard;
  readonly #bar = byId("allocation-bar", SVGElement);
  readonly #list = byId("allocation", HTMLElement);
  readonly #empty = byId("allocation-empty", HTMLElement);
  readonly #template = byId("allocation-template", HTMLTemplateElement);
  readonly #slicesOf: (rows: Iterable<PortfolioRow>) => readonly Slice[];
  #entries: Entry[];

  constructor(board: CellBoard, slicesOf: (rows: Iterable<PortfolioRow>) => readonly Slice[] = allocation) {
    this.#board = board;
    this.#slicesOf = slicesOf;
    this.#entries = [...this.#list.querySelectorAll("li")].map(entryOf);
  }

  show(rows: Iterable<PortfolioRow>, totals: PortfolioTotals): void {
    const slices = this.#slicesOf(rows);
    this.#board.arrange(() => this.#draw(slices, totals));
  }

  #draw(slices: readonly Slice[], totals: PortfolioTotals): void {
    this.#empty.hidden = slices.length > 0;
    while (this.#entries.length > slices.length) this.#entries.pop()?.item.remove();
    while (this.#entries.length < slices.length) this.#entries.push(this.#added());
    for (const [index, slice] of slices.entries()) this.#show(this.#entries[index], slice, index, totals.value);
    this.#drawBar(slices);
  }

  #show(entry: Entry | undefined, slice: Slice, index: number, whole: string): void {
    if (entry === undefined) return;
    setAll(entry.swatch, { class: colourOf(slice, index) });
    this.#board.set(entry.name, { text: slice.name });
    this.#board.set(entry.value, moneyCell(slice.value));
    this.#board.set(entry.weight, weightCell(slice.value, whole));
  }

  /** Only what is above zero has a length: an overdraft stands in the list alone. */
  #drawBar(slices: readonly Slice[]): void {
    const lengths = slices.map(({ value }) => Math.max(0, plotted(value)));
    const whole = lengths.reduce((sum, length) => sum + length, 0);
    let x = 0;
    const parts = slices.flatMap((slice, index) => {
      const width = whole === 0 ? 0 : ((lengths[index] ?? 0) / whole) * ACROSS;
      const part = { class: colourOf(slice, index), x: x.toFixed(2), width: Math.max(0, width - GAP).toFixed(2) };
      x += width;
      return width === 0 ? [] : [part];
    });
    while (this.#bar.childElementCount > parts.length) this.#bar.lastElementChild?.remove();
    while (this.#bar.childElementCount < parts.length) this.#bar.append(madeSvg("rect", { height: 10 }));
    for (const [index, rect] of [...this.#bar.children].entries()) setAll(rect, parts[index] ?? {});
  }

  #added(): Entry {
    const item = within(this.#template.content, "li", HTMLLIElement).cloneNode(true) as HTMLLIElement;
    this.#list.append(item);
    return entryOf(item);
  }
}

function colourOf({ kind }: Slice, index: number): string {
  return kind === "instrument" ? `cat-${Math.min(index, 4) + 1}` : COLOURS[kind];
}

function entryOf(item: HTMLLIElement): Entry {
  return {
    item,
    name: new Cell(within(item, "[data-figure='name']", HTMLElement)),
    swatch: within(item, "rect", SVGElement),
    value: new Cell(within(item, "[data-figure='value']", HTMLElement)),
    weight: new Cell(within(item, "[data-figure='weight']", HTMLElement)),
  };
}
