/** The one sentence that a screen reader is told, at most every 15 s: never a word per tick. */

const EVERY_MS = 15_000;

export class Spoken {
  readonly #region: Element;
  readonly #sentence: () => string;
  #saidAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasEnded = false;

  /** `sentence` gives what is true when it is time to speak. */
  constructor(region: Element, sentence: () => string) {
    this.#region = region;
    this.#sentence = sentence;
  }

  /** Something worth telling has changed. */
  changed(): void {
    if (this.#hasEnded || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#saidAt + EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.#say(), wait);
  }

  /** What was said is taken back, what was about to be said is not, and nothing follows. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#region.textContent = "";
  }

  #say(): void {
    this.#timer = undefined;
    const sentence = this.#sentence();
    if (sentence === "" || this.#region.textContent === sentence) return;
    this.#saidAt = performance.now();
    this.#region.textContent = sentence;
  }
}
