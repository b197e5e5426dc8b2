/** What the palette knows of a line that may be a transaction: the server reads it in each portfolio that may be meant. */

import { phrase } from "../lib/words";
import { readingOf } from "./fast_entry_reading";
import { fetchJson, isRecord, textOrNull } from "./suggested";

export interface LinePreview {
  /** Whether it is a transaction, with nothing left over. */
  readonly isOne: boolean;
  /** What it is read as, or what of it was not understood; empty where no word of it is one of a transaction. */
  readonly text: string;
}

/** What was read of a line, by the portfolio that it was read in. */
export interface LinesRead {
  readonly line: string;
  readonly previews: ReadonlyMap<string, LinePreview>;
}

/** Words and a figure: less can be no transaction. */
export function mayBeLine(typed: string): boolean {
  return /\s/.test(typed.trim()) && /\d/.test(typed);
}

export async function lineRead(
  line: string,
  portfolios: readonly { readonly id: string }[],
  signal: AbortSignal,
): Promise<LinesRead> {
  const asked = new URLSearchParams({ line });
  const read = portfolios.map(async ({ id }) => {
    const answer = await fetchJson(`/portfolios/${id}/transactions/line.json?${asked}`, signal);
    return [id, previewOf(answer)] as const;
  });
  return { line, previews: new Map(await Promise.all(read)) };
}

export function previewOf(answer: unknown): LinePreview {
  const { badges, faults } = readingOf(answer);
  const wrong = faults.map((pieces) => pieces.map(([text]) => text).join("")).join(" ");
  const isOne = isRecord(answer) && answer["understood"] === true;
  if (!isOne) return { isOne, text: isRecord(answer) && textOrNull(answer, "type") ? wrong : "" };
  const said = badges
    .filter(({ state }) => state !== "fault")
    .map(({ state, text }) => (state === "suggested" ? phrase("suggested: {text}", { text }) : text));
  return { isOne, text: [said.join(" · "), wrong].filter((each) => each !== "").join(" — ") };
}
