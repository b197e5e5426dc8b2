/**
 * The button of privacy mode. The choice is a cookie of this device, so that the server's first paint has it; every open tab
 * follows at once.
 */

import { remember, remembered } from "../lib/device";
import { isPrivate, onPrivacyChange, setPrivate } from "../lib/privacy";
import { phrase } from "../lib/words";

const COOKIE = "privacy";

let channel: BroadcastChannel | null = null;

export function startPrivacy(): void {
  const button = document.getElementById("privacy-button");
  button?.addEventListener("click", togglePrivacy);
  onPrivacyChange(() => {
    button?.setAttribute("aria-pressed", `${isPrivate()}`);
    nameLinks();
  });
  nameLinks();
  channel = new BroadcastChannel(COOKIE);
  channel.addEventListener("message", ({ data }) => setPrivate(data === true));
  // A page that comes back from the browser's memory has missed what other tabs said.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) setPrivate(isChosen());
  });
}

const newLinks = new MutationObserver(() => nameAll());

/** A link whose figure is hidden would have no name: it is called so for as long as it is. */
function nameLinks(): void {
  nameAll();
  if (isPrivate()) newLinks.observe(document.body, { childList: true, subtree: true });
  else newLinks.disconnect();
}

function nameAll(): void {
  for (const link of document.querySelectorAll("a.explain[href]:has(.amount)")) {
    if (isPrivate()) link.setAttribute("aria-label", phrase("hidden"));
    else link.removeAttribute("aria-label");
  }
}

/** Hides amounts on this device, or shows them again. */
export function togglePrivacy(): void {
  setPrivate(!isPrivate());
  remember(COOKIE, isPrivate() ? "on" : "off");
  channel?.postMessage(isPrivate());
}

/** What the cookie says. */
export function isChosen(): boolean {
  return remembered(COOKIE) === "on";
}
