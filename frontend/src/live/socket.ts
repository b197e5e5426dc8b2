/**
 * The connection: opens, watches over silence, drops and opens again. Knows nothing of what the messages mean.
 *
 * A socket can be dead without closing, so the silence counts and not the close: after 4 s what is shown is called stale,
 * after 12 s the socket is dropped without waiting for its close. Silence is measured by a clock that nobody can set back;
 * since that clock may stand still while the computer sleeps, the system's clock counts too where it says more.
 */

import { browserNow } from "../lib/server_clock";

/** And no longer: a price of five seconds ago must not pass for one of now. */
export const STALE_AFTER_MS = 4_000;
export const DROP_AFTER_MS = 12_000;
/** An attempt that takes longer than this is given up where someone asks for another. */
const HANGS_AFTER_MS = 1_000;
const WATCH_EVERY_MS = 250;
const FIRST_BACKOFF_MS = 300;
const LONGEST_BACKOFF_MS = 15_000;
/** What `WebSocket.OPEN` is. */
const OPEN = 1;

/** The part of a WebSocket that is needed; the tests give one without a network. */
export interface Transport {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  readonly readyState: number;
  send(data: string): void;
  close(): void;
}

export type Phase = "connecting" | "open" | "silent" | "waiting" | "ended";

/** How the connection is. `heardAt` is when the server last said anything, `retryAt` when the next attempt starts (ms since 1970). */
export interface Link {
  readonly phase: Phase;
  readonly heardAt: number | null;
  readonly retryAt: number | null;
}

export interface SocketOptions {
  readonly open: () => Transport;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onLink: (link: Link) => void;
  readonly random?: () => number;
  /** A steady clock, by which silence is measured. */
  readonly now?: () => number;
}

/** The wait before attempt `attempt` (0 is the first): full jitter under a ceiling that doubles from 0.3 s to 15 s. */
export function backoffMs(attempt: number, random: number): number {
  return random * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
}

export class LiveSocket {
  readonly #options: SocketOptions;
  readonly #random: () => number;
  readonly #now: () => number;
  #transport: Transport | null = null;
  #link: Link = { phase: "connecting", heardAt: null, retryAt: null };
  #steadyAt = 0;
  #systemAt = 0;
  #attempt = 0;
  #leastWaitMs = 0;
  #isEnding = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#now = options.now ?? browserNow;
  }

  get link(): Link {
    return this.#link;
  }

  /** Opens the connection and keeps it until `stop`. */
  start(): void {
    this.#watch ??= setInterval(() => this.#lookForSilence(), WATCH_EVERY_MS);
    this.#connect();
  }

  stop(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#watch = undefined;
    this.#release();
    this.#move("ended", null);
  }

  /** Sends where the socket is open; what cannot be sent is dropped, since a new connection starts with a new greeting. */
  send(message: object): void {
    const isOpen = this.#link.phase === "open" || this.#link.phase === "silent";
    // One that the server has begun to close is told of it a little later.
    if (isOpen && this.#transport?.readyState === OPEN) this.#transport.send(JSON.stringify(message));
  }

  /**
   * Connects anew where nothing is heard: the network came back, the page was shown again, a person asked. A socket that
   * is silent is dropped for it, and so is an attempt that hangs.
   */
  tryNow(): void {
    if (this.#transport !== null) {
      const isHanging = this.#link.phase === "connecting" && this.#silence() >= HANGS_AFTER_MS;
      if (this.#link.phase !== "silent" && !isHanging) return;
      this.#release();
      this.#move("waiting", Date.now());
    }
    this.#connect();
  }

  /** The server said goodbye: come back after `retryAfterMs`, or not by ourselves where it is null. */
  dismissed(retryAfterMs: number | null): void {
    this.#isEnding = retryAfterMs === null;
    this.#leastWaitMs = retryAfterMs ?? 0;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#beginSilence();
    this.#isEnding = false;
    this.#leastWaitMs = 0;
    const transport = this.#options.open();
    this.#transport = transport;
    transport.onopen = () => {
      this.#beginSilence();
      this.#move("open", null);
      this.#options.onOpen();
    };
    transport.onmessage = (event) => this.#heard(event.data);
    transport.onclose = () => this.#lost();
    this.#move("connecting", null);
  }

  #heard(data: unknown): void {
    this.#attempt = 0;
    this.#beginSilence();
    this.#link = { ...this.#link, heardAt: this.#systemAt };
    if (this.#link.phase !== "open") this.#move("open", null);
    if (typeof data === "string") this.#options.onText(data);
  }

  #beginSilence(): void {
    this.#steadyAt = this.#now();
    this.#systemAt = Date.now();
  }

  #silence(): number {
    return Math.max(this.#now() - this.#steadyAt, Date.now() - this.#systemAt);
  }

  #lookForSilence(): void {
    if (this.#transport === null) return;
    const silence = this.#silence();
    if (silence >= DROP_AFTER_MS) {
      this.#transport.close();
      this.#lost();
    } else if (silence >= STALE_AFTER_MS && this.#link.phase === "open") this.#move("silent", null);
  }

  #lost(): void {
    this.#release();
    if (this.#isEnding) {
      this.#move("ended", null);
      return;
    }
    // Added and not the larger of both: otherwise every page would come back in the millisecond that the goodbye named.
    const wait = this.#leastWaitMs + backoffMs(this.#attempt, this.#random());
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#connect(), wait);
    this.#move("waiting", Date.now() + wait);
  }

  /** Lets go of the socket: whatever it still says belongs to the past. */
  #release(): void {
    const transport = this.#transport;
    this.#transport = null;
    if (transport === null) return;
    transport.onopen = null;
    transport.onmessage = null;
    transport.onclose = null;
    transport.close();
  }

  #move(phase: Phase, retryAt: number | null): void {
    this.#link = { ...this.#link, phase, retryAt };
    this.#options.onLink(this.#link);
  }
}
