/** The help sheet: every key that works on the page, and whether single keys are listened to at all. */

import { made } from "../lib/dom";
import { type Group, hasSingleKeys, type Shortcut, setSingleKeys, shortcuts, toldKeys } from "../lib/shortcuts";
import { phrase } from "../lib/words";

const GROUPS: readonly (readonly [Group, string])[] = [
  ["On this page", phrase("On this page")],
  ["Everywhere", phrase("Everywhere")],
  ["Go to", phrase("Go to")],
];
/** What stands between keys. */
const BETWEEN: ReadonlyMap<string, string> = new Map([
  ["then", phrase("then")],
  ["or", phrase("or")],
  ["to", phrase("to")],
]);

export function openHelpSheet(): void {
  if (document.querySelector("dialog[open]") !== null) return;
  const sheet = made("dialog", "dialog help-sheet");
  sheet.setAttribute("aria-labelledby", "help-title");
  sheet.append(head(sheet), body(), foot());
  sheet.addEventListener("close", () => sheet.remove());
  // A click beside the sheet is one on its backdrop, which is the dialog itself.
  sheet.addEventListener("click", ({ target }) => {
    if (target === sheet) sheet.close();
  });
  document.body.append(sheet);
  sheet.showModal();
}

function head(sheet: HTMLDialogElement): HTMLElement {
  const box = made("div", "pop-head");
  const title = made("h2", "", phrase("Keys of this page"));
  title.id = "help-title";
  const close = made("button", "button button-quiet", phrase("Close"));
  close.type = "button";
  close.addEventListener("click", () => sheet.close());
  box.append(title, close);
  return box;
}

function body(): HTMLElement {
  const box = made("div", "pop-body help-groups");
  for (const [group, name] of GROUPS) {
    const listed = shortcuts.all.filter((each) => each.group === group);
    if (listed.length === 0) continue;
    const section = made("section");
    const list = made("dl", "help-keys");
    for (const shortcut of listed) list.append(line(shortcut));
    section.append(made("h3", "", name), list);
    box.append(section);
  }
  return box;
}

function line(shortcut: Shortcut): HTMLElement {
  const pair = made("div");
  const keys = made("dd");
  for (const [at, part] of toldKeys(shortcut)
    .split(/ (then|or|to) /)
    .entries()) {
    // The words between stand at the odd places.
    if (at % 2 === 1) keys.append(made("span", "quiet", ` ${BETWEEN.get(part) ?? part} `));
    else keys.append(...part.split(" ").map((key) => made("kbd", "kbd", key)));
  }
  pair.append(made("dt", "", shortcut.does), keys);
  return pair;
}

function foot(): HTMLElement {
  const box = made("div", "pop-foot");
  const label = made("label", "check");
  const check = made("input");
  check.type = "checkbox";
  check.checked = hasSingleKeys();
  check.addEventListener("change", () => {
    setSingleKeys(check.checked);
    const preference = document.querySelector<HTMLInputElement>("#single-keys");
    if (preference !== null) preference.checked = check.checked;
  });
  label.append(check, phrase("Listen to single keys on this device"));
  box.append(label, made("span", "quiet sub", phrase("Ctrl K and the arrow keys work without, too.")));
  return box;
}
