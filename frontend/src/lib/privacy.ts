/**
 * Privacy mode: whether this device hides amounts. What has the class `amount` is hidden by the stylesheet; here is what a
 * stylesheet cannot reach, such as the title of the tab and what is read out.
 *
 * The twin in Python is src/tickfolio/web/privacy.py, which reads the same cookie, so that the first paint hides them already.
 */

const CHANGED = "privacychange";

export function isPrivate(): boolean {
  return typeof document !== "undefined" && document.documentElement.dataset["privacy"] === "on";
}

/** Hides amounts on this page, or shows them again. */
export function setPrivate(isOn: boolean): void {
  if (isOn === isPrivate()) return;
  const { dataset } = document.documentElement;
  if (isOn) dataset["privacy"] = "on";
  else delete dataset["privacy"];
  document.dispatchEvent(new Event(CHANGED));
}

/** Runs `work` whenever amounts are hidden or shown again, until the answer is called. */
export function onPrivacyChange(work: () => void): () => void {
  document.addEventListener(CHANGED, work);
  return () => document.removeEventListener(CHANGED, work);
}

/** What stands before a title with figures that are no longer the newest. */
let age = "";
let titles: { readonly without: string; readonly whole: string } | null = null;

/** Who reads the title of a tab needs no more of it, and each costs the browser more than all figures of a row. */
const TITLE_EVERY_MS = 1_000;
let titledAt = Number.NEGATIVE_INFINITY;
let titling: ReturnType<typeof setTimeout> | undefined;

/** Titles the tab: `without` is all that it says while amounts are hidden. An amount that moved alone waits for its second. */
export function showTitle(without: string, whole: string = without): void {
  if (titles === null) onPrivacyChange(writeTitle);
  const isMove = titles?.without === without && whole !== without;
  titles = { without, whole };
  const wait = titledAt + TITLE_EVERY_MS - performance.now();
  if (!isMove || wait <= 0) writeTitle();
  else titling ??= setTimeout(writeTitle, wait);
}

/** Says in the tab of when its figures are, where they are no longer the newest: `time` as it is written, or nothing. */
export function dateTitle(time: string): void {
  const told = time === "" ? "" : `⏸ ${time} · `;
  if (told === age) return;
  age = told;
  writeTitle();
}

function writeTitle(): void {
  clearTimeout(titling);
  titling = undefined;
  titledAt = performance.now();
  if (titles === null) return;
  const title = age + (isPrivate() ? titles.without : titles.whole);
  if (document.title !== title) document.title = title;
}
