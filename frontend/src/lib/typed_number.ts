/**
 * Numbers as people type them: with a point or a comma, grouped or not, by the notation of who types.
 *
 * The twin in Python is src/tickfolio/statements/typed_numbers.py; both read tests/contract/typed_numbers.json.
 */

export type DecimalMark = "." | ",";

const MOST_DIGITS = 30;
// Spaces of several widths, and the apostrophes of Swiss amounts: they only ever group.
const BODY = /^[0-9., \u00a0\u202f\u2009'\u2019]+$/;
const GROUPED = /^[1-9][0-9]{0,2}(?:#[0-9]{3})+$/;

/** The decimal that `text` means to someone whose decimals follow `mark`; null where it is no number. */
export function readTyped(text: string, mark: DecimalMark): string | null {
  const trimmed = text.trim().replaceAll("\u2212", "-");
  const sign = /^[-+]/.exec(trimmed)?.[0] ?? "";
  const body = trimmed.slice(sign.length);
  const parts = BODY.test(body) ? parted(body, mark) : null;
  const digits = parts === null ? null : ungrouped(parts.whole);
  if (parts === null || digits === null) return null;
  const { fraction } = parts;
  if (!/^\d+$/.test(digits + fraction) || digits.length > MOST_DIGITS || fraction.length > MOST_DIGITS) return null;
  const number = `${digits.replace(/^0+(?=\d)/, "") || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "-" && /[1-9]/.test(number) ? `-${number}` : number;
}

/** A decimal as it stands in a field to be edited: no groups, all its places. */
export function typedText(value: string, mark: DecimalMark): string {
  return value.replace(".", mark);
}

interface Parts {
  readonly whole: string;
  readonly fraction: string;
}

/** What stands before the decimals, and the decimals; null where it is no number. */
function parted(body: string, mark: DecimalMark): Parts | null {
  const [points, commas] = [count(body, "."), count(body, ",")];
  if (points + commas === 0) return { whole: body, fraction: "" };
  const last = body.lastIndexOf(".") > body.lastIndexOf(",") ? "." : ",";
  const at = body.lastIndexOf(last);
  const parts = { whole: body.slice(0, at), fraction: body.slice(at + 1) };
  if (points > 0 && commas > 0) return count(body, last) > 1 ? null : parts;
  if (points + commas > 1) return { whole: body, fraction: "" };
  return last !== mark && GROUPED.test(`${parts.whole}#${parts.fraction}`) ? { whole: body, fraction: "" } : parts;
}

/** The digits, whose groups must be of three and apart by one kind of mark; null where they are not. */
function ungrouped(whole: string): string | null {
  const marks = [...new Set(whole.replace(/\d/g, ""))];
  const [mark] = marks;
  if (mark === undefined) return whole;
  return marks.length === 1 && GROUPED.test(whole.replaceAll(mark, "#")) ? whole.replaceAll(mark, "") : null;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
