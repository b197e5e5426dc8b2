/** Rows of the list that are selected: by their boxes, by Space on a row, in ranges with Shift; and the bar of what to do. */

import { byId, within } from "../lib/dom";
import { phrase } from "../lib/words";

export class Selection {
  readonly #bar = byId("bulk", HTMLFormElement);
  readonly #count = byId("bulk-count", HTMLElement);
  readonly #kind = within(this.#bar, "[name=kind]", HTMLSelectElement);
  /** The value of the box that was changed last: a range begins there. */
  #last = "";

  start(): void {
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("change", (event) => this.#changed(event.target));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    document.addEventListener("ledgerexchange", () => this.#show());
    byId("bulk-clear", HTMLButtonElement).addEventListener("click", () => this.#setAll(false));
    this.#show();
  }

  get #boxes(): readonly HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>("#ledger [name=chosen]")];
  }

  #clicked(event: MouseEvent): void {
    const { target } = event;
    if (target instanceof HTMLInputElement && target.name === "chosen") this.#choose(target, event.shiftKey);
  }

  #changed(target: EventTarget | null): void {
    if (target instanceof HTMLInputElement && target.id === "pick-all") this.#setAll(target.checked);
    else if (target === this.#kind) this.#show();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) return;
    const { target } = event;
    if (event.key === "Escape" && this.#boxes.some(({ checked }) => checked)) this.#setAll(false);
    if (event.key !== " " || !(target instanceof HTMLAnchorElement) || !target.matches(".row-link")) return;
    const box = target.closest("[data-id]")?.querySelector<HTMLInputElement>("[name=chosen]") ?? null;
    if (box === null) return;
    event.preventDefault();
    box.checked = !box.checked;
    this.#choose(box, event.shiftKey);
  }

  /** A box is as it is now; with Shift so are all between it and the one before. */
  #choose(box: HTMLInputElement, isRange: boolean): void {
    const boxes = this.#boxes;
    const [from, to] = [boxes.findIndex(({ value }) => value === this.#last), boxes.indexOf(box)];
    if (isRange && from >= 0)
      for (const each of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked;
    this.#last = box.value;
    this.#show();
  }

  #setAll(isChosen: boolean): void {
    for (const box of this.#boxes) box.checked = isChosen;
    this.#show();
  }

  #show(): void {
    const boxes = this.#boxes;
    const count = boxes.filter(({ checked }) => checked).length;
    for (const box of boxes) box.closest("[data-id]")?.setAttribute("aria-selected", `${box.checked}`);
    const all = document.getElementById("pick-all");
    if (all instanceof HTMLInputElement) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    if (count > 0) this.#bar.dataset["chosen"] = `${count}`;
    else delete this.#bar.dataset["chosen"];
    this.#count.textContent = phrase("{count} selected", { count });
    for (const field of this.#bar.querySelectorAll<HTMLElement>("[data-for]"))
      field.hidden = !(field.dataset["for"] ?? "").split(" ").includes(this.#kind.value);
  }
}
