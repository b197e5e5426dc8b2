/** Times of an exchange, in its own zone. Formatters are made once: making one costs a hundred times what using it does. */

import { notation } from "./notation";
import { locale, phrase } from "./words";

const LOCALE = "en-GB";

export interface ZoneClock {
  /** `14:31` */
  readonly minute: (at: number) => string;
  /** `14:31:07` */
  readonly second: (at: number) => string;
  /** `21 May 2012`, or `21.05.2012` for who writes days so */
  readonly day: (at: number) => string;
  /** `21 May` */
  readonly shortDay: (at: number) => string;
  /** `2012-05-21`, whoever reads it */
  readonly isoDay: (at: number) => string;
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a time zone such as America/New_York; `undefined` is the browser's own zone. Times are ms since 1970. */
export function clockOf(zone?: string): ZoneClock {
  const key = `${zone ?? ""} ${notation().days.locale}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  const clock = makeClock(zone);
  clocks.set(key, clock);
  return clock;
}

function makeClock(timeZone: string | undefined): ZoneClock {
  const format = (options: Intl.DateTimeFormatOptions, locale = LOCALE): ((at: number) => string) => {
    const formatter = new Intl.DateTimeFormat(locale, timeZone === undefined ? options : { ...options, timeZone });
    return (at) => formatter.format(at);
  };
  return {
    minute: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    second: format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    day: format(notation().days.options, notation().days.locale === LOCALE ? locale() : notation().days.locale),
    shortDay: format({ day: "numeric", month: "short" }, locale()),
    isoDay: format({ year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE"),
  };
}

/** The zone in which whoever is looking reads times: their own, or the market's where nobody is signed in. */
export function ownZone(): string {
  const { ownZone: own, zone } = document.documentElement.dataset;
  return own ?? zone ?? "UTC";
}

/** The city that a zone is named after: America/New_York → New York. */
export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** A moment of the wire as ms since 1970; null where there is none or it cannot be read. */
export function millis(moment: string | null | undefined): number | null {
  const at = moment ? Date.parse(moment) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** How long ago, in the largest unit that says enough: `42 s`, `21 min`, `3 h 5 min`, `12 days`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return phrase("{count} days", { count: Math.floor(hours / 24) });
}
