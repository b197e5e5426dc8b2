/**
 * The map of a portfolio: area is weight, shade is today's change. Shades and figures move with every frame; the tiles
 * themselves only where weights moved visibly, and every few seconds at most, so that the map stands still to be read.
 */

import type { Part } from "../cells/parts";
import { type Tile, tiles } from "../cells/tiles";
import { type Box, heatOf, looksTheSame, squarified } from "../charts/treemap";
import { moneyText, percentText, plotted, signedMoney, signOf } from "../lib/decimal";
import { made, madeSvg, setAll } from "../lib/dom";
import { phrase } from "../lib/words";

const LAYOUT_EVERY_MS = 4_000;
/** Of the whole: what moves by less is not seen. */
const LEAST_SEEN = 0.002;
const GAP = 2;
const HEAD = 20;
/** How wide a letter of a label and a digit are, and what they need around them. */
const LETTER = 7.5;
const DIGIT = 6.4;
const AROUND = 14;

interface Drawn {
  readonly group: SVGGElement;
  readonly rect: SVGRectElement;
  readonly name: SVGTextElement;
  readonly figure: SVGTextElement;
}

export interface MapOptions {
  /** Whether parts are what the tiles are, so that nothing stands within anything. */
  readonly isFlat: boolean;
  /** Where Enter and a click on a tile lead. */
  readonly addressOf: (tile: Tile) => string;
  readonly now?: () => number;
}

export class AllocationMap {
  readonly #box: HTMLElement;
  readonly #options: MapOptions;
  readonly #svg = madeSvg("svg", { class: "treemap", role: "list" });
  readonly #heads = madeSvg("g", { "aria-hidden": "true" });
  readonly #body = madeSvg("g", { role: "presentation" });
  readonly #tip = made("div", "map-tip");
  readonly #drawn = new Map<string, Drawn>();
  #tiles: ReadonlyMap<string, Tile> = new Map();
  #boxes: ReadonlyMap<string, Box> = new Map();
  #shares: ReadonlyMap<string, number> = new Map();
  #parts: readonly Part[] = [];
  #laidOutAt = Number.NEGATIVE_INFINITY;
  #active = "";
  #size = { width: 0, height: 0 };

