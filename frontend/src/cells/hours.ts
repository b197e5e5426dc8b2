/** Which markets are open, and the next change; the twin in Python is src/tickfolio/web/hours_texts.py. Pure. */

import { cityOf, clockOf } from "../lib/times";
import { phrase } from "../lib/words";

/** One session, in ms since 1970. */
export interface Session {
  readonly opensAt: number;
  readonly closesAt: number;
}

/** The exchanges that keep the same hours in the same zone; sessions oldest first. */
export interface MarketHours {
  readonly names: string;
  readonly zone: string;
  readonly sessions: readonly Session[];
}

export interface HoursText {
  /** `New York open` */
  readonly state: string;
  /** `closes 16:00` */
  readonly note: string;
  /** A line for each: `Nasdaq, NYSE, New York` and `open, closes 16:00`. */
  readonly lines: readonly { readonly names: string; readonly state: string }[];
}

/** The pill at the market's moment `at`; null where the sessions known do not reach it any more. */
export function hoursText(hours: readonly MarketHours[], at: number): HoursText | null {
  const now = hours.map((each) => ({ ...each, session: each.sessions.find(({ closesAt }) => closesAt >= at) }));
  if (now.length === 0 || now.some(({ session }) => session === undefined)) return null;
  const opened = now.filter(({ session }) => isOpen(session, at)).map(({ zone }) => cityOf(zone));
  const [first] = now;
  const closed =
    now.length === 1 && first !== undefined
      ? phrase("{city} closed", { city: cityOf(first.zone) })
      : phrase("Markets closed");
  const changes = now.map(({ session, zone }) => change(session, zone, at));
  return {
    state: opened.length > 0 ? phrase("{cities} open", { cities: opened.join(", ") }) : closed,
    note: changes.toSorted()[0] ?? "",
    lines: now.map(({ names, zone, session }, index) => ({
      names: `${names}, ${cityOf(zone)}`,
      state: [isOpen(session, at) ? phrase("open") : phrase("closed"), changes[index] ?? ""].join(", "),
    })),
  };
}

function isOpen(session: Session | undefined, at: number): boolean {
  return session !== undefined && session.opensAt <= at;
}

function change(session: Session | undefined, zone: string, at: number): string {
  if (session === undefined) return "";
  const clock = clockOf(zone);
  if (session.opensAt <= at) return phrase("closes {time}", { time: clock.minute(session.closesAt) });
  const isToday = clock.day(session.opensAt) === clock.day(at);
  const time = clock.minute(session.opensAt);
  return isToday
    ? phrase("opens {time}", { time })
    : phrase("opens {day}, {time}", { day: clock.shortDay(session.opensAt), time });
}
