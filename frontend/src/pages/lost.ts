/** A portfolio that the socket refuses: whether it is gone for this person is asked of the server. */

import { LoadFailed, loaded } from "../charts/load";
import type { LiveStore } from "../live/store";

export interface Lost {
  readonly store: Pick<LiveStore, "isSignedOut" | "watchPortfolios">;
  /** It is not this person's any more. */
  readonly gone: () => void;
  readonly reload?: () => void;
}

/** The portfolio is not this person's any more, or nobody is signed in: the server says which. */
export async function askWhetherLost(portfolio: string, { store, gone, reload }: Lost): Promise<void> {
  if (store.isSignedOut) return;
  try {
    await loaded(`/portfolios/${portfolio}/today.json`, isAnything, "today");
    // A moment between two rights: the socket will be told again.
    store.watchPortfolios([portfolio]);
  } catch (error) {
    if (!(error instanceof LoadFailed)) throw error;
    if (error.code === "sign_in_required") (reload ?? (() => location.reload()))();
    else if (error.code === "not_found") gone();
  }
}

function isAnything(value: unknown): value is unknown {
  return value !== undefined;
}
