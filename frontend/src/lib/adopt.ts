/**
 * Takes over what a newer page says, in place: nodes that stay are the same nodes, so that focus, selection, scrolled boxes
 * and figures in hand stay with them.
 *
 * What has `data-own` belongs to the scripts of the page and is left alone, as is whether a disclosure is open.
 */

/** What only the page in hand knows of itself. */
const KEPT: ReadonlySet<string> = new Set(["open", "data-tick"]);

/** Makes `here` say what `there` says. */
export function adopt(here: Element, there: Element): void {
  const focused = document.activeElement;
  adoptElement(here, there);
  // A row that changed its place has lost it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && here.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

function adoptElement(here: Element, there: Element): void {
  if (here.hasAttribute("data-own")) return;
  adoptAttributes(here, there);
  const kept = new Map<string, Element>();
  for (const child of here.children) {
    const key = keyOf(child);
    if (key !== "") kept.set(key, child);
  }
  let place = here.firstChild;
  for (const wanted of [...there.childNodes]) {
    const found = counterpart(place, wanted, kept);
    if (found === null) here.insertBefore(document.importNode(wanted, true), place);
    else {
      if (found === place) place = place.nextSibling;
      else here.insertBefore(found, place);
      if (found instanceof Element && wanted instanceof Element) adoptElement(found, wanted);
      else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
    }
  }
  for (let rest = place; rest !== null; ) {
    const next: ChildNode | null = rest.nextSibling;
    rest.remove();
    rest = next;
  }
}

/** The node that is to become `wanted`: the one of the same key, or that which stands there and is of its kind. */
function counterpart(place: ChildNode | null, wanted: Node, kept: ReadonlyMap<string, Element>): ChildNode | null {
  const key = wanted instanceof Element ? keyOf(wanted) : "";
  if (key !== "") return kept.get(key) ?? null;
  const isSame = place !== null && place.nodeName === wanted.nodeName;
  return isSame && !(place instanceof Element && keyOf(place) !== "") ? place : null;
}

function keyOf(element: Element): string {
  const part = element.getAttribute("data-part");
  if (part !== null) return `part ${part}`;
  return element.id === "" ? "" : `id ${element.id}`;
}

function adoptAttributes(here: Element, there: Element): void {
  for (const { name } of [...here.attributes]) {
    if (!KEPT.has(name) && !there.hasAttribute(name)) here.removeAttribute(name);
  }
  for (const { name, value } of there.attributes) {
    if (!KEPT.has(name) && here.getAttribute(name) !== value) here.setAttribute(name, value);
  }
}
