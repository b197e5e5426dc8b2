/** What was booked, as rings on a line: those that are closer than their width become one with a count. */

import type { DayMark } from "./days_data";

const LETTERS: { readonly [kind: string]: string } = {
  deposit: "+",
  withdrawal: "\u2212",
  buy: "B",
  sell: "S",
  dividend: "D",
  split: "\u00f7",
};
const NAMES: { readonly [kind: string]: readonly [string, string] } = {
  deposit: ["deposit", "deposits"],
  withdrawal: ["withdrawal", "withdrawals"],
  buy: ["purchase", "purchases"],
  sell: ["sale", "sales"],
  dividend: ["dividend", "dividends"],
  split: ["split", "splits"],
};

export interface Ring {
  readonly x: number;
  readonly day: number;
  /** A letter, or how many. */
  readonly text: string;
  readonly isSale: boolean;
}

/** The rings of `marks`, none nearer to another than `gap` px. */
export function rings(marks: readonly DayMark[], xOfDay: (day: number) => number, gap: number): readonly Ring[] {
  const sorted = [...marks].sort((a, b) => a.day - b.day);
  const found: Ring[] = [];
  let group: DayMark[] = [];
  const close = (): void => {
    const [only] = group;
    if (only === undefined) return;
    const count = group.reduce((sum, mark) => sum + mark.count, 0);
    const kinds = new Set(group.map((mark) => mark.kind));
    const x = group.reduce((sum, mark) => sum + xOfDay(mark.day), 0) / group.length;
    const letter = kinds.size === 1 ? (LETTERS[only.kind] ?? "") : "";
    found.push({
      x,
      day: only.day,
      text: count === 1 ? letter : `${count}`,
      isSale: kinds.size === 1 && only.kind === "sell",
    });
    group = [];
  };
  for (const mark of sorted) {
    const [first] = group;
    if (first !== undefined && xOfDay(mark.day) - xOfDay(first.day) >= gap) close();
    group.push(mark);
  }
  close();
  return found;
}

/** `2 purchases, 1 dividend`: what was booked on a day. */
export function bookedWords(marks: readonly DayMark[], day: number): string {
  return marks
    .filter((mark) => mark.day === day)
    .map(({ kind, count }) => {
      const [one, many] = NAMES[kind] ?? [kind, kind];
      return `${count} ${count === 1 ? one : many}`;
    })
    .join(", ");
}
