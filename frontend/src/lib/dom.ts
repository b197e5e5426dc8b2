/** Reading the page that the server made. A part that is missing is a fault of the template, said by name. */

type Constructor<T> = abstract new (...parameters: never) => T;

export function byId<T extends Element>(id: string, kind: Constructor<T>): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`Expected a ${kind.name} with the id ${id} in the page.`);
  return element;
}

export function within<T extends Element>(parent: ParentNode, selector: string, kind: Constructor<T>): T {
  const element = parent.querySelector(selector);
  if (!(element instanceof kind)) throw new TypeError(`Expected a ${kind.name} at ${selector} in the page.`);
  return element;
}

/** The one text node of an element, made where there is none: writing its data is the cheapest change of a page. */
export function textOf(element: Element): Text {
  const [first] = element.childNodes;
  if (first instanceof Text && element.childNodes.length === 1) return first;
  const text = document.createTextNode(element.textContent ?? "");
  element.replaceChildren(text);
  return text;
}

export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function madeSvg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: { readonly [name: string]: string | number } = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAll(element, attributes);
  return element;
}

/** Sets what differs: an attribute that is set to what it was has its element styled and drawn again all the same. */
export function setAll(element: Element, attributes: { readonly [name: string]: string | number }): void {
  for (const [name, value] of Object.entries(attributes)) {
    const text = `${value}`;
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Whether a key press belongs to what is being typed and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const isField =
    (target instanceof HTMLInputElement && target.type !== "checkbox") ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
  // A dialog that has just closed keeps the focus for a moment: a quick second key is not typed into it any more.
  return isField && target.closest("dialog:not([open])") === null;
}
