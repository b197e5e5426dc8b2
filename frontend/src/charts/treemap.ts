/**
 * A squarified treemap: rectangles whose areas are as values, as near to squares as they come. Pure: values in, boxes out.
 *
 * Bruls, Huizing and van Wijk, Squarified Treemaps, 2000: a row is filled along the shorter side as long as its worst
 * rectangle gets no worse.
 */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Heavy {
  readonly key: string;
  /** Above zero; what is not has no area. */
  readonly weight: number;
}

/** A box for each that has a weight, by its key; the largest stands at the upper left. */
export function squarified(things: readonly Heavy[], within: Box): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  const sorted = things
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
  // From the lightest on, so that the last of them still count beside the heaviest.
  const left = sorted.map(({ weight }) => weight);
  for (let at = left.length - 2; at >= 0; at -= 1) left[at] = (left[at] ?? 0) + (left[at + 1] ?? 0);
  const total = left[0] ?? 0;
  if (total <= 0 || within.width <= 0 || within.height <= 0) return boxes;
  const scale = (within.width * within.height) / total;
  let room = within;
  let row: Heavy[] = [];
  for (const [at, thing] of sorted.entries()) {
    const side = Math.min(room.width, room.height);
    if (row.length > 0 && worst([...row, thing], side, scale) > worst(row, side, scale)) {
      room = placed(row, room, { scale, left: (left[at] ?? 0) * scale }, boxes);
      row = [];
    }
    row.push(thing);
  }
  placed(row, room, { scale, left: 0 }, boxes);
  return boxes;
}

/** The worst ratio of sides in a row along a side. */
function worst(row: readonly Heavy[], side: number, scale: number): number {
  const areas = row.map(({ weight }) => weight * scale);
  const sum = areas.reduce((before, area) => before + area, 0);
  const [least, most] = [Math.min(...areas), Math.max(...areas)];
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * Places a row along the shorter side, and gives the room for the area that is `left`. That room follows from the area: what a
 * subtraction of nearly equal sides leaves can be nothing, or too little for the lightest.
 */
function placed(
  row: readonly Heavy[],
  room: Box,
  { scale, left }: { readonly scale: number; readonly left: number },
  boxes: Map<string, Box>,
): Box {
  const area = row.reduce((sum, { weight }) => sum + weight * scale, 0);
  const isTall = room.width >= room.height;
  const depth = isTall ? area / room.height : area / room.width;
  let offset = 0;
  for (const { key, weight } of row) {
    const length = depth === 0 ? 0 : (weight * scale) / depth;
    boxes.set(
      key,
      isTall
        ? { x: room.x, y: room.y + offset, width: depth, height: length }
        : { x: room.x + offset, y: room.y, width: length, height: depth },
    );
    offset += length;
  }
  return isTall
    ? { ...room, x: room.x + depth, width: left / room.height }
    : { ...room, y: room.y + depth, height: left / room.width };
}

/** Three steps each way, by the change in percent: below half a percent, below two, and from two on; null: no change is known. */
export function heatOf(change: number | null): string {
  if (change === null || Math.abs(change) < 0.005) return "h-0";
  const size = Math.abs(change) < 0.5 ? 1 : Math.abs(change) < 2 ? 2 : 3;
  return `h-${change > 0 ? "p" : "n"}${size}`;
}

/** Whether the boxes stand where they stood, but for what no eye sees: then nothing is moved. */
export function looksTheSame(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  least: number,
): boolean {
  if (before.size !== now.size) return false;
  for (const [key, share] of now) {
    const was = before.get(key);
    if (was === undefined || Math.abs(was - share) > least) return false;
  }
  return true;
}
