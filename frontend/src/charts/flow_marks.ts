/** What was booked as it is drawn on a line: a ring with a letter or a count, above the point that it belongs to. SVG. */

import { madeSvg } from "../lib/dom";
import { RING, RING_GAP, type Ring, rings } from "./day_marks";
import type { DayMark } from "./days_data";

/** From the middle of a ring down to the line. */
const ABOVE = 18;

/** The rings of `marks`; `y` is that of the line where a mark stands. */
export function flowMarks(
  marks: readonly DayMark[],
  xOf: (day: number) => number,
  y: (day: number) => number,
): readonly SVGGElement[] {
  return rings(marks, xOf, RING_GAP).map((ring) => drawn(ring, Math.max(RING + 1, y(ring.day) - ABOVE)));
}

function drawn({ x, text, width, isSale }: Ring, y: number): SVGGElement {
  const ring = madeSvg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
  const letter = madeSvg("text", {
    class: isSale ? "mark-text mark-text-on" : "mark-text",
    y: 3.5,
    "text-anchor": "middle",
  });
  letter.textContent = text;
  const shape = {
    class: isSale ? "mark mark-sell" : "mark",
    x: -width / 2,
    y: -RING,
    width,
    height: 2 * RING,
    rx: RING,
  };
  ring.append(madeSvg("rect", shape), letter);
  return ring;
}
