/**
 * A page that asks the server for all of itself again: every so often, at once where what is live does not fit what stands
 * there, and soon after it was out of sight. Nothing is asked while it is.
 */

import { pageAnew } from "../lib/page_anew";

export interface Rhythm {
  readonly every: number;
  /** After the page was out of sight. */
  readonly afterHidden: number;
  /** Where what is live does not fit: one wait after the other, while the server has not recorded it either. */
  readonly untilItFits: readonly number[];
}

export class PageRefresh {
  readonly #root: Element;
  readonly #rhythm: Rhythm;
  readonly #take: (fresh: Document) => void;
  readonly #fetch: () => Promise<Document | null>;
  #isFetching = false;
  /** What is under way may be of before what is asked for now. */
  #isAskedAgain = false;
  #next: ReturnType<typeof setTimeout> | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  /** How often was asked since it did fit. */
  #tries = 0;

  /** `take` gets each answer as long as `root` is on the page. */
  constructor(root: Element, rhythm: Rhythm, take: (fresh: Document) => void, fetches = () => pageAnew()) {
    this.#root = root;
    this.#rhythm = rhythm;
    this.#take = take;
    this.#fetch = fetches;
  }

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.within(this.#rhythm.afterHidden);
    });
    this.within(this.#rhythm.every);
  }

  /** Asks again by then; what is to be asked sooner stays so, however often this is called. */
  within(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#nextAt) return;
    clearTimeout(this.#next);
    this.#nextAt = at;
    this.#next = setTimeout(() => void this.#refresh(), ms);
  }

  /** What is live does not fit what stands there, which stays until an answer does. */
  untilItFits(): void {
    const { every, untilItFits } = this.#rhythm;
    if (!this.#isFetching) this.within(untilItFits[this.#tries] ?? every);
  }

  /** What is live fits what stands there. */
  fits(): void {
    this.#tries = 0;
  }

  async #refresh(): Promise<void> {
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#isAskedAgain = this.#isFetching;
    if (this.#isFetching || document.hidden || !this.#root.isConnected) return;
    this.#isFetching = true;
    this.#tries = Math.min(this.#tries + 1, this.#rhythm.untilItFits.length - 1);
    try {
      const fresh = await this.#fetch();
      if (fresh !== null && this.#root.isConnected) this.#take(fresh);
    } catch {
      // No connection: what stands there stays, and the pill says since when.
    } finally {
      this.#isFetching = false;
      this.within(this.#isAskedAgain ? 0 : this.#rhythm.every);
    }
  }
}
