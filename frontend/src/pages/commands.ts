/**
 * The keys that work everywhere, and the ways to the command palette and the help sheet. Both load when they are first asked
 * for: most pages are left without.
 */

import { setSingleKeys, shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import { togglePrivacy } from "./privacy";

/** The portfolio that the page is of, or the first that there is; null where there is none. */
export function portfolioAtHand(): string | null {
  const ofPage = /^\/portfolios\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1];
  const first = document.querySelector<HTMLElement>("#rail-portfolios [data-portfolio]")?.dataset["portfolio"];
  return ofPage ?? first ?? null;
}

/** Keys and, for who is signed in, the palette. */
export function startCommands(): void {
  const isSignedIn = document.documentElement.dataset["person"] !== undefined;
  document.addEventListener("keydown", (event) => {
    if (
      isSignedIn &&
      (event.ctrlKey || event.metaKey) &&
      !event.altKey &&
      !event.shiftKey &&
      event.key.toLowerCase() === "k"
    ) {
      event.preventDefault();
      void openPalette();
    } else shortcuts.pressed(event);
  });
  document.getElementById("palette-button")?.addEventListener("click", () => void openPalette());
  document.getElementById("help-button")?.addEventListener("click", () => void openHelp());
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) {
    for (const kbd of document.querySelectorAll("[data-command-key]")) kbd.textContent = "⌘ K";
  }
  shortcuts.register({
    keys: ["?"],
    does: phrase("Show the keys of the page"),
    group: "Everywhere",
    run: () => void openHelp(),
  });
  if (isSignedIn) registerEverywhere();
  // The switch of the help sheet, which also stands among the preferences.
  const keys = document.querySelector<HTMLInputElement>("#single-keys");
  keys?.addEventListener("change", () => setSingleKeys(keys.checked));
}

export async function openPalette(): Promise<void> {
  const { Palette } = await import("./palette");
  Palette.open();
}

export async function openHelp(): Promise<void> {
  const { openHelpSheet } = await import("./help_sheet");
  openHelpSheet();
}

function registerEverywhere(): void {
  const group = "Everywhere";
  const control = phrase("Ctrl K");
  shortcuts.register(
    { keys: ["Control+k"], told: `${control} or ⌘ K`, does: phrase("Search, or run a command"), group },
    { keys: ["/"], does: phrase("Search"), group, run: () => void openPalette() },
    { keys: ["shift+p"], does: phrase("Hide amounts, or show them"), group, run: togglePrivacy },
  );
  const go = (key: string, does: string, address: () => string | null): void => {
    const run = (): void => {
      const to = address();
      if (to !== null) location.assign(to);
    };
    shortcuts.register({ keys: ["g", key], does, group: "Go to", run });
  };
  go("h", phrase("Home"), () => "/");
  if (portfolioAtHand() !== null) {
    go("p", phrase("Portfolio"), () => below(""));
    go("t", phrase("Transactions"), () => below("transactions/"));
  }
  go("s", phrase("Stocks"), () => "/stocks/");
  go("w", phrase("Watchlists"), () => "/watchlists/");
}

function below(rest: string): string | null {
  const id = portfolioAtHand();
  return id === null ? null : `/portfolios/${id}/${rest}`;
}
