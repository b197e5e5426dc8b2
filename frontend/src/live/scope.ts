/** One scope of the store: what is held, when a snapshot was asked for, and what was acknowledged. */

import { browserNow } from "../lib/server_clock";
import type { ClientMessage, ResumePoint, ServerMessage } from "./messages.gen";
import type { Position } from "./position";

const ASK_AGAIN_AFTER_MS = 3_000;

export class Scope<Held extends Position> {
  readonly name: string;
  readonly #apply: (held: Held, message: ServerMessage) => Held;
  readonly #send: (message: ClientMessage) => void;
  #held: Held;
  #askedAt: number | null = null;
  #acknowledged = 0;
  #isFresh = false;
  /** Of a portfolio, the last event that was heard: later ones are told again to who comes back. */
  ledger: number | null = null;

  constructor(
    name: string,
    start: Held,
    apply: (held: Held, message: ServerMessage) => Held,
    send: (message: ClientMessage) => void,
  ) {
    this.name = name;
    this.#held = start;
    this.#apply = apply;
    this.#send = send;
  }

  get held(): Held {
    return this.#held;
  }

  /** Whether this connection has given its first snapshot of the scope: before it, what is held is an earlier one's. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Where a new connection could go on. */
  get resume(): ResumePoint | null {
    const { epoch, sequence } = this.#held;
    return epoch === null ? null : { epoch, sequence, ledger: this.ledger };
  }

  /** A new connection is asked for the scope: its answer is waited for. */
  asked(): void {
    this.#askedAt = browserNow();
    this.#acknowledged = 0;
    this.#isFresh = false;
  }

  /** The snapshot has come that was asked for. */
  answered(): void {
    this.#askedAt = null;
    this.#isFresh = true;
  }

  /** Takes a message in; whether it changed what is held. A gap that it reveals is asked about. */
  takes(message: ServerMessage): boolean {
    const before = this.#held;
    this.#held = this.#apply(before, message);
    if (this.#held.needsRefresh) this.#askForSnapshot();
    return this.#held !== before;
  }

  /** Says what was applied, and with it how long the last price took to the screen; whether there was something to say. */
  acknowledge(paintedMs: number | null): boolean {
    const { sequence } = this.#held;
    if (sequence === this.#acknowledged) return false;
    this.#acknowledged = sequence;
    const painted = paintedMs === null ? {} : { painted_ms: paintedMs };
    this.#send({ type: "ack", scope: this.name, sequence, ...painted });
    return true;
  }

  /** Asks once, and again only where no snapshot has come for a while. */
  #askForSnapshot(): void {
    const now = browserNow();
    if (this.#askedAt !== null && now - this.#askedAt < ASK_AGAIN_AFTER_MS) return;
    this.#askedAt = now;
    this.#send({ type: "refresh", scope: this.name });
  }
}
