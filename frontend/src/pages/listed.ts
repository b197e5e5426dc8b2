/** What the server finds for a few letters: instruments that are known here, and the shipped list. */

import { fetchJson, isRecord, texts } from "./suggested";

export interface Found {
  readonly symbol: string;
  readonly name: string;
  readonly venue: string;
  readonly unit: string;
}

export async function foundAt(address: string, typed: string, signal?: AbortSignal): Promise<readonly Found[]> {
  const answer = await fetchJson(`${address}?${new URLSearchParams({ text: typed })}`, signal);
  const found = isRecord(answer) ? answer["instruments"] : null;
  if (!Array.isArray(found)) throw new TypeError("Expected a list of instruments.");
  return found.map((each) => texts(each, ["symbol", "name", "venue", "unit"] as const));
}
