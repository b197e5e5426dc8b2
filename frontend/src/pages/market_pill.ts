/** The market pill: which markets are open by the market's clock, and the next change. */

import { type HoursText, hoursText, type MarketHours } from "../cells/hours";
import { LoadFailed, loaded } from "../charts/load";
import { byId, made, textOf } from "../lib/dom";
import { clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import { type Check, listOf, objectOf, text } from "../live/validate";

interface SessionDocument {
  readonly opens_at: string;
  readonly closes_at: string;
}

interface HoursDocument {
  readonly names: string;
  readonly zone: string;
  readonly sessions: readonly SessionDocument[];
}

const isHours: Check<{ readonly hours: readonly HoursDocument[] }> = objectOf<{ hours: readonly HoursDocument[] }>({
  hours: listOf(
    objectOf<HoursDocument>({
      names: text,
      zone: text,
      sessions: listOf(objectOf<SessionDocument>({ opens_at: text, closes_at: text })),
    }),
  ),
});

const LOAD_EVERY_MS = 30_000;

export class MarketPill {
  readonly #pill = byId("market", HTMLElement);
  readonly #state = textOf(byId("market-state", HTMLElement));
  readonly #note = textOf(byId("market-note", HTMLElement));
  readonly #list = byId("market-list", HTMLElement);
  #hours: readonly MarketHours[] = [];
  #loadedAt = Number.NEGATIVE_INFINITY;

  /** Shows what is true at the market's moment `at`; what the sessions known do not reach is loaded. */
  show(at: number | null, isCurrent: boolean): void {
    if (this.#pill.hasAttribute("data-stale") === isCurrent) this.#mark(isCurrent);
    if (at === null) return;
    const told = hoursText(this.#hours, at);
    if (!isCurrent) this.#date(at);
    else if (told === null) void this.#load();
    else this.#write(told);
  }

  /** What it takes of the bar stays, so that nothing beside it moves when the connection comes and goes. */
  #mark(isCurrent: boolean): void {
    this.#pill.style.minWidth = isCurrent ? "" : `${this.#pill.offsetWidth}px`;
    this.#pill.toggleAttribute("data-stale", !isCurrent);
  }

  /** Without a server nobody knows what is open by now: what stands there says of when it is. */
  #date(at: number): void {
    const note = phrase("as of {time}", { time: clockOf(document.documentElement.dataset["zone"]).minute(at) });
    if (this.#note.data !== note) this.#note.data = note;
  }

  #write({ state, note, lines }: HoursText): void {
    if (this.#state.data === state && this.#note.data === note) return;
    this.#pill.hidden = false;
    this.#state.data = state;
    this.#note.data = note;
    this.#list.replaceChildren(...lines.map(({ names, state: told }) => item(names, told)));
  }

  async #load(): Promise<void> {
    if (performance.now() - this.#loadedAt < LOAD_EVERY_MS) return;
    this.#loadedAt = performance.now();
    try {
      const { hours } = await loaded("/market-hours.json", isHours, "hours");
      this.#hours = hours.map(({ names, zone, sessions }) => ({ names, zone, sessions: sessions.flatMap(sessionOf) }));
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
    }
  }
}

function sessionOf({ opens_at, closes_at }: SessionDocument): readonly { opensAt: number; closesAt: number }[] {
  const [opensAt, closesAt] = [millis(opens_at), millis(closes_at)];
  return opensAt === null || closesAt === null ? [] : [{ opensAt, closesAt }];
}

function item(names: string, state: string): HTMLDivElement {
  const element = made("div");
  element.append(made("dt", "", names), made("dd", "num", state));
  return element;
}
