/**
 * The rows of a long table in blocks: bodies of a few rows each, which the browser leaves out as a whole while out of sight.
 *
 * All rows stay in the document, so that they are found, read out and printed as those of any table. What a frame costs is then
 * that of the blocks in sight and one box for each of the others, however many rows there are (long_tables.css).
 */

/** So many rows are watched, written and laid out together: fewer are more boxes, more are more rows beside what is in sight. */
export const ROWS_OF_A_BLOCK = 5;

export class RowBlocks {
  readonly #blocks = new Map<HTMLElement, HTMLTableSectionElement[]>();

  /** The blocks of all groups. */
  get all(): readonly HTMLElement[] {
    return [...this.#blocks.values()].flat();
  }

  /** The body of a group and what follows it of the same group. */
  partsOf(body: HTMLTableSectionElement): readonly HTMLElement[] {
    return [body, ...(this.#blocks.get(body) ?? [])];
  }

  /** Puts rows in their order into blocks after the body of their group, whose head stays alone in it. */
  place(body: HTMLTableSectionElement, rows: readonly HTMLElement[]): void {
    const blocks = this.#blocks.get(body) ?? [];
    this.#blocks.set(body, blocks);
    const count = Math.ceil(rows.length / ROWS_OF_A_BLOCK);
    while (blocks.length < count) {
      const block = blockOf(body);
      (blocks.at(-1) ?? body).after(block);
      blocks.push(block);
    }
    for (const [at, block] of blocks.entries()) {
      const own = rows.slice(at * ROWS_OF_A_BLOCK, (at + 1) * ROWS_OF_A_BLOCK);
      fill(block, own);
      block.hidden = own[0]?.hidden ?? true;
      block.style.setProperty("--rows", `${own.length}`);
    }
    for (const left of blocks.splice(count)) left.remove();
  }

  /** Takes the blocks of a group away, with what rows are still in them. */
  remove(body: HTMLElement): void {
    for (const block of this.#blocks.get(body) ?? []) block.remove();
    this.#blocks.delete(body);
  }
}

/** The key of the group that a row belongs to. */
export function groupKeyOf(row: Element): string {
  const body = row.closest("tbody");
  return body?.dataset["group"] ?? body?.dataset["block"] ?? "";
}

/** Puts rows one after the other at the end of what has them, and moves none that is there already. */
export function fill(into: HTMLElement, rows: readonly HTMLElement[], after: Element | null = null): void {
  let before = after;
  for (const row of rows) {
    const there = before === null ? into.firstElementChild : before.nextElementSibling;
    if (there !== row) {
      if (before === null) into.prepend(row);
      else before.after(row);
    }
    before = row;
  }
}

function blockOf(body: HTMLTableSectionElement): HTMLTableSectionElement {
  const block = document.createElement("tbody");
  block.setAttribute("role", "rowgroup");
  block.dataset["block"] = body.dataset["group"] ?? "";
  return block;
}
