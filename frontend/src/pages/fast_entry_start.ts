/**
 * N opens the line for a transaction, whose scripts come when it is opened first.
 *
 * A page that is made anew, such as for the first transaction of all, has the line that was open as it was.
 */

import { within } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import type { FastEntry } from "./fast_entry";

const KEPT = "line";

/** Where a page has no line, N follows the link to the form. */
export function startFastEntry(): void {
  const dialog = document.getElementById("line");
  const link = document.getElementById("add-transaction");
  if (dialog instanceof HTMLDialogElement) {
    const open = lineOpener(dialog);
    onN(open);
    keepOverReload(dialog, open);
  } else if (link !== null) onN(() => link.click());
}

/** The line is open at once, so that what is typed before its scripts are there goes into it too. */
function lineOpener(dialog: HTMLDialogElement): () => void {
  const input = within(dialog, "input[name=line]", HTMLInputElement);
  const link = within(dialog, "#line-form", HTMLAnchorElement);
  let coming: Promise<FastEntry> | null = null;
  // Enter is never a form's own sending, which would book unread.
  dialog.addEventListener("submit", (event) => event.preventDefault());
  within(dialog, "#line-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  // Whoever follows the link, or opens it elsewhere, takes the line as it stands then, whoever put in it what stands there.
  for (const way of ["pointerdown", "click"]) {
    link.addEventListener(way, () => {
      const line = input.value;
      link.search = line.trim() === "" ? "" : `${new URLSearchParams({ line })}`;
    });
  }
  const noScripts = (): void => {
    // The next time they are asked for anew.
    coming = null;
    if (dialog.open) link.click();
  };
  return () => {
    dialog.showModal();
    input.focus();
    input.select();
    coming ??= import("./fast_entry").then(({ FastEntry }) => new FastEntry(dialog));
    coming.then((entry) => entry.opened(), noScripts);
  };
}

function keepOverReload(dialog: HTMLDialogElement, open: () => void): void {
  const input = within(dialog, "input[name=line]", HTMLInputElement);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  const [navigation] = performance.getEntriesByType("navigation");
  // What leads elsewhere, such as to the form, has the line in another way or not at all.
  if (kept !== null && navigation instanceof PerformanceNavigationTiming && navigation.type === "reload") {
    input.value = kept;
    open();
    input.setSelectionRange(kept.length, kept.length);
  }
  addEventListener("pagehide", () => {
    if (dialog.open) sessionStorage.setItem(KEPT, input.value);
  });
}

function onN(run: () => void): void {
  shortcuts.register({ keys: ["n"], does: phrase("Add a transaction"), group: "On this page", run });
}
