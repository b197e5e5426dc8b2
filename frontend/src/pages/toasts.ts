/** The sentence about what was just done: it goes after a while, but not from under a pointer or the focus. */

import { byId, made, madeSvg } from "../lib/dom";
import { phrase } from "../lib/words";
import { type Pieces, piecesOf } from "./fast_entry_reading";
import { isRecord, textOrNull } from "./suggested";

const SHOWN_MS = 8_000;

const KEPT = "toast";

/** The way back from what was done: the address that takes it back, and what is taken back there. */
export interface Undo {
  readonly address: string;
  readonly version: number;
}

interface Toast extends Undo {
  readonly pieces: Pieces;
  readonly until: number;
}

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("#toasts > .toast:not(.toast-fault)")) goesLater(toast);
  const kept = keptToast();
  if (kept !== null && document.querySelector("#toasts > .toast") === null) show(kept);
}

/** Says what was just done, as the server does after a form. It outlives a page that is made anew by what was done. */
export function showToast(pieces: Pieces, undo: Undo): void {
  const toast = { pieces, ...undo, until: Date.now() + SHOWN_MS };
  sessionStorage.setItem(KEPT, JSON.stringify(toast));
  show(toast);
}

function show(toast: Toast): void {
  const element = made("div", "toast");
  element.append(icon("#i-check"), sentence(toast.pieces));
  if (toast.address !== "") element.append(undoForm(toast));
  byId("toasts", HTMLElement).replaceChildren(element);
  goesLater(element);
}

function keptToast(): Toast | null {
  const text = sessionStorage.getItem(KEPT);
  if (text === null) return null;
  const kept: unknown = JSON.parse(text);
  const until = isRecord(kept) ? kept["until"] : null;
  if (!isRecord(kept) || typeof until !== "number" || until < Date.now()) {
    sessionStorage.removeItem(KEPT);
    return null;
  }
  const version = typeof kept["version"] === "number" ? kept["version"] : 0;
  return { pieces: piecesOf(kept["pieces"]), address: textOrNull(kept, "address") ?? "", version, until };
}

/** A sentence whose amounts privacy mode hides. */
export function sentence(pieces: Pieces): HTMLElement {
  const element = made("span");
  element.append(...pieces.map(([text, isAmount]) => (isAmount ? made("span", "amount", text) : text)));
  return element;
}

function undoForm({ address, version }: Undo): HTMLFormElement {
  const form = made("form");
  form.method = "post";
  form.action = address;
  form.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
  const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
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
  button.append(icon("#i-undo"), phrase("Undo"));
  form.append(button);
  return form;
}

function icon(href: string): SVGElement {
  const svg = madeSvg("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(madeSvg("use", { href }));
  return svg;
}

function goesLater(toast: HTMLElement): void {
  const gone = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = (): void => {
    gone.abort();
    // Where another one took its place, that one is kept.
    if (!toast.isConnected) return;
    toast.remove();
    sessionStorage.removeItem(KEPT);
  };
  const hold = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const wait = (): void => {
    hold();
    timer = setTimeout(go, SHOWN_MS);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", wait);
  // By keys it can be a long way to Undo: with each step on it the time begins anew.
  const stepped = ({ key }: KeyboardEvent): void => {
    if (key === "Tab" && timer !== undefined) wait();
  };
  document.addEventListener("keydown", stepped, { signal: gone.signal });
  wait();
}
