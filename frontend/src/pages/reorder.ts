/**
 * Moves the items of a list: by a grip that is dragged with a mouse, a finger or a pen, or by the keyboard.
 *
 * On a grip Space or Enter lifts the item, the arrows move it, Space drops it and Escape puts it back. Alt with an arrow moves
 * the item that has the focus at once. While an item is moved, the others go round it: an element that is taken out of the page
 * for a moment would lose the focus and the finger.
 */

import { phrase } from "../lib/words";

export interface ReorderOptions {
  /** Its children with `data-key` are the items, their `data-name` is what they are called. */
  readonly list: HTMLElement;
  /** Empty where items may be moved, else why not. */
  readonly refusal: () => string;
  /** The keys in their new order. */
  readonly onOrder: (keys: readonly string[]) => void;
  /** Tells somebody who does not see it. */
  readonly say: (text: string) => void;
}

/** So near to the window's edge the page begins to scroll, by so much at a time. */
const EDGE_PX = 72;
const SCROLL_PX = 14;

export class Reorder {
  readonly #options: ReorderOptions;
  readonly list: HTMLElement;
  #lifted: HTMLElement | null = null;
  #before: readonly string[] = [];
  #drag: AbortController | null = null;

  constructor(options: ReorderOptions) {
    this.#options = options;
    this.list = options.list;
    this.list.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusout", (event) => this.#left(event));
  }

  /** Whether an item is being moved right now. */
  get isBusy(): boolean {
    return this.#lifted !== null;
  }

  get keys(): readonly string[] {
    return this.#items.map(keyOf);
  }

