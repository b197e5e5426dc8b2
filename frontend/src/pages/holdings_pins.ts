/** Whether the columns of the holdings scroll, and where each pinned one begins: after those before it, however wide the name is. */

/** Measures now and whenever the table or its box has another size. */
export function measurePins(table: HTMLTableElement): void {
  const box = table.parentElement;
  if (box === null) return;
  const sizes = new ResizeObserver(() => measured(table, box));
  sizes.observe(table);
  sizes.observe(box);
}

function measured(table: HTMLTableElement, box: HTMLElement): void {
  box.toggleAttribute("data-scrolls", box.scrollWidth > box.clientWidth);
  const pinned = Number(box.dataset["pinned"] ?? 0);
  const heads = [...table.querySelectorAll<HTMLElement>("thead th")].slice(0, pinned);
  let start = 0;
  for (const [at, head] of heads.entries()) {
    start += head.getBoundingClientRect().width;
    table.style.setProperty(`--pin-${at + 1}`, `${start}px`);
  }
}
