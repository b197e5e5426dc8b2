/**
 * A part of a page that asks the server for itself every few seconds, and says how old it is.
 *
 * The answer is taken over in place (lib/adopt.ts): focus, selection and open disclosures stay as they are.
 */

import { adopt } from "../lib/adopt";
import { ageText } from "../lib/times";
import { phrase } from "../lib/words";

const EVERY_MS = 3_000;
const PATIENCE_MS = 10_000;
const LATE_MS = 15_000;
const CLOCK_EVERY_MS = 1_000;

/** What the part needs of the browser, so that a test can give something else. */
export interface Around {
  readonly fetch: (address: string, options: RequestInit) => Promise<Response>;
  readonly now: () => number;
  /** The page is another one now, or of somebody else: it is loaded whole. */
  readonly reload: () => void;
}

export class RefreshedPart {
  readonly #part: HTMLElement;
  readonly #say: (text: string, isLate: boolean) => void;
  readonly #around: Around;
  #heardAt: number;
  #askedAt: number;
  #isAsking = false;
  #failure = "";

  /** `say` is told every second how old the part is, and whether that is older than it should be. */
  constructor(part: HTMLElement, say: (text: string, isLate: boolean) => void, around: Around) {
    this.#part = part;
    this.#say = say;
    this.#around = around;
    this.#heardAt = this.#askedAt = around.now();
  }

  start(): void {
    setInterval(() => this.look(), CLOCK_EVERY_MS);
    document.addEventListener("visibilitychange", () => this.look());
    this.#tell();
  }

  /** Asks where it is time to, and says how old the part is. */
  look(): void {
    if (!this.#part.isConnected) return;
    if (!document.hidden && this.#around.now() - this.#askedAt >= EVERY_MS) void this.ask();
    this.#tell();
  }

  async ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = this.#around.now();
    try {
      const answer = await this.#around.fetch(this.#part.dataset["refresh"] ?? "", {
        headers: { Accept: "text/html" },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await this.#take(answer);
    } catch {
      this.#failure = phrase("the server does not answer");
    } finally {
      this.#isAsking = false;
      this.#tell();
    }
  }

  async #take(answer: Response): Promise<void> {
    // Signed out, or an operator no longer: the page itself says so best.
    if (answer.redirected || answer.status === 404 || answer.status === 403) {
      this.#around.reload();
      return;
    }
    if (!answer.ok) {
      this.#failure = phrase("the server answered {status}", { status: answer.status });
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(this.#part.id);
    if (fresh === null) {
      this.#failure = phrase("the server answered something else");
      return;
    }
    adopt(this.#part, fresh);
    this.#heardAt = this.#around.now();
    this.#failure = "";
  }

  #tell(): void {
    const age = this.#around.now() - this.#heardAt;
    const isLate = age >= LATE_MS;
    const why = isLate && this.#failure !== "" ? `: ${this.#failure}` : "";
    const values = { age: ageText(age) };
    const told = isLate
      ? [phrase("Not refreshed for {age}", values), why].join("")
      : phrase("Refreshed {age} ago", values);
    this.#say(told, isLate);
  }
}
