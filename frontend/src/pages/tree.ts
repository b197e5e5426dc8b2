/** A tree of nested details as the keyboard knows one: arrows move, open and fold; Home and End go to the ends.

Without scripts it is what it is in the markup: details that open by themselves. The line of a node is the item of the tree, as
in https://www.w3.org/WAI/ARIA/apg/patterns/treeview/examples/treeview-navigation/, so that it is called what it says. */

import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";

const ITEM = ".tree-row";

export function startTree(root: HTMLElement): void {
  root.setAttribute("role", "tree");
  for (const group of root.querySelectorAll("ul")) group.setAttribute("role", "group");
  for (const [place, item] of itemsOf(root).entries()) dress(root, item, place);
  root.addEventListener("keydown", (event) => pressed(root, event));
  const group = "On this page";
  shortcuts.register(
    { keys: [], told: "↑ or ↓", does: phrase("In the tree: the line before or after"), group },
    { keys: [], told: "← or →", does: phrase("In the tree: fold or unfold the line"), group },
  );
  root.addEventListener("focusin", (event) => {
    const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(ITEM) : null;
    if (item !== null) rove(root, item);
  });
}

function itemsOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(ITEM)];
}

function dress(root: HTMLElement, item: HTMLElement, place: number): void {
  const line = item.closest("li");
  line?.setAttribute("role", "none");
  item.setAttribute("role", "treeitem");
  item.setAttribute("aria-level", String(depthOf(root, item)));
  item.tabIndex = place === 0 ? 0 : -1;
  const details = detailsOf(item);
  if (details === null) return;
  details.setAttribute("role", "none");
  const said = (): void => item.setAttribute("aria-expanded", String(details.open));
  said();
  details.addEventListener("toggle", said);
}

function pressed(root: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const item = event.target instanceof HTMLElement && event.target.matches(ITEM) ? event.target : null;
  if (item !== null && act(root, item, event.key)) event.preventDefault();
}

/** Whether the key means something here. */
function act(root: HTMLElement, item: HTMLElement, key: string): boolean {
  const shown = itemsOf(root).filter(isShown);
  const place = shown.indexOf(item);
  const details = detailsOf(item);
  switch (key) {
    case "ArrowDown":
      return go(shown[place + 1]);
    case "ArrowUp":
      return go(shown[place - 1]);
    case "Home":
      return go(shown[0]);
    case "End":
      return go(shown[shown.length - 1]);
    case "ArrowRight":
      if (details === null) return true;
      if (details.open) return go(details.querySelector<HTMLElement>(`:scope > ul ${ITEM}`));
      details.open = true;
      return true;
    case "ArrowLeft":
      if (details?.open !== true) return go(above(item));
      details.open = false;
      return true;
    case "Enter":
    case " ":
      if (details === null) linkOf(item)?.click();
      else details.open = !details.open;
      return true;
    default:
      return false;
  }
}

function go(item: HTMLElement | null | undefined): boolean {
  item?.focus();
  return true;
}

function rove(root: HTMLElement, item: HTMLElement): void {
  for (const other of root.querySelectorAll<HTMLElement>(`${ITEM}[tabindex='0']`)) other.tabIndex = -1;
  item.tabIndex = 0;
}

/** Whether no folded branch hides it: its own line is outside of what it folds. */
function isShown(item: HTMLElement): boolean {
  return item.closest("li")?.parentElement?.closest("details:not([open])") === null;
}

function above(item: HTMLElement): HTMLElement | null {
  const line = item.closest("li")?.parentElement?.closest("li");
  return line?.querySelector<HTMLElement>(ITEM) ?? null;
}

function depthOf(root: HTMLElement, item: HTMLElement): number {
  let depth = 1;
  for (let line = above(item); line !== null && root.contains(line); line = above(line)) depth += 1;
  return depth;
}

function detailsOf(item: HTMLElement): HTMLDetailsElement | null {
  return item instanceof HTMLElement && item.parentElement instanceof HTMLDetailsElement ? item.parentElement : null;
}

/** Where what is below a node is shown, or the transaction that it is. */
function linkOf(item: HTMLElement): HTMLElement | null {
  return item.querySelector<HTMLElement>(":scope > .formula :is(a, button)");
}
