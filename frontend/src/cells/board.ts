/**
 * The figures of a page that move: the newest value of each cell waits, and one animation frame writes them all.
 *
 * However many ticks come between two frames, a cell is written once, with the newest; a cell that shows it already is left.
 */

import type { Direction } from "../lib/decimal";
import { textOf } from "../lib/dom";

export type Tick = "up" | "down";

export interface CellValue {
  readonly text: string;
  /** The arrow's class; left as it is where undefined. */
  readonly direction?: Direction;
  /** The tint on change, if the figure moved. */
  readonly tick?: Tick | undefined;
  /** The whole of what is shown shortened; left as it is where undefined, taken out where empty. */
  readonly title?: string;
}

const TINT_MS = 900;
const DIRECTIONS: readonly Direction[] = ["up", "down", "flat", "none"];

/** One figure on the page. */
export class Cell {
  readonly #element: Element;
  readonly #text: Text;

  constructor(element: Element) {
    this.#element = element;
    this.#text = textOf(element);
  }

  /** Writes what differs; true where a tint began. */
  write(value: CellValue): boolean {
    if (this.#text.data !== value.text) this.#text.data = value.text;
    if (value.direction !== undefined) this.#point(value.direction);
    if (value.title !== undefined) this.#entitle(value.title);
    return value.tick !== undefined && this.#tint(value.tick);
  }

  /** Ends the tint. */
  settle(): void {
    this.#element.removeAttribute("data-tick");
  }

  #point(direction: Direction): void {
    const { classList } = this.#element;
    if (classList.contains(direction)) return;
    classList.remove(...DIRECTIONS);
    classList.add(direction);
  }

  #entitle(title: string): void {
    if (title === "") this.#element.removeAttribute("title");
    else if (this.#element.getAttribute("title") !== title) this.#element.setAttribute("title", title);
  }

  /** A tint in progress is left to fade: begun again at every tick of a lively price, it would never end. */
  #tint(tick: Tick): boolean {
    if (this.#element.hasAttribute("data-tick")) return false;
    this.#element.setAttribute("data-tick", tick);
    return true;
  }
}

export class CellBoard {
  readonly #waiting = new Map<Cell, CellValue>();
  readonly #tinted = new Map<Cell, number>();
  readonly #arrangements: (() => void)[] = [];
  readonly #afterPaint: ((paintedAt: DOMHighResTimeStamp) => void)[] = [];
  #frame: number | null = null;
  #sweep: ReturnType<typeof setTimeout> | undefined;

  /** Shows `value` in the next frame, unless a newer one comes before. */
  set(cell: Cell, value: CellValue): void {
    const tick = value.tick ?? this.#waiting.get(cell)?.tick;
    this.#waiting.set(cell, { ...value, tick });
    this.#request();
  }

  /**
   * Runs `work` in the next frame before any figure is written: rows come, go and move together with what they show.
   * The same function runs once, however often it is given before.
   */
  arrange(work: () => void): void {
    if (!this.#arrangements.includes(work)) this.#arrangements.push(work);
    this.#request();
  }

  /** Runs `work` when the frame that shows everything set so far has been painted. */
  whenPainted(work: (paintedAt: DOMHighResTimeStamp) => void): void {
    this.#afterPaint.push(work);
    this.#request();
  }

  /** Writes what waits without waiting for a frame: paper has none. */
  writeNow(): void {
    if (this.#frame === null) return;
    cancelAnimationFrame(this.#frame);
    this.#flush();
  }

  #request(): void {
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = null;
    // What is arranged may ask for more to be arranged in the same frame.
    for (let next = this.#arrangements.shift(); next !== undefined; next = this.#arrangements.shift()) next();
    const now = performance.now();
    for (const [cell, value] of this.#waiting) {
      if (cell.write(value)) this.#tinted.set(cell, now + TINT_MS);
    }
    this.#waiting.clear();
    this.#sweepLater();
    const work = this.#afterPaint.splice(0);
    if (work.length === 0) return;
    afterPaint(() => {
      for (const run of work) run(performance.now());
    });
  }

  #sweepLater(): void {
    if (this.#sweep !== undefined || this.#tinted.size === 0) return;
    this.#sweep = setTimeout(() => {
      this.#sweep = undefined;
      const now = performance.now();
      for (const [cell, endsAt] of this.#tinted) {
        if (endsAt > now) continue;
        cell.settle();
        this.#tinted.delete(cell);
      }
      this.#sweepLater();
    }, TINT_MS / 4);
  }
}

/** A message to oneself is handled right after the frame in hand has been painted; a timer could be clamped. */
function afterPaint(work: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    work();
  };
  channel.port2.postMessage(null);
}
