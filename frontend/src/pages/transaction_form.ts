/** The page with the form of a transaction: another type brings its fields in place, and what was typed goes along. */

import { byId } from "../lib/dom";
import { pageAnew } from "../lib/page_anew";
import { startAppShell } from "./app_shell";
import { TransactionEntry } from "./transaction_entry";
import { TransactionFields } from "./transaction_fields";

class TransactionForm {
  readonly #form = byId("transaction-form", HTMLFormElement);
  readonly #type = byId("type", HTMLInputElement);
  #entry = new TransactionEntry(this.#form);
  #switching: AbortController | undefined;

  start(): void {
    document.getElementById("kinds")?.addEventListener("click", (event) => this.#clicked(event));
  }

  #clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.#switchTo(link);
  }

  async #switchTo(link: HTMLAnchorElement): Promise<void> {
    this.#switching?.abort();
    const switching = new AbortController();
    this.#switching = switching;
    const page = await pageAnew(link.href, switching.signal).catch(() => null);
    if (switching.signal.aborted) return;
    const fields = page?.getElementById("fields") ?? null;
    if (fields === null) location.assign(link.href);
    else this.#replace(fields, link);
  }

  #replace(fields: Element, link: HTMLAnchorElement): void {
    const kept = this.#entry.kept();
    this.#entry.stop();
    document.getElementById("error-summary")?.remove();
    document.getElementById("doubts")?.remove();
    byId("fields", HTMLElement).replaceWith(document.adoptNode(fields));
    new TransactionFields(this.#form).restore(kept);
    this.#type.value = link.dataset["type"] ?? "";
    for (const other of document.querySelectorAll("#kinds [aria-current]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    byId("kind-name", HTMLElement).textContent = link.textContent;
    byId("kinds", HTMLDetailsElement).open = false;
    history.replaceState(null, "", link.href);
    this.#entry = new TransactionEntry(this.#form);
  }
}

startAppShell();
if (document.getElementById("transaction-form") !== null) new TransactionForm().start();
