/** What the market says of itself, in the reader's language. The wire has it in English, since programs read it too. */

import { locale, phrase } from "../lib/words";

const CLOSED = /^New York is closed until (?<day>\d{1,2} [A-Z][a-z]+) (?<time>\d\d:\d\d)\.$/;

/** The sentence of a feed's report; what a vendor says stays as it is. */
export function feedSentence(message: string): string {
  switch (message) {
    case "No process reads the feeds at the moment; prices wait for one.":
      return phrase("No process reads the feeds at the moment; prices wait for one.");
    case "The bus between the processes is away at the moment; prices wait for it.":
      return phrase("The bus between the processes is away at the moment; prices wait for it.");
    case "The data end here; a new run begins in a moment.":
      return phrase("The data end here; a new run begins in a moment.");
    default:
      return closedUntil(message) ?? message;
  }
}

function closedUntil(message: string): string | null {
  const { day, time } = CLOSED.exec(message)?.groups ?? {};
  // The year, which is not said, has every day there is.
  const at = day === undefined ? Number.NaN : Date.parse(`${day} 2012 UTC`);
  if (time === undefined || Number.isNaN(at)) return null;
  const days = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", timeZone: "UTC" });
  return phrase("New York is closed until {day} {time}.", { day: days.format(at), time });
}
