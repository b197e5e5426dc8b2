/** The portfolio switcher of the top bar: filters as one types, moves by the arrow keys. Opening it is the browser's. */

import { byId } from "../lib/dom";

export function startSwitcher(): void {
  const menu = byId("portfolios", HTMLElement);
  const filter = menu.querySelector("input");
  filter?.addEventListener("input", () => showMatching(menu, filter.value));
  menu.addEventListener("keydown", (event) => step(menu, filter, event));
  menu.addEventListener("toggle", (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== "open") return;
    if (filter === null) shownItems(menu)[0]?.focus();
    else begin(menu, filter);
  });
}

function begin(menu: HTMLElement, filter: HTMLInputElement): void {
  filter.value = "";
  showMatching(menu, "");
  filter.focus();
}

function showMatching(menu: HTMLElement, typed: string): void {
  const wanted = typed.trim().toLowerCase();
  for (const item of menu.querySelectorAll<HTMLElement>("[data-switch]")) {
    item.hidden = !(item.dataset["switch"] ?? "").toLowerCase().includes(wanted);
  }
}

function shownItems(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>(".menu-item:not([hidden])")];
}

function step(menu: HTMLElement, filter: HTMLInputElement | null, event: KeyboardEvent): void {
  const items = shownItems(menu);
  if (event.key === "Enter" && event.target === filter) {
    event.preventDefault();
    items.find((item) => item.dataset["switch"] !== undefined)?.click();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? items.indexOf(focused) : -1;
  const next = items[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next !== undefined) next.focus();
  else if (event.key === "ArrowUp") filter?.focus();
}
