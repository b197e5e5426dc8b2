/**
 * Sends the forms of a part of a page and takes over the answer in place, one after the other.
 *
 * The server answers every form with the page as it is then, so that scripts know no second way to draw it.
 */

import { adopt } from "../lib/adopt";
import { byId } from "../lib/dom";
import { phrase } from "../lib/words";
import { startToasts } from "./toasts";

/** What it needs of the browser, so that a test can give something else. */
export interface Around {
  readonly fetch: (address: string, options: RequestInit) => Promise<Response>;
  /** The page is another one now: it is opened whole. */
  readonly open: (address: string) => void;
}

export const BROWSER: Around = {
  fetch: (address, options) => fetch(address, options),
  open: (address) => location.assign(address),
};

const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 100;

export interface InPlaceOptions {
  readonly part: HTMLElement;
  /** The part says what the server says now. */
  readonly onTaken: () => void;
  /** Nothing was sent, or nobody knows what came of it. */
  readonly onFailed: (why: string) => void;
  /** Whether the part is in somebody's hands, so that it must not change under them. */
  readonly isHeld?: () => boolean;
  readonly around?: Around;
}

export class InPlace {
  readonly #options: InPlaceOptions;
  readonly #around: Around;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: InPlaceOptions) {
    this.#options = options;
    this.#around = options.around ?? BROWSER;
  }

  /** Whether something is on its way. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** Sends the forms that are marked for it, and those of the sentences about what was just done. */
  listen(): void {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
      if (form.dataset["inPlace"] === undefined && form.closest("#toasts") === null) return;
      event.preventDefault();
      void this.send(form.getAttribute("action") ?? "", new FormData(form));
    });
  }

  /** Sends after all that was sent before. `fields` may be made then, of what the part says by that time. */
  send(address: string, fields: FormData | (() => FormData)): Promise<void> {
    this.#waiting += 1;
    this.#mark();
    this.#last = this.#last.then(async () => {
      await this.#sendNow(address, typeof fields === "function" ? fields() : fields);
      this.#waiting -= 1;
      this.#mark();
    });
    return this.#last;
  }

  #mark(): void {
    this.#options.part.toggleAttribute("data-sending", this.isBusy);
  }

  async #sendNow(address: string, fields: FormData): Promise<void> {
    let answer: Response;
    let text: string;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const headers = { Accept: "text/html" };
      // Kept alive, so that what was done last is kept where the page is left at once.
      const options = { method: "POST", body: encoded(fields), headers, signal, keepalive: true };
      answer = await this.#around.fetch(address, options);
      text = await answer.text();
    } catch {
      this.#options.onFailed(phrase("The server cannot be reached right now. Try again in a moment."));
      return;
    }
    while (this.#options.isHeld?.() === true) await new Promise((look) => setTimeout(look, LOOK_AGAIN_MS));
    this.#take(answer, text);
  }

  #take(answer: Response, text: string): void {
    const { part } = this.#options;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const there = fresh.getElementById(part.id);
    if (there === null && !answer.redirected && answer.status !== 404) {
      this.#options.onFailed(
        phrase("The server answered {status}. Reload the page and look what is there.", { status: answer.status }),
      );
      return;
    }
    // Signed out, deleted elsewhere, or led to another page: that page says so best.
    if (there === null || there.dataset["list"] !== part.dataset["list"]) {
      this.#around.open(answer.status === 404 ? "/watchlists/" : answer.url);
      return;
    }
    // What was sent meanwhile is of what the part says now: the answer to that comes next.
    if (this.#waiting > 1) {
      part.dataset["version"] = there.dataset["version"] ?? "";
      return;
    }
    adopt(part, there);
    document.title = fresh.title;
    const toasts = fresh.getElementById("toasts");
    byId("toasts", HTMLElement).replaceChildren(
      ...[...(toasts?.childNodes ?? [])].map((each) => document.importNode(each, true)),
    );
    startToasts();
    this.#options.onTaken();
  }
}

function encoded(fields: FormData): URLSearchParams {
  const pairs = [...fields].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return new URLSearchParams(pairs);
}
