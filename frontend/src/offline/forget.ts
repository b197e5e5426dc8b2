/**
 * What every page can do with what this browser keeps of somebody's last known values: remove it. Small, since every page
 * has it; what is kept, and how, is in last_values.ts.
 */

import { remembered } from "../lib/device";

const COOKIE = "last-values";
export const INDEX = "last-values";

/** The key of the session that this browser has now; empty where nobody is signed in. */
export function sessionKey(): string {
  return remembered(COOKIE);
}

/** Under which name the rows of a portfolio stand. */
export function rowsName(portfolio: string): string {
  return `${INDEX}:${portfolio}`;
}

/** Removes what is kept: all of it, or what `isMeant` says. */
export function forget(isMeant: (name: string) => boolean = () => true): void {
  try {
    const ours = Object.keys(localStorage).filter((name) => name === INDEX || name.startsWith(rowsName("")));
    for (const name of ours.filter(isMeant)) localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** Removes what another session has left, another person's or one that is over. */
export function forgetOthers(): void {
  if (!isOwn()) forget();
}

function isOwn(): boolean {
  const key = sessionKey();
  try {
    const found = JSON.parse(localStorage.getItem(INDEX) ?? "null") as { readonly key?: unknown } | null;
    return key !== "" && found?.key === key;
  } catch {
    return false;
  }
}
