/**
 * Parts of a page that the server makes anew where something was booked, a day began or a rate is another one.
 *
 * What is live may be ahead of what the server has recorded: then it is asked again, ever more seldom, until both agree.
 */

import { adopt } from "../lib/adopt";
import { pageAnew } from "../lib/page_anew";

/** The waits before it is asked again; then the last one. */
const WAITS_MS: readonly number[] = [0, 300, 600, 1_200, 2_400, 5_000];

export class PartsAnew {
  readonly #ids: readonly string[];
  readonly #taken: () => void;
  readonly #fetch: () => Promise<Document | null>;
  #isFetching = false;
  #isOver = false;
  #tries = 0;
  #next: ReturnType<typeof setTimeout> | undefined;

  /** `taken` is told when the parts of those ids are new. */
  constructor(ids: readonly string[], taken: () => void, fetches = () => pageAnew(location.pathname)) {
    this.#ids = ids;
    this.#taken = taken;
    this.#fetch = fetches;
  }

  /** Has them made anew, unless that is under way. */
  soon(): void {
    if (this.#isFetching || this.#next !== undefined || this.#isOver) return;
    const wait = WAITS_MS[Math.min(this.#tries, WAITS_MS.length - 1)];
    this.#tries += 1;
    this.#next = setTimeout(() => {
      this.#next = undefined;
      void this.#refresh();
    }, wait);
  }

  /** What stands in them is what is live. */
  agree(): void {
    this.#tries = 0;
  }

  /** Nothing is made anew any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#next);
  }

  async #refresh(): Promise<void> {
    if (document.hidden || this.#isOver) return;
    this.#isFetching = true;
    const page = await this.#fetch().catch(() => null);
    this.#isFetching = false;
    if (this.#isOver) return;
    if (page === null) {
      this.soon();
      return;
    }
    for (const id of this.#ids) {
      const [here, there] = [document.getElementById(id), page.getElementById(id)];
      if (here !== null && there !== null) adopt(here, there);
    }
    this.#taken();
  }
}
