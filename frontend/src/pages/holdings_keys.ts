/** The keyboard in the holdings: from row to row, groups folded and unfolded, figures explained. */

/** What the keys do with the table. */
export interface KeyedTable {
  readonly stops: () => readonly HTMLElement[];
  readonly fold: (row: HTMLElement, isFolded: boolean) => boolean;
}

/** Up and Down move from row to row, Page Up and Down by a window of them, Home and End to the first and last; Left and Right fold and unfold the group; Enter follows the row's link, E explains. */
export function pressed(event: KeyboardEvent, table: KeyedTable): void {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr") : null;
  if (row === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  switch (event.key) {
    case "ArrowUp":
    case "ArrowDown":
      move(row, event.key === "ArrowDown" ? 1 : -1, table);
      break;
    case "PageUp":
    case "PageDown":
      move(row, (event.key === "PageDown" ? 1 : -1) * rowsInWindow(row), table);
      break;
    case "Home":
    case "End":
      move(row, event.key === "End" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, table);
      break;
    case "ArrowLeft":
    case "ArrowRight":
      if (!table.fold(row, event.key === "ArrowLeft")) return;
      break;
    case "e":
      if (!explain(row, event.target)) return;
      break;
    default:
      return;
  }
  event.preventDefault();
}

/** Beyond an end it is the row at that end. */
function move(row: HTMLElement, by: number, table: KeyedTable): void {
  const stops = table.stops();
  const at = stops.findIndex((stop) => row.contains(stop));
  stops[Math.min(stops.length - 1, Math.max(0, at + by))]?.focus();
}

/** How many rows as high as this one the window has room for, less one, so that one of those before stays in sight. */
function rowsInWindow(row: HTMLElement): number {
  return Math.max(1, Math.floor(innerHeight / Math.max(1, row.offsetHeight)) - 1);
}

/** Follows the link of the figure in focus, or of the row's value, to how it came about; whether there is one. */
function explain(row: HTMLElement, focused: EventTarget | null): boolean {
  const own = focused instanceof Element ? focused.closest<HTMLAnchorElement>("a.explain[href]") : null;
  const link = own ?? row.querySelector<HTMLAnchorElement>("a.explain[data-explain='value'][href]");
  link?.click();
  return link !== null;
}
