/**
 * The button of privacy mode. The choice is a cookie of this device, so that the server's first paint has it; every open tab
 * follows at once.
 */

import { isPrivate, onPrivacyChange, setPrivate } from "../lib/privacy";

const COOKIE = "privacy";
const ONE_YEAR_S = 31_536_000;

let channel: BroadcastChannel | null = null;

export function startPrivacy(): void {
  const button = document.getElementById("privacy-button");
  button?.addEventListener("click", togglePrivacy);
  onPrivacyChange(() => button?.setAttribute("aria-pressed", `${isPrivate()}`));
  channel = new BroadcastChannel(COOKIE);
  channel.addEventListener("message", ({ data }) => setPrivate(data === true));
  // A page that comes back from the browser's memory has missed what other tabs said.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) setPrivate(isChosen());
  });
}

/** Hides amounts on this device, or shows them again. */
export function togglePrivacy(): void {
  setPrivate(!isPrivate());
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = `${COOKIE}=${isPrivate() ? "on" : "off"}; path=/; max-age=${isPrivate() ? ONE_YEAR_S : 0}; samesite=lax${secure}`;
  channel?.postMessage(isPrivate());
}

/** What the cookie says. */
export function isChosen(): boolean {
  return document.cookie.split("; ").includes(`${COOKIE}=on`);
}
