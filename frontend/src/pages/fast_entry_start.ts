/** N opens the line for a transaction, whose scripts come when it is opened first. */

import { within } from "../lib/dom";
import { shortcuts } from "../lib/shortcuts";
import { phrase } from "../lib/words";
import type { FastEntry } from "./fast_entry";

/** Where a page has no line, N follows the link to the form. */
export function startFastEntry(): void {
  const dialog = document.getElementById("line");
  const link = document.getElementById("add-transaction");
  if (dialog instanceof HTMLDialogElement) onN(lineOpener(dialog));
  else if (link !== null) onN(() => link.click());
}

/** The line is open at once, so that what is typed before its scripts are there goes into it too. */
function lineOpener(dialog: HTMLDialogElement): () => void {
  const input = within(dialog, "input[name=line]", HTMLInputElement);
  let coming: Promise<FastEntry> | null = null;
  // Enter is never a form's own sending, which would book unread.
  dialog.addEventListener("submit", (event) => event.preventDefault());
  within(dialog, "#line-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  const noScripts = (): void => {
    // The next time they are asked for anew.
    coming = null;
    if (dialog.open) toForm(dialog, input.value);
  };
  return () => {
    dialog.showModal();
    input.focus();
    input.select();
    coming ??= import("./fast_entry").then(({ FastEntry }) => new FastEntry(dialog));
    coming.then((entry) => entry.opened(), noScripts);
  };
}

/** The server reads the line there, and has what was understood of it in the form. */
function toForm(dialog: HTMLDialogElement, line: string): void {
  const link = within(dialog, "#line-form", HTMLAnchorElement);
  if (line.trim() !== "") link.search = `${new URLSearchParams({ line })}`;
  link.click();
}

function onN(run: () => void): void {
  shortcuts.register({ keys: ["n"], does: phrase("Add a transaction"), group: "On this page", run });
}
