/**
 * Forms whose work may take a while (`data-job`): sent without leaving the page, so that it can say how far the work is and
 * have it cancelled. What is over at once is never shown, and what already runs when the page is opened is followed.
 *
 * The server tells all of it in words. Whatever becomes of the answer, such as behind a proxy that does not wait so long, the
 * job itself is asked what came of it; one that is gone went with the server, and so did its work.
 */

import { byId, within } from "../lib/dom";
import { newKey } from "../lib/keys";
import { phrase } from "../lib/words";

const SHOWN_AFTER_MS = 400;
const EVERY_MS = 500;
const PATIENCE_MS = 5_000;
const SPOKEN_EVERY = 25;
const ANY_KEY = "00000000-0000-0000-0000-000000000000";

interface Told {
  readonly state: "running" | "cancelled" | "done" | "failed" | "gone";
  readonly name?: string;
  readonly text?: string;
  readonly percent?: number;
  readonly location?: string;
}

/** What it needs of the browser, so that a test can give something else. */
export interface Around {
  readonly fetch: (address: string, options: RequestInit) => Promise<Response>;
  readonly open: (address: string) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly key: () => string;
}

export const BROWSER: Around = {
  fetch: (address, options) => fetch(address, options),
  open: (address) => location.assign(address),
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  key: newKey,
};

interface Watch {
  /** The answer has come: nothing more is asked. */
  isOver: boolean;
  /** No answer will come: the job itself says what came of it. */
  isLost: boolean;
}

export class LongJob {
  readonly #around: Around;
  readonly #onReplaced: (main: HTMLElement) => void;
  /** Until the page has another main part: what stands beside it is started anew with that. */
  readonly #listening = new AbortController();
  readonly #panel = byId("job", HTMLElement);
  readonly #bar = byId("job-bar", HTMLProgressElement);
  readonly #cancel = byId("job-cancel", HTMLFormElement);
  #key = "";
  #isBusy = false;
  #isStopping = false;
  #spoken = -1;

  /** `onReplaced`: the page's main part is another one, with what could not be done. */
  constructor(onReplaced: (main: HTMLElement) => void, around: Around = BROWSER) {
    this.#around = around;
    this.#onReplaced = onReplaced;
  }

  start(): void {
    const { signal } = this.#listening;
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-job]")) {
      const sent = (event: SubmitEvent): void => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        if (!this.#isBusy) void this.send(form);
      };
      form.addEventListener("submit", sent, { signal });
    }
    this.#cancel.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.cancel();
    });
    const running = this.#panel.dataset["running"];
    if (running !== undefined) void this.follow(running);
  }

  async send(form: HTMLFormElement): Promise<void> {
    this.#isBusy = true;
    this.#key = this.#around.key();
    const fields = new FormData(form);
    fields.set("job", this.#key);
    const watch: Watch = { isOver: false, isLost: false };
    const watching = this.#watch(watch, form.dataset["job"] ?? "", form.dataset["stopped"] ?? stoppedHere());
    const answer = await this.#post(form.getAttribute("action") ?? location.pathname, fields);
    if (answer === null) {
      watch.isLost = true;
      await watching;
    } else {
      watch.isOver = true;
      this.#take(answer);
    }
  }

  /** One that was begun before this page, or in another tab. */
  async follow(key: string): Promise<void> {
    this.#isBusy = true;
    this.#key = key;
    await this.#watch({ isOver: false, isLost: true }, "", stoppedHere());
  }

  async cancel(): Promise<void> {
    this.#isStopping = true;
    within(this.#cancel, "button", HTMLButtonElement).disabled = true;
    this.#say(phrase("Cancelling …"));
    const headers = { Accept: "application/json" };
    try {
      const options: RequestInit = { method: "POST", body: new FormData(this.#cancel), headers, redirect: "manual" };
      await this.#around.fetch(`${this.#address()}cancel/`, options);
    } catch {
      this.#isStopping = false;
      within(this.#cancel, "button", HTMLButtonElement).disabled = false;
      this.#say(phrase("The server cannot be reached right now. Try again in a moment."));
    }
  }

  /** The answer and its text; null where none came that says what became of the work. */
  async #post(address: string, body: FormData): Promise<{ answer: Response; text: string } | null> {
    try {
      const answer = await this.#around.fetch(address, { method: "POST", body, headers: { Accept: "text/html" } });
      const text = await answer.text();
      return answer.status >= 500 ? null : { answer, text };
    } catch {
      return null;
    }
  }

  #take({ answer, text }: { answer: Response; text: string }): void {
    if (answer.headers.get("content-type")?.startsWith("application/json") === true) {
      this.#around.open((JSON.parse(text) as { location: string }).location);
      return;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const [main, there] = [document.getElementById("main"), fresh.getElementById("main")];
    if (answer.redirected || main === null || there === null) {
      this.#around.open(answer.redirected ? answer.url : location.href);
      return;
    }
    // What could not be done is said by the page that the server made; scripts begin anew on it.
    document.title = fresh.title;
    main.replaceChildren(...[...there.childNodes].map((each) => document.importNode(each, true)));
    this.#listening.abort();
    this.#onReplaced(main);
  }

  async #watch(watch: Watch, sending: string, stopped: string): Promise<void> {
    if (!watch.isLost) await this.#around.wait(SHOWN_AFTER_MS);
    while (!watch.isOver) {
      const told = await this.#look();
      if (watch.isOver) return;
      if (told === null) this.#say(phrase("The server cannot be reached right now. Waiting for it …"));
      else if (told.state === "running") this.#show(told);
      else if (told.state === "gone") {
        if (watch.isLost) {
          this.#around.open(stopped);
          return;
        }
        this.#show({ state: "running", name: sending, text: "" });
      } else if (watch.isLost) {
        this.#end(told, stopped);
        return;
      }
      await this.#around.wait(EVERY_MS);
    }
  }

  async #look(): Promise<Told | null> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await this.#around.fetch(this.#address(), { headers: { Accept: "application/json" }, signal });
      return answer.ok ? ((await answer.json()) as Told) : null;
    } catch {
      return null;
    }
  }

  #end(told: Told, otherwise: string): void {
    if (told.state !== "failed") {
      this.#around.open(told.location ?? otherwise);
      return;
    }
    this.#show(told);
    this.#bar.hidden = this.#cancel.hidden = true;
    this.#speak(told.text ?? "");
  }

  #show({ name = "", text = "", percent }: Told): void {
    byId("job-name", HTMLElement).textContent = name;
    if (percent === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = percent;
    if (!this.#isStopping) this.#say(text);
    this.#panel.hidden = false;
    // Once at the beginning, and at each quarter: who listens is told, and not talked to.
    const quarter = Math.floor((percent ?? 0) / SPOKEN_EVERY);
    if (quarter === this.#spoken) return;
    this.#spoken = quarter;
    this.#speak(percent === undefined ? name : `${name}. ${text}`);
  }

  #say(text: string): void {
    byId("job-text", HTMLElement).textContent = text;
  }

  #speak(text: string): void {
    byId("job-spoken", HTMLElement).textContent = text;
  }

  #address(): string {
    return (this.#panel.dataset["address"] ?? "").replace(ANY_KEY, this.#key);
  }
}

/** Where the page says what became of work that went with the server, if the form does not say it. */
function stoppedHere(): string {
  return `${location.pathname}?stopped`;
}
