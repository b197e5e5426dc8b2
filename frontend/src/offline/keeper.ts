/**
 * Keeps the last known values of the portfolios that a page has live, for the page without a server (src/pages/offline.ts).
 *
 * Written every few seconds while the line is good and when the page is left, never with every price: what it costs does not
 * follow the market.
 */

import { clockOf } from "../lib/times";
import { type HeldPortfolio, portfolioIn } from "../live/apply_portfolio";
import { isCurrent } from "../live/condition";
import type { VisiblePortfolio } from "../live/messages.gen";
import { sessionKey } from "./forget";
import { type KeptPortfolio, type KeptTotals, keep, keepRows, lastValues } from "./last_values";

const KEEP_EVERY_MS = 5_000;

/** What the page knows of its portfolios now. */
export interface Known {
  readonly condition: Parameters<typeof isCurrent>[0];
  /** When the server was last heard, in ms since 1970 by this computer's clock. */
  readonly heardAt: number | null;
  readonly marketTime: number | null;
  readonly isReplay: boolean;
  readonly isSignedOut: boolean;
  /** The portfolios that the person may see; empty before the server has told. */
  readonly visible: readonly VisiblePortfolio[];
  readonly held: (portfolio: string) => HeldPortfolio | null;
  /** What Home adds up in; empty on other pages. */
  readonly homeCurrency: string;
  /** Whether the page has the rows of a portfolio, and not only its totals. */
  readonly isWhole: (portfolio: string) => boolean;
}

export class Keeper {
  readonly #known: () => Known;
  readonly #key = sessionKey();
  /** The rows that were written last, so that what did not change is not written again. */
  readonly #written = new Map<string, HeldPortfolio["rows"]>();

  constructor(known: () => Known) {
    this.#known = known;
    // Also removes what another person, or another session, has left.
    lastValues();
  }

  start(): void {
    setInterval(() => this.keep(), KEEP_EVERY_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.keep();
    });
    addEventListener("pagehide", () => this.keep());
    this.keep();
  }

  /** Keeps what is known now, in the session that the page began in and in no other. */
  keep(): void {
    const known = this.#known();
    if (known.isSignedOut) return;
    // Signed out in another tab, or as somebody else: what this page holds is no longer this browser's to keep.
    if (this.#key === "" || sessionKey() !== this.#key) {
      lastValues();
      return;
    }
    if (known.heardAt === null || !isCurrent(known.condition)) return;
    const before = new Map(lastValues()?.portfolios.map((each) => [each.id, each]));
    const { heardAt, visible } = known;
    const portfolios = visible.flatMap((each) => this.#kept(each, before.get(each.id), heardAt, known));
    const root = document.documentElement.dataset;
    const { numbers, theme } = { numbers: root["numbers"] ?? "", theme: root["theme"] ?? "" };
    keep({ key: this.#key, at: heardAt, numbers, theme, market: marketOf(known), portfolios });
  }

  /** What the person may no longer see goes at once, whether or not there is something new to keep. */
  narrow(visible: readonly VisiblePortfolio[]): void {
    const values = lastValues();
    const seen = new Set(visible.map(({ id }) => id));
    const portfolios = values?.portfolios.filter(({ id }) => seen.has(id)) ?? [];
    if (values !== null && portfolios.length < values.portfolios.length) keep({ ...values, portfolios });
  }

  #kept(
    { id, name }: VisiblePortfolio,
    before: KeptPortfolio | undefined,
    heardAt: number,
    known: Known,
  ): readonly KeptPortfolio[] {
    const held = known.held(id);
    // Not watched on this page, or not come yet: what was kept stays, as old as it is.
    if (held?.totals == null) return before === undefined ? [] : [{ ...before, name }];
    const isWhole = known.isWhole(id);
    if (isWhole && (this.#written.get(id) !== held.rows || before?.rowsAt == null)) {
      keepRows(id, held.rows.values());
      this.#written.set(id, held.rows);
    }
    const rowsAt = isWhole ? heardAt : (before?.rowsAt ?? null);
    const inHome = inHomeOf(id, held.totals.currency, before?.inHome ?? null, known);
    return [{ id, name, totals: held.totals, inHome, at: heardAt, rowsAt }];
  }
}

/** In the currency of Home where the page has it, else as Home knew it last. */
function inHomeOf(id: string, own: string, before: KeptTotals | null, known: Known): KeptTotals | null {
  const { homeCurrency, heardAt } = known;
  if (homeCurrency === "") return before;
  if (homeCurrency === own) return null;
  const totals = known.held(portfolioIn(id, homeCurrency))?.totals;
  if (totals != null && heardAt !== null) return { totals, at: heardAt };
  return before?.totals.currency === homeCurrency ? before : null;
}

/** What the market pill says, and of a replay its own day and time. */
function marketOf({ isReplay, marketTime }: Known): { readonly state: string; readonly moment: string } {
  const pill = document.getElementById("market");
  const state = pill === null || pill.hidden ? "" : (document.getElementById("market-state")?.textContent ?? "");
  if (!isReplay || marketTime === null) return { state, moment: "" };
  const clock = clockOf(document.documentElement.dataset["zone"] ?? "UTC");
  return { state, moment: `${clock.day(marketTime)}, ${clock.minute(marketTime)}` };
}