  constructor(box: HTMLElement, options: MapOptions) {
    this.#box = box;
    this.#options = options;
    this.#svg.append(this.#heads, this.#body);
    this.#tip.hidden = true;
    this.#tip.setAttribute("aria-hidden", "true");
    this.#box.append(this.#svg, this.#tip);
    new ResizeObserver(() => this.#resized()).observe(box);
    this.#svg.addEventListener("pointermove", (event) => this.#tell(keyAt(event.target)));
    this.#svg.addEventListener("pointerleave", () => this.#tell(this.#focused()));
    this.#svg.addEventListener("focusin", (event) => this.#tell(keyAt(event.target)));
    this.#svg.addEventListener("focusout", () => this.#tell(""));
    this.#svg.addEventListener("click", (event) => this.#open(keyAt(event.target)));
    this.#svg.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** Called when a frame is about to be painted. */
  show(parts: readonly Part[], whole: string, sentence: string): void {
    this.#parts = parts;
    this.#tiles = new Map(tiles(parts, whole).map((tile) => [tile.key, tile]));
    this.#svg.setAttribute("aria-label", sentence);
    if (this.#isToBeLaidOut()) this.#layOut();
    this.#paint();
  }

  // ---------- Where the tiles are ----------

  #isToBeLaidOut(): boolean {
    const now = sharesOf(this.#tiles.values());
    if (now.size !== this.#shares.size || [...now.keys()].some((key) => !this.#shares.has(key))) return true;
    const isTime = this.#now() - this.#laidOutAt >= LAYOUT_EVERY_MS;
    return isTime && !looksTheSame(this.#shares, now, LEAST_SEEN);
  }

  #resized(): void {
    const { width, height } = this.#box.getBoundingClientRect();
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    setAll(this.#svg, { viewBox: `0 0 ${Math.max(1, width)} ${Math.max(1, height)}` });
    this.#layOut();
    this.#paint();
  }

  #layOut(): void {
    this.#laidOutAt = this.#now();
    this.#shares = sharesOf(this.#tiles.values());
    const all = [...this.#tiles.values()];
    const whole = { x: 0, y: 0, ...this.#size };
    const heads: SVGElement[] = [];
    if (this.#options.isFlat) {
      this.#boxes = squarified(all.map(heavy), whole);
    } else {
      const weights = this.#parts.map(({ key }) => ({
        key,
        weight: all.filter(({ part }) => part === key).reduce((sum, { value }) => sum + plotted(value), 0),
      }));
      const boxes = new Map<string, Box>();
      for (const [key, box] of squarified(weights, whole)) {
        const members = all.filter(({ part }) => part === key);
        const name = this.#parts.find((part) => part.key === key)?.name ?? "";
        const isNamed = box.width >= 64 && box.height >= 56;
        const head = isNamed ? HEAD : 0;
        if (isNamed) heads.push(headOf(name, box));
        const inside = { x: box.x, y: box.y + head, width: box.width, height: box.height - head };
        for (const [tile, place] of squarified(members.map(heavy), inside)) boxes.set(tile, place);
      }
      this.#boxes = boxes;
    }
    this.#heads.replaceChildren(...heads);
  }

  // ---------- What they look like ----------

  #paint(): void {
    for (const [key, { group }] of this.#drawn) {
      if (this.#tiles.has(key) && this.#boxes.has(key)) continue;
      group.remove();
      this.#drawn.delete(key);
    }
    for (const [key, box] of this.#boxes) {
      const tile = this.#tiles.get(key);
      if (tile !== undefined) this.#paintTile(tile, box);
    }
    if (!this.#drawn.has(this.#active)) this.#active = [...this.#boxes.keys()][0] ?? "";
    for (const [key, { group }] of this.#drawn) setOnce(group, "tabindex", key === this.#active ? "0" : "-1");
    if (!this.#tip.hidden) this.#tell(this.#tip.dataset["key"] ?? "");
  }

  #paintTile(tile: Tile, box: Box): void {
    const drawn = this.#drawn.get(tile.key) ?? this.#add(tile);
    const width = Math.max(0, box.width - GAP);
    const height = Math.max(0, box.height - GAP);
    setOnce(drawn.rect, "x", fixed(box.x + GAP / 2));
    setOnce(drawn.rect, "y", fixed(box.y + GAP / 2));
    setOnce(drawn.rect, "width", fixed(width));
    setOnce(drawn.rect, "height", fixed(height));
    setOnce(drawn.rect, "class", heatOf(tile.change === null ? null : plotted(tile.change)));
    setOnce(drawn.group, "aria-label", spoken(tile));
    const text = figureOf(tile);
    const name = [tile.name, tile.row.symbol].find((each) => width >= each.length * LETTER + AROUND / 2) ?? "";
    const isWide = width >= text.length * DIGIT + AROUND / 2;
    // Where there is room for one of them, it is the name: a figure of nobody knows what says nothing.
    const hasBoth = height >= 38 && name !== "" && isWide;
    const isAlone = height >= 20 && !hasBoth;
    const middle = box.y + box.height / 2;
    label(drawn.name, hasBoth || isAlone ? name : "", box.x + box.width / 2, hasBoth ? middle - 9 : middle);
    const hasFigure = hasBoth || (isAlone && name === "" && isWide);
    label(drawn.figure, hasFigure ? text : "", box.x + box.width / 2, hasBoth ? middle + 9 : middle);
  }

  #add(tile: Tile): Drawn {
    const group = madeSvg("g", { class: "tile", role: "listitem", tabindex: -1 });
    group.dataset["key"] = tile.key;
    const drawn = {
      group,
      rect: madeSvg("rect", { rx: 3 }),
      name: madeSvg("text", { class: "tile-name", "aria-hidden": "true" }),
      figure: madeSvg("text", { class: "tile-figure", "aria-hidden": "true" }),
    };
    group.append(drawn.rect, drawn.name, drawn.figure);
    this.#body.append(group);
    this.#drawn.set(tile.key, drawn);
    return drawn;
  }

  // ---------- One of them told ----------

  #focused(): string {
    return keyAt(document.activeElement);
  }

  #tell(key: string): void {
    const [tile, box] = [this.#tiles.get(key), this.#boxes.get(key)];
    this.#tip.hidden = tile === undefined || box === undefined;
    if (tile === undefined || box === undefined) return;
    this.#tip.dataset["key"] = key;
    this.#tip.replaceChildren(...tipOf(tile));
    const { width, height } = this.#tip.getBoundingClientRect();
    const x = Math.min(Math.max(0, box.x + box.width / 2 - width / 2), Math.max(0, this.#size.width - width));
    const below = box.y + box.height / 2 + 24;
    const y = below + height <= this.#size.height ? below : Math.max(0, box.y + box.height / 2 - height - 24);
    this.#tip.style.translate = `${x}px ${y}px`;
  }

  #pressed(event: KeyboardEvent): void {
    const keys = [...this.#boxes.keys()].filter((key) => this.#drawn.has(key));
    const at = keys.indexOf(keyAt(event.target));
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: keys.length - 1,
    }[event.key];
    if (event.key === "Enter") this.#open(keyAt(event.target));
    if (event.key === "Escape") this.#tell("");
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.#active = keys[Math.min(Math.max(to, 0), keys.length - 1)] ?? this.#active;
    for (const [key, { group }] of this.#drawn) setOnce(group, "tabindex", key === this.#active ? "0" : "-1");
    this.#drawn.get(this.#active)?.group.focus();
  }

  #open(key: string): void {
    const tile = this.#tiles.get(key);
    if (tile !== undefined) location.assign(this.#options.addressOf(tile));
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now()))();
  }
}

function heavy(tile: Tile): { readonly key: string; readonly weight: number } {
  return { key: tile.key, weight: plotted(tile.value) };
}

function sharesOf(all: Iterable<Tile>): ReadonlyMap<string, number> {
  const weights = [...all].map(heavy);
  const whole = weights.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(weights.map(({ key, weight }) => [key, weight / whole]));
}

function figureOf({ change, weight }: Tile): string {
  return change === null ? weight : percentText(change);
}

function spoken(tile: Tile): string {
  const values = { name: tile.name, weight: tile.weight };
  return tile.change === null
    ? phrase("{name}, {weight} of the whole", values)
    : phrase("{name}, {weight} of the whole, {change} since the close", {
        ...values,
        change: percentText(tile.change),
      });
}

function tipOf(tile: Tile): readonly HTMLElement[] {
  const figures = [
    [phrase("Value"), moneyText(tile.value), "amount"],
    [phrase("Weight"), tile.weight, "num"],
    [
      phrase("Price since the close"),
      percentText(tile.change),
      `${tile.change === null ? "none" : signOf(tile.change)} num`,
    ],
    [phrase("Profit and loss of the day"), signedMoney(tile.day), `${signOf(tile.day)} amount`],
  ] as const;
  const list = made("dl");
  for (const [name, text, kind] of figures) {
    const shown = made("dd");
    shown.append(made("span", kind, text));
    list.append(made("dt", "", name), shown);
  }
  const head = made("p", "when", tile.name);
  if (tile.detail !== "") head.append(" ", made("span", "quiet", tile.detail));
  return [head, list];
}

function headOf(name: string, box: Box): SVGElement {
  const most = Math.max(1, Math.floor((box.width - AROUND) / LETTER));
  const text = madeSvg("text", { class: "tile-head", x: fixed(box.x + 4), y: fixed(box.y + HEAD / 2 + 1) });
  text.textContent = name.length > most ? `${name.slice(0, Math.max(1, most - 1))}\u2026` : name;
  return text;
}

function label(element: SVGTextElement, text: string, x: number, y: number): void {
  if (element.textContent !== text) element.textContent = text;
  setOnce(element, "x", fixed(x));
  setOnce(element, "y", fixed(y));
}

function keyAt(target: EventTarget | null): string {
  const tile = target instanceof Element ? target.closest<SVGGElement>(".tile") : null;
  return tile?.dataset["key"] ?? "";
}

function setOnce(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function fixed(length: number): string {
  return length.toFixed(1);
}
