/** Buttons that copy what a field holds. */

import { byId, within } from "../lib/dom";
import { phrase } from "../lib/words";

export function startCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    button.addEventListener("click", () => void copy(button));
  }
}

/** A page that came without TLS has no clipboard: there the text is selected, and how to go on is said. */
async function copy(button: HTMLButtonElement): Promise<void> {
  const field = byId(button.dataset["copies"] ?? "", HTMLInputElement);
  const said = within(button.parentElement ?? document, "[role=status]", HTMLElement);
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = phrase("Copied.");
  } catch {
    said.textContent = phrase("It is selected: copy it as you do elsewhere.");
  }
}
