/** The button that watches what a page shows: sends its form and takes over the answer in place, and follows another symbol. */

import { adopt } from "../lib/adopt";

const PART = "/watchlists/button/";

export class WatchButton {
  readonly #part: HTMLElement;
  readonly #fetch: typeof fetch;
  #asked = 0;

  constructor(part: HTMLElement, asks: typeof fetch = (input, options) => fetch(input, options)) {
    this.#part = part;
    this.#fetch = asks;
    part.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement)) return;
      event.preventDefault();
      void this.#send(form);
    });
  }

  /** The page shows another symbol now. */
  open(symbol: string): void {
    if (symbol === this.#part.dataset["symbol"]) return;
    void this.#take(() => this.#fetch(addressOf(symbol), { headers: { Accept: "text/html" } }));
  }

  async #send(form: HTMLFormElement): Promise<void> {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    fields.set("next", addressOf(this.#part.dataset["symbol"] ?? ""));
    const options = { method: "POST", body: fields, headers: { Accept: "text/html" } };
    const isTaken = await this.#take(() => this.#fetch(form.getAttribute("action") ?? "", options));
    // What the server cannot answer in place, it says on a page of its own.
    if (!isTaken) form.submit();
  }

  /** Takes over an answer, unless another one was asked for after it; false where there is none to take. */
  async #take(ask: () => Promise<Response>): Promise<boolean> {
    this.#asked += 1;
    const asked = this.#asked;
    const text = await ask().then(
      (answer) => (answer.ok ? answer.text() : ""),
      () => "",
    );
    if (asked !== this.#asked) return true;
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(this.#part.id);
    if (fresh === null) return false;
    adopt(this.#part, fresh);
    return true;
  }
}

function addressOf(symbol: string): string {
  return `${PART}?${new URLSearchParams({ symbol })}`;
}

/** The button of a page; null for a visitor, who has no lists. */
export function watchButton(): WatchButton | null {
  const part = document.getElementById("watch");
  return part === null ? null : new WatchButton(part);
}
