/** What was booked, as rings on a line: those that are closer than their width become one with a count. */

import { roundedText } from "../lib/decimal";
import { countedPhrase, phraseFor } from "../lib/words";
import type { DayMark } from "./days_data";

/** Half of a ring, the room from middle to middle, and what each character beyond two needs. In px. */
export const RING = 7.5;
export const RING_GAP = 16;
const CHARACTER = 6.5;

const LETTERS: { readonly [kind: string]: string } = {
  deposit: "+",
  withdrawal: "\u2212",
  buy: phraseFor("a purchase", "B"),
  sell: phraseFor("a sale", "S"),
  dividend: "D",
  split: "\u00f7",
};

export interface Ring {
  readonly x: number;
  readonly day: number;
  /** A letter, or how many. */
  readonly text: string;
  /** Of what is drawn, in px: a number of three digits is longer than a ring. */
  readonly width: number;
  readonly isSale: boolean;
}

/** The rings of `marks`, none nearer to another than `gap` px, long ones more: those that would be are one, in their middle. */
export function rings(marks: readonly DayMark[], xOfDay: (day: number) => number, gap: number): readonly Ring[] {
  const groups: Group[] = [];
  for (const mark of [...marks].sort((a, b) => a.day - b.day)) {
    let group: Group = { marks: [mark], sum: xOfDay(mark.day) };
    // What joins moves the middle, which may then be too near to the one before.
    for (let before = groups.at(-1); before !== undefined; before = groups.at(-1)) {
      if (middleOf(group) - middleOf(before) >= gap + (beyondRing(group) + beyondRing(before)) / 2) break;
      groups.pop();
      before.marks.push(...group.marks);
      group = { marks: before.marks, sum: before.sum + group.sum };
    }
    groups.push(group);
  }
  return groups.map((group) => ringOf(group.marks, middleOf(group)));
}

/** Marks that share a ring, and the sum of where they are. */
interface Group {
  readonly marks: DayMark[];
  readonly sum: number;
}

function countOf(marks: readonly DayMark[]): number {
  return marks.reduce((sum, mark) => sum + mark.count, 0);
}

function countText(count: number): string {
  return roundedText(`${count}`, 0);
}

/** How much longer than a ring the text makes it. */
function extraOf(text: string): number {
  return Math.max(0, text.length - 2) * CHARACTER;
}

function beyondRing({ marks }: Group): number {
  return extraOf(countText(countOf(marks)));
}

function middleOf({ marks, sum }: Group): number {
  return sum / marks.length;
}

function ringOf(group: readonly DayMark[], x: number): Ring {
  const count = countOf(group);
  const text = countText(count);
  const [kind, ...others] = new Set(group.map((mark) => mark.kind));
  const isOfOne = kind !== undefined && others.length === 0;
  return {
    x,
    day: group[0]?.day ?? 0,
    text: count === 1 && isOfOne ? (LETTERS[kind] ?? "") : text,
    width: 2 * RING + extraOf(text),
    isSale: isOfOne && kind === "sell",
  };
}

/** `2 purchases, 1 dividend`: what was booked on a day. */
export function bookedWords(marks: readonly DayMark[], day: number): string {
  return marks
    .filter((mark) => mark.day === day)
    .map(({ kind, count }) => countedKind(kind, count))
    .join(", ");
}

function countedKind(kind: string, number: number): string {
  const values = { count: countText(number) };
  switch (kind) {
    case "deposit":
      return countedPhrase("{count} deposit", "{count} deposits", number, values);
    case "withdrawal":
      return countedPhrase("{count} withdrawal", "{count} withdrawals", number, values);
    case "buy":
      return countedPhrase("{count} purchase", "{count} purchases", number, values);
    case "sell":
      return countedPhrase("{count} sale", "{count} sales", number, values);
    case "dividend":
      return countedPhrase("{count} dividend", "{count} dividends", number, values);
    case "split":
      return countedPhrase("{count} split", "{count} splits", number, values);
    default:
      return `${values.count} ${kind}`;
  }
}
