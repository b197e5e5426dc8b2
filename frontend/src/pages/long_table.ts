/**
 * A holdings table that is too long for one: which of its rows are in sight, and where its columns stand.
 *
 * A `<table>` is laid out whole when one figure changes. Beyond some rows each row is therefore a grid of its own, of the same
 * columns; the roles are written out, so the meaning stays. They stand in blocks (row_blocks.ts), which neither lay out nor paint
 * out of sight: of five hundred rows that did so one by one, the browser looked at each in every frame. Only the blocks in
 * sight, or near it, are written in each frame. One that comes near is told at once, so that its rows have the newest figures
 * before they can be read.
 */

import { fill, RowBlocks } from "./row_blocks";

/** A table of so many rows is laid out as a whole faster than it would be row by row. */
export const MOST_PLAIN = 120;

/** How far outside of the window a row is already written. */
const NEAR = "150px 0px";

/** Where no figures come over the socket, all rows stand there without them. */
const ALL_AFTER_MS = 1_500;

export class LongTable {
  readonly #table: HTMLTableElement;
  readonly #onNear: (blocks: ReadonlySet<Element>) => void;
  readonly #blocks = new RowBlocks();
  readonly #near = new Set<Element>();
  readonly #watched = new Set<Element>();
  #observer: IntersectionObserver | null = null;

  /** `onNear` is told of blocks that come near; `stands` says which rows do with them. */
  constructor(table: HTMLTableElement, onNear: (blocks: ReadonlySet<Element>) => void) {
    this.#table = table;
    this.#onNear = onNear;
    setTimeout(() => this.#showAll(), ALL_AFTER_MS);
  }

  /** Whether a row is to be written in this frame: in a short table every one is. */
  writes(row: Element): boolean {
    return this.#observer === null || stands(row, this.#near);
  }

  get isLong(): boolean {
    return this.#observer !== null;
  }

  /** Takes how many rows there are from now on; they are to be placed anew. */
  take(rows: number): void {
    const isLong = rows > MOST_PLAIN;
    this.#showAll();
    if (isLong === this.isLong) return;
    if (isLong) this.#begin();
    else this.#end();
  }

  /** Puts the rows of a group below its head, and the group before `end`, unless that is where they are. */
  place(body: HTMLTableSectionElement, head: Element, rows: readonly HTMLElement[], end: Element): void {
    if (this.isLong) this.#blocks.place(body, rows);
    else {
      fill(body, rows, head);
      this.#blocks.remove(body);
    }
    const parts = this.#blocks.partsOf(body);
    if (parts.at(-1)?.nextElementSibling !== end) end.before(...parts);
  }

  /** All groups have been placed: what is in sight is another by now. */
  placed(): void {
    if (this.#observer === null) return;
    const blocks = new Set<Element>(this.#blocks.all);
    for (const block of this.#watched) if (!blocks.has(block)) this.#leave(block);
    for (const block of blocks) this.#watch(block);
  }

  /** Takes a group away. */
  remove(body: HTMLElement): void {
    this.#blocks.remove(body);
    body.remove();
  }

  /** Hides or shows the rows of a group. */
  fold(body: HTMLTableSectionElement, isFolded: boolean): void {
    for (const part of this.#blocks.partsOf(body)) {
      for (const row of part.querySelectorAll<HTMLElement>("[data-row]")) row.hidden = isFolded;
      if (part !== body) part.hidden = isFolded;
    }
  }

  /** The server's rows far below the window are not laid out while the page comes (long_tables.css). */
  #showAll(): void {
    this.#table.removeAttribute("data-many");
  }

  #begin(): void {
    this.#observer = new IntersectionObserver((entries) => this.#looked(entries), { rootMargin: NEAR });
    this.#table.style.setProperty("--tracks", tracks(this.#table));
    this.#table.style.setProperty(
      "--lead",
      `${this.#table.querySelector<HTMLTableCellElement>("tfoot th")?.colSpan ?? 1}`,
    );
    this.#table.setAttribute("data-long", "");
    // The whole page is told, and does not look for such a table with every style that changes.
    document.body.setAttribute("data-calm", "");
  }

  #end(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#watched.clear();
    this.#near.clear();
    this.#table.removeAttribute("data-long");
    document.body.removeAttribute("data-calm");
  }

  #looked(entries: readonly Pick<IntersectionObserverEntry, "target" | "isIntersecting">[]): void {
    const come = new Set<Element>();
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.#near.delete(target);
      else if (this.#watched.has(target) && !this.#near.has(target)) come.add(target);
    }
    for (const block of come) this.#near.add(block);
    if (come.size > 0) this.#onNear(come);
  }

  #watch(block: Element): void {
    if (this.#watched.has(block)) return;
    this.#watched.add(block);
    this.#observer?.observe(block);
  }

  #leave(block: Element): void {
    this.#watched.delete(block);
    this.#near.delete(block);
    this.#observer?.unobserve(block);
  }
}

/** Whether a row stands in one of those blocks. */
export function stands(row: Element, blocks: ReadonlySet<Element>): boolean {
  return row.parentElement !== null && blocks.has(row.parentElement);
}

/** The columns as those of a grid: each as wide as its `<col>` is, and the name has what is left. */
function tracks(table: HTMLTableElement): string {
  const columns = [...table.querySelectorAll("col")].slice(1);
  const widths = columns.map((column) => `var(--${column.classList.item(0) ?? ""})`);
  return ["minmax(var(--w-name), 1fr)", ...widths].join(" ");
}