  get #items(): readonly HTMLElement[] {
    return [...this.list.children].filter(
      (each): each is HTMLElement => each instanceof HTMLElement && each.dataset["key"] !== undefined,
    );
  }

  // ---------- Pointer ----------

  #pressed(event: PointerEvent): void {
    const grip = gripOf(event);
    const item = this.#itemOf(grip);
    if (grip === null || item === null || event.button !== 0 || this.#lifted !== null) return;
    if (this.#isRefused()) return;
    // No text is to be selected on the way; the focus that this keeps from coming is given by hand.
    event.preventDefault();
    grip.focus({ preventScroll: true });
    this.#lift(item);
    const drag = new AbortController();
    this.#drag = drag;
    const { pointerId } = event;
    const of =
      (work: (each: PointerEvent) => void) =>
      (each: PointerEvent): void => {
        if (each.pointerId === pointerId) work(each);
      };
    const { signal } = drag;
    document.addEventListener(
      "pointermove",
      of((each) => this.#dragged(item, each.clientY)),
      { signal },
    );
    document.addEventListener(
      "pointerup",
      of(() => this.#drop()),
      { signal },
    );
    document.addEventListener(
      "pointercancel",
      of(() => this.#putBack()),
      { signal },
    );
  }

  #dragged(item: HTMLElement, y: number): void {
    if (y < EDGE_PX) scrollBy(0, -SCROLL_PX);
    else if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    for (let other = this.#beside(item, -1); other !== null && y < middleOf(other); other = this.#beside(item, -1))
      item.after(other);
    for (let other = this.#beside(item, 1); other !== null && y > middleOf(other); other = this.#beside(item, 1))
      item.before(other);
  }

  // ---------- Keyboard ----------

  /** A key on a grip comes as a click without a pointer. */
  #clicked(event: MouseEvent): void {
    const item = this.#itemOf(gripOf(event));
    if (item === null || event.detail !== 0) return;
    if (this.#lifted === item) this.#drop();
    else if (this.#lifted === null && !this.#isRefused()) {
      this.#lift(item);
      this.#options.say(
        phrase("{name} lifted, {place}. Arrows move it, Space drops it, Escape puts it back.", {
          name: nameOf(item),
          place: this.#placeOf(item),
        }),
      );
    }
  }

  #key(event: KeyboardEvent): void {
    const item = event.target instanceof Element ? this.#itemOf(event.target) : null;
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (event.key === "Escape" && this.#lifted !== null) {
      event.preventDefault();
      this.#putBack();
    } else if (step !== 0 && item !== null && (event.altKey || item === this.#lifted)) {
      event.preventDefault();
      if (this.#lifted === item) this.#step(item, step);
      else if (this.#lifted === null) this.#moveAtOnce(item, step);
    }
  }

  #moveAtOnce(item: HTMLElement, step: -1 | 1): void {
    if (this.#isRefused()) return;
    this.#before = this.keys;
    this.#step(item, step);
    this.#settle();
  }

  #step(item: HTMLElement, step: -1 | 1): void {
    const other = this.#beside(item, step);
    if (other !== null) {
      if (step < 0) item.after(other);
      else item.before(other);
      item.scrollIntoView({ block: "nearest" });
    }
    this.#options.say(`${nameOf(item)}, ${this.#placeOf(item)}.`);
  }

  /** Who goes elsewhere has dropped it. */
  #left(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (this.#lifted === null || this.#drag !== null || (next instanceof Node && this.#lifted.contains(next))) return;
    this.#drop();
  }

  // ---------- Both ----------

  #lift(item: HTMLElement): void {
    this.#lifted = item;
    this.#before = this.keys;
    item.dataset["moving"] = "";
    item.querySelector(".grip")?.setAttribute("aria-pressed", "true");
  }

  #drop(): void {
    const item = this.#letGo();
    if (item === null) return;
    this.#options.say(phrase("{name} dropped, {place}.", { name: nameOf(item), place: this.#placeOf(item) }));
    this.#settle();
  }

  #putBack(): void {
    const item = this.#letGo();
    if (item === null) return;
    const places = new Map(this.#before.map((key, place) => [key, place]));
    const placed = this.#items.toSorted((a, b) => (places.get(keyOf(a)) ?? 0) - (places.get(keyOf(b)) ?? 0));
    const at = placed.indexOf(item);
    for (const each of placed.slice(0, at)) item.before(each);
    for (const each of placed.slice(at + 1).toReversed()) item.after(each);
    this.#options.say(phrase("{name} is back, {place}.", { name: nameOf(item), place: this.#placeOf(item) }));
  }

  #letGo(): HTMLElement | null {
    const item = this.#lifted;
    this.#lifted = null;
    this.#drag?.abort();
    this.#drag = null;
    if (item !== null) {
      delete item.dataset["moving"];
      item.querySelector(".grip")?.setAttribute("aria-pressed", "false");
    }
    return item;
  }

  #settle(): void {
    const now = this.keys;
    if (now.some((key, place) => key !== this.#before[place])) this.#options.onOrder(now);
  }

  #isRefused(): boolean {
    const refusal = this.#options.refusal();
    if (refusal !== "") this.#options.say(refusal);
    return refusal !== "";
  }

  #itemOf(element: Element | null): HTMLElement | null {
    const item = element?.closest<HTMLElement>("[data-key]") ?? null;
    return item !== null && item.parentElement === this.list ? item : null;
  }

  #beside(item: HTMLElement, step: -1 | 1): HTMLElement | null {
    const items = this.#items;
    return items[items.indexOf(item) + step] ?? null;
  }

  /** `position 2 of 5` */
  #placeOf(item: HTMLElement): string {
    const items = this.#items;
    return phrase("position {place} of {count}", { place: items.indexOf(item) + 1, count: items.length });
  }
}

function gripOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(".grip") : null;
}

function keyOf(item: HTMLElement): string {
  return item.dataset["key"] ?? "";
}

function nameOf(item: HTMLElement): string {
  return item.dataset["name"] ?? "";
}

function middleOf(item: HTMLElement): number {
  const { top, height } = item.getBoundingClientRect();
  return top + height / 2;
}
