/**
 * What a page's scripts say to people, in the language of the page. The English sentence is the key.
 *
 * The twin in Python is src/tickfolio/words.py. A page in another language loads that language's module (src/words) before
 * its own, so that everything is at hand when the first sentence is said.
 */

export interface Catalogue {
  /** By the English sentence: the translation, or of a counted one all its forms. */
  readonly sentences: Readonly<Record<string, readonly string[]>>;
  /** Which of the forms a number takes. */
  readonly form: (count: number) => number;
}

const ENGLISH: Catalogue = { sentences: {}, form: (count) => (count === 1 ? 0 : 1) };

let inForce = ENGLISH;

/** A sentence, with its values in place of the names in braces: `phrase("Since {time}", { time })`. */
export function phrase(sentence: string, values: Readonly<Record<string, string | number>> = {}): string {
  return filled(inForce.sentences[sentence]?.[0] ?? sentence, values);
}

/** The sentence for a number of things, which it may name as `{count}`. */
export function countedPhrase(
  one: string,
  many: string,
  count: number,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const told = inForce.sentences[one]?.[inForce.form(count)] ?? (ENGLISH.form(count) === 0 ? one : many);
  return filled(told, { count, ...values });
}

/** A sentence that is another one elsewhere, such as a price "Open" and an account "Open": `use` tells which is meant. */
export function phraseFor(use: string, sentence: string): string {
  return inForce.sentences[`${use}\u0004${sentence}`]?.[0] ?? sentence;
}

/** The locale whose names of months the page writes, which follow its language and not how numbers are written. */
export function locale(): "de-DE" | "en-GB" {
  return typeof document !== "undefined" && document.documentElement.lang === "de" ? "de-DE" : "en-GB";
}

/** Speaks so from here on. */
export function speak(catalogue: Catalogue): void {
  inForce = catalogue;
}

/** Speaks English again, as every page does until it is told otherwise. */
export function speakEnglish(): void {
  inForce = ENGLISH;
}

function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
