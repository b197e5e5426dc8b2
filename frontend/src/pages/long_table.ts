/**
 * A holdings table that is too long for one: which of its rows are in sight, and where its columns stand.
 *
 * A `<table>` is laid out whole when one figure changes. Beyond some rows each row is therefore a grid of its own, of the same
 * columns, that neither lays out nor paints out of sight (long_tables.css); the roles are written out, so the meaning stays.
 * Only the rows in sight, or near it, are written in each frame. One that comes near is told at once, so that it has the newest
 * figures before it can be read.
 */

/** A table of so many rows is laid out as a whole faster than it would be row by row. */
export const MOST_PLAIN = 120;

/** How far outside of the window a row is already written. */
const NEAR = "150px 0px";

export class LongTable {
  readonly #table: HTMLTableElement;
  readonly #onNear: (rows: ReadonlySet<Element>) => void;
  readonly #near = new Set<Element>();
  readonly #watched = new Set<Element>();
  #observer: IntersectionObserver | null = null;

  constructor(table: HTMLTableElement, onNear: (rows: ReadonlySet<Element>) => void) {
    this.#table = table;
    this.#onNear = onNear;
  }

  /** Whether a row is to be written in this frame: in a short table every one is. */
  writes(row: Element): boolean {
    return this.#observer === null || this.#near.has(row);
  }

  get isLong(): boolean {
    return this.#observer !== null;
  }

  /** Takes what rows there are from now on. */
  take(rows: ReadonlySet<Element>): void {
    const isLong = rows.size > MOST_PLAIN;
    if (isLong !== this.isLong) {
      if (isLong) this.#begin();
      else this.#end();
    }
    for (const row of this.#watched) if (!rows.has(row)) this.#leave(row);
    if (isLong) for (const row of rows) this.#watch(row);
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
    for (const row of come) this.#near.add(row);
    if (come.size > 0) this.#onNear(come);
  }

  #watch(row: Element): void {
    if (this.#watched.has(row)) return;
    this.#watched.add(row);
    this.#observer?.observe(row);
  }

  #leave(row: Element): void {
    this.#watched.delete(row);
    this.#near.delete(row);
    this.#observer?.unobserve(row);
  }
}

/** The columns as those of a grid: each as wide as its `<col>` is, and the name has what is left. */
function tracks(table: HTMLTableElement): string {
  const columns = [...table.querySelectorAll("col")].slice(1);
  const widths = columns.map((column) => `var(--${column.classList.item(0) ?? ""})`);
  return ["minmax(var(--w-name), 1fr)", ...widths].join(" ");
}
