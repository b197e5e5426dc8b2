/** The operator's page of the feeds: refreshed every few seconds, with how old it is in view. */

import { byId, textOf } from "../lib/dom";
import { startAppShell } from "./app_shell";
import { RefreshedPart } from "./refreshed_part";

const part = byId("feeds-now", HTMLElement);
const age = document.getElementById("refreshed");
startAppShell({ onSignedOut: () => part.remove() });
// A replay has no feeds, and nothing to refresh.
if (age !== null) start(age);

function start(shown: HTMLElement): void {
  const text = textOf(byId("refreshed-text", HTMLElement));
  const shape = byId("refreshed-shape", HTMLElement);
  const say = (words: string, isLate: boolean): void => {
    if (text.data !== words) text.data = words;
    shape.className = `shape shape-${isLate ? "stale" : "live"}`;
    shown.toggleAttribute("data-late", isLate);
  };
  const refreshed = new RefreshedPart(part, say, {
    fetch: (address, options) => fetch(address, options),
    now: () => performance.now(),
    reload: () => location.reload(),
  });
  refreshed.start();
  byId("refreshed-again", HTMLAnchorElement).addEventListener("click", (event) => {
    event.preventDefault();
    void refreshed.ask();
  });
}
