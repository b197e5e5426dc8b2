/** What a page of one portfolio becomes when the person may no longer see it. */

import { byId } from "../lib/dom";
import { showTitle } from "../lib/privacy";
import { phrase } from "../lib/words";

/** Takes `shown` off the page and says so in its place, to a screen reader too. */
export function sayGone(shown: Element): void {
  shown.remove();
  document.getElementById("print-name")?.remove();
  const notice = byId("portfolio-gone", HTMLElement);
  notice.hidden = false;
  notice.focus();
  showTitle([phrase("No longer shared"), "Tickfolio"].join(" · "));
}
