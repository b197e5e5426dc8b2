/** A tree of nested details as the keyboard knows one: arrows move, open and fold; Home and End go to the ends.

Without scripts it is what it is in the markup: details that open by themselves.
See https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. */

export function startTree(root: HTMLElement): void {
  root.setAttribute("role", "tree");
  for (const group of root.querySelectorAll("ul")) group.setAttribute("role", "group");
  for (const item of root.querySelectorAll("li")) dress(item);
  const first = root.querySelector("li");
  if (first !== null) first.tabIndex = 0;
  root.addEventListener("keydown", (event) => pressed(root, event));
  root.addEventListener("focusin", (event) => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item !== null) rove(root, item);
  });
}

function dress(item: HTMLElement): void {
  item.setAttribute("role", "treeitem");
  item.tabIndex = -1;
  const name = item.querySelector(".tree-name");
  const figure = item.querySelector(".tree-figure");
  item.setAttribute("aria-label", `${name?.textContent ?? ""}: ${figure?.textContent ?? ""}`);
  const details = detailsOf(item);
  if (details === null) return;
  const summary = details.querySelector("summary");
  if (summary !== null) {
    summary.tabIndex = -1;
    summary.setAttribute("aria-hidden", "true");
    summary.addEventListener("click", () => item.focus());
  }
  const said = (): void => item.setAttribute("aria-expanded", String(details.open));
  said();
  details.addEventListener("toggle", said);
}

function pressed(root: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const item = event.target instanceof HTMLElement && event.target.matches("li") ? event.target : null;
  if (item === null || !act(root, item, event.key)) return;
  event.preventDefault();
}

function act(root: HTMLElement, item: HTMLElement, key: string): boolean {
  const shown = shownItems(root);
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
      if (details.open) return go(details.querySelector("li"));
      details.open = true;
      return true;
    case "ArrowLeft":
      if (details?.open === true) {
        details.open = false;
        return true;
      }
      return go(item.parentElement?.closest("li"));
    case "Enter":
    case " ":
      if (details !== null) details.open = !details.open;
      else item.querySelector<HTMLAnchorElement>(":scope > .formula a")?.click();
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
  for (const other of root.querySelectorAll<HTMLElement>("li[tabindex='0']")) other.tabIndex = -1;
  item.tabIndex = 0;
}

/** What no folded branch hides. */
function shownItems(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll("li")].filter((item) => item.parentElement?.closest("details:not([open])") === null);
}

function detailsOf(item: HTMLElement): HTMLDetailsElement | null {
  return item.querySelector(":scope > details");
}
