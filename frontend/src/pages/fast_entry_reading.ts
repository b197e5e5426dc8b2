/** What the server makes of a line, looked at before it is believed. */

import { isRecord, textOrNull, texts } from "./suggested";

/** A sentence in pieces, each with whether it is an amount, which privacy mode hides. */
export type Pieces = readonly (readonly [string, boolean])[];

export interface ReadBadge {
  readonly text: string;
  readonly state: string;
  readonly hint: string;
  readonly put: string;
  readonly isPrivate: boolean;
}

/** An instrument that words of the line may mean; `put` stands for it in the line. */
export interface Choice {
  readonly symbol: string;
  readonly name: string;
  readonly venue: string;
  readonly currency: string;
  readonly put: string;
}

export interface Reading {
  readonly badges: readonly ReadBadge[];
  readonly faults: readonly Pieces[];
  /** What should be known before it is booked, and keeps nobody from booking it. */
  readonly notes: readonly string[];
  readonly choices: readonly Choice[];
  /** From where to where the instrument is named. */
  readonly named: readonly [number, number] | null;
  readonly total: string;
  readonly ready: boolean;
  readonly price: string;
  readonly rate: string;
  /** What was asked before it is booked, to be sent back with the yes; empty where nothing was. */
  readonly anyway: string;
}

export const EMPTY: Reading = {
  badges: [],
  faults: [],
  notes: [],
  choices: [],
  named: null,
  total: "",
  ready: false,
  price: "",
  rate: "",
  anyway: "",
};

export function readingOf(answer: unknown): Reading {
  if (!isRecord(answer)) throw new TypeError("Expected what a line says.");
  const named = answer["named"];
  const [start, end] = Array.isArray(named) ? named : [];
  return {
    badges: listOf(answer["badges"]).map((each) => ({
      ...texts(each, ["text", "state", "hint", "put"] as const),
      isPrivate: isRecord(each) && each["is_private"] === true,
    })),
    faults: listOf(answer["pieces"]).map(piecesOf),
    notes: listOf(answer["notes"]).filter((each) => typeof each === "string"),
    choices: listOf(answer["choices"]).map((each) =>
      texts(each, ["symbol", "name", "venue", "currency", "put"] as const),
    ),
    named: typeof start === "number" && typeof end === "number" ? [start, end] : null,
    total: textOrNull(answer, "total") ?? "",
    ready: answer["ready"] === true,
    price: textOrNull(answer, "price") ?? "",
    rate: textOrNull(answer, "rate") ?? "",
    anyway: textOrNull(answer, "anyway") ?? "",
  };
}

/** A sentence as the server has taken it apart. */
export function piecesOf(value: unknown): Pieces {
  return listOf(value).map((each) => {
    const [text, isAmount] = listOf(each);
    if (typeof text !== "string") throw new TypeError("Expected a piece of a sentence.");
    return [text, isAmount === true] as const;
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
