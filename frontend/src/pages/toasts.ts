/** The sentence about what was just done: it goes after a while, but not from under a pointer or the focus. */

import { byId, made, madeSvg } from "../lib/dom";

import type { Pieces } from "./fast_entry_reading";

const SHOWN_MS = 8_000;

/** The way back from what was done: the address that takes it back, and what is taken back there. */
export interface Undo {
  readonly address: string;
  readonly version: number;
  readonly token: string;
}

/** Says what was just done, as the server does after a form. */
export function showToast(said: Pieces, undo: Undo): void {
  const toast = made("div", "toast");
  toast.append(icon("#i-check"), sentence("span", "", said));
  if (undo.address !== "") toast.append(undoForm(undo));
  byId("toasts", HTMLElement).replaceChildren(toast);
  goesLater(toast);
}

/** A sentence whose amounts privacy mode hides. */
export function sentence(tag: "li" | "span", className: string, pieces: Pieces): HTMLElement {
  const element = made(tag, className);
  element.append(...pieces.map(([text, isAmount]) => (isAmount ? made("span", "amount", text) : text)));
  return element;
}

function undoForm({ address, version, token }: Undo): HTMLFormElement {
  const form = made("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of [
    ["csrfmiddlewaretoken", token],
    ["version", `${version}`],
  ] as const) {
    const field = made("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  const button = made("button", "button button-quiet");
  button.append(icon("#i-undo"), "Undo");
  form.append(button);
  return form;
}

function icon(href: string): SVGElement {
  const svg = madeSvg("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(madeSvg("use", { href }));
  return svg;
}

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("#toasts > .toast:not(.toast-fault)")) goesLater(toast);
}

function goesLater(toast: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), SHOWN_MS);
  };
  const hold = (): void => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", wait);
  wait();
}
