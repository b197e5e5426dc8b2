/**
 * How the person writes numbers and days, as the page says at its root: `<html data-numbers="de">`.
 *
 * The twin in Python is src/tickfolio/web/notation.py. It does not change while a page stands: the preference is on another.
 */

export interface Notation {
  readonly decimal: "." | ",";
  readonly group: "." | ",";
  /** Of days: the locale whose order and separators they have, and how a month is told. */
  readonly days: { readonly locale: string; readonly options: Intl.DateTimeFormatOptions };
}

export const ENGLISH: Notation = {
  decimal: ".",
  group: ",",
  days: { locale: "en-GB", options: { day: "numeric", month: "long", year: "numeric" } },
};

export const GERMAN: Notation = {
  decimal: ",",
  group: ".",
  days: { locale: "de-DE", options: { day: "2-digit", month: "2-digit", year: "numeric" } },
};

let inForce = onPage();

export function notation(): Notation {
  return inForce;
}

/** Writes so from here on; a page never needs it, a test does. */
export function writeAs(wanted: Notation): void {
  inForce = wanted;
}

function onPage(): Notation {
  const isGerman = typeof document !== "undefined" && document.documentElement.dataset["numbers"] === "de";
  return isGerman ? GERMAN : ENGLISH;
}
