/** What a signed-in person's page does for the time without a server: has the worker installed, and keeps what it knows. */

import type { VisiblePortfolio } from "../live/messages.gen";
import type { Keeper, Known } from "./keeper";

export class Offline {
  readonly #known: () => Known;
  #keeper: Keeper | null = null;

  constructor(known: () => Known) {
    this.#known = known;
  }

  /** Begins once the page stands: nothing of it is waited for. */
  start(): void {
    if (document.readyState === "complete") void this.#begin();
    else addEventListener("load", () => void this.#begin(), { once: true });
  }

  /** What the person may see changed: what they may see no more is not kept either. */
  narrow(visible: readonly VisiblePortfolio[]): void {
    this.#keeper?.narrow(visible);
  }

  async #begin(): Promise<void> {
    void register();
    try {
      const { Keeper } = await import("./keeper");
      this.#keeper = new Keeper(this.#known);
      this.#keeper.start();
    } catch {
      // The server went away before the scripts came: there is nothing to keep then.
    }
  }
}

/** Only https and this very machine have workers, and not every private window: without one everything else is as it is. */
async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const language = encodeURIComponent(document.documentElement.lang);
  try {
    await navigator.serviceWorker.register(`/service-worker.js?language=${language}`, { updateViaCache: "none" });
  } catch {
    // The browser does not want one, or the server is gone just now: the next page tries again.
  }
}
