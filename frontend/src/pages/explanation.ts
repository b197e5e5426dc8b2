/** An explained figure: its tree by the keyboard, and its link and its text on the clipboard. */

import { byId } from "../lib/dom";
import { phrase } from "../lib/words";
import { startAppShell } from "./app_shell";
import { sayGone } from "./gone";
import { startTree } from "./tree";

const root = byId("portfolio", HTMLElement);
const id = root.dataset["portfolio"] ?? "";
startAppShell({
  onAccess: (portfolios) => {
    if (!portfolios.some((one) => one.id === id)) sayGone(root);
  },
  onSignedOut: () => root.remove(),
});

const tree = document.getElementById("tree");
if (tree !== null) startTree(tree);

const spoken = byId("spoken", HTMLElement);
const keep = document.getElementById("keep");
const link = document.getElementById("copy-link");
const text = byId("copy-text", HTMLAnchorElement);

if (keep instanceof HTMLFormElement) keep.addEventListener("submit", (event) => kept(keep, event));
link?.addEventListener("click", () => void copied(location.href, phrase("The link is copied.")));
text.addEventListener("click", (event) => {
  event.preventDefault();
  void asText();
});

/** Keeps the explanation, so that its address lasts, and copies that. */
function kept(form: HTMLFormElement, event: SubmitEvent): void {
  event.preventDefault();
  void (async () => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(String(answer.status));
      await copied(answer.url, phrase("The lasting link is copied."));
    } catch {
      form.submit();
    }
  })();
}

async function asText(): Promise<void> {
  try {
    const answer = await fetch(text.href);
    if (!answer.ok) throw new Error(String(answer.status));
    await copied(await answer.text(), phrase("The explanation is copied as text."));
  } catch {
    location.assign(text.href);
  }
}

async function copied(content: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(content);
  spoken.textContent = said;
  toast(said);
}

function toast(said: string): void {
  const place = byId("toasts", HTMLElement);
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.textContent = said;
  place.replaceChildren(shown);
  setTimeout(() => shown.remove(), 4_000);
}
