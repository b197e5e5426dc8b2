/**
 * The page that stands in where the server cannot be reached: what this browser knew last, how old it is, and that none of it
 * is live. It makes way for the page that was asked for as soon as the server answers.
 */

import { byId, within } from "../lib/dom";
import { ENGLISH, GERMAN, writeAs } from "../lib/notation";
import { setPrivate } from "../lib/privacy";
import { phrase } from "../lib/words";
import { forgetOthers } from "../offline/forget";
import { type KeptPortfolio, keptRows, type LastValues, lastValues } from "../offline/last_values";
import {
  agoText,
  asOf,
  inOrder,
  isOlder,
  marketText,
  portfolioFigures,
  rowFigures,
  type ShownFigures,
  worths,
} from "../offline/shown";
import { isChosen } from "./privacy";

/** How long until the next try: at first often, then calmer. */
const WAITS_S: readonly number[] = [3, 3, 5, 5, 10, 10, 20];
const LONGEST_WAIT_S = 30;
const TRY_MS = 5_000;
/** The address of the page itself, which the worker keeps it by. */
const OWN = "/offline/";

class OfflinePage {
  readonly #button = byId("retry", HTMLButtonElement);
  readonly #note = byId("retry-note", HTMLElement);
  /** The ages on the page, written anew as time goes by. */
  readonly #ages: (() => void)[] = [];
  #tries = 0;
  #left = 0;
  #isTrying = false;

  start(): void {
    this.#show(lastValues());
    this.#button.addEventListener("click", () => void this.#try());
    addEventListener("online", () => void this.#try());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.#try();
    });
    this.#wait();
    setInterval(() => this.#second(), 1_000);
  }

  // ---------- What was known ----------

  #show(values: LastValues | null): void {
    byId("nothing-kept", HTMLElement).hidden = values !== null && values.portfolios.length > 0;
    if (values === null) return;
    if (values.theme !== "") document.documentElement.dataset["theme"] = values.theme;
    writeAs(values.numbers === "de" ? GERMAN : ENGLISH);
    const lead = byId("offline-lead", HTMLElement);
    this.#age(() => {
      lead.textContent = phrase("Last known values, {age}. Nothing here is live.", {
        age: asOf(values.at, Date.now()),
      });
    });
    const market = byId("offline-market", HTMLElement);
    market.textContent = marketText(values);
    market.hidden = market.textContent === "";
    for (const { figures, at } of worths(values)) {
      const worth = copied("worth-template", ".worth");
      fill(worth, figures);
      if (isOlder(at, values.at)) this.#tellAge(worth, "age", (now) => asOf(at, now));
      byId("worths", HTMLElement).append(worth);
    }
    for (const portfolio of values.portfolios)
      byId("portfolios", HTMLElement).append(this.#portfolio(portfolio, values));
  }

  #portfolio(portfolio: KeptPortfolio, values: LastValues): HTMLElement {
    const element = copied("portfolio-template", "details") as HTMLDetailsElement;
    fill(element, portfolioFigures(portfolio));
    this.#tellAge(element, "age", (now) => agoText(portfolio.at, now));
    element.open = location.pathname.includes(portfolio.id) || values.portfolios.length === 1;
    const rows = inOrder(keptRows(portfolio.id));
    const age = within(element, '[data-figure="rows-age"]', HTMLElement);
    if (rows.length === 0 || portfolio.rowsAt === null) {
      age.textContent =
        portfolio.rowsAt === null
          ? phrase("Its holdings were not open in this browser since you signed in.")
          : phrase("Nothing is held.");
      within(element, "table", HTMLTableElement).remove();
      return element;
    }
    const { rowsAt } = portfolio;
    this.#tellAge(element, "rows-age", (now) =>
      isOlder(rowsAt, portfolio.at)
        ? phrase("Holdings {age}, older than the value above; not live", { age: asOf(rowsAt, now) })
        : phrase("Holdings {age}, not live", { age: asOf(rowsAt, now) }),
    );
    within(element, "tbody", HTMLTableSectionElement).append(
      ...rows.map((row) => {
        const line = copied("row-template", "tr");
        fill(line, rowFigures(row));
        return line;
      }),
    );
    return element;
  }

  #tellAge(element: HTMLElement, figure: string, tell: (now: number) => string): void {
    const told = within(element, `[data-figure="${figure}"]`, HTMLElement);
    this.#age(() => {
      told.textContent = tell(Date.now());
    });
  }

  #age(write: () => void): void {
    write();
    this.#ages.push(write);
  }

  // ---------- The way back ----------

  #wait(): void {
    this.#left = WAITS_S[this.#tries] ?? LONGEST_WAIT_S;
    this.#tries += 1;
  }

  #second(): void {
    for (const write of this.#ages) write();
    // What was kept is another's, or the session's end has come, while the page stood open.
    if (lastValues() === null && document.querySelector(".worth") !== null) location.reload();
    if (this.#isTrying || document.hidden) return;
    this.#left -= 1;
    if (this.#left <= 0) void this.#try();
    else this.#note.textContent = phrase("Next try in {seconds} s", { seconds: this.#left });
  }

  /** To the page that was asked for; this one has an address of its own too, which nobody asks for. */
  #makeWay(): void {
    if (location.pathname.startsWith(OWN)) location.replace("/");
    else location.reload();
  }

  async #try(): Promise<void> {
    if (this.#isTrying) return;
    this.#isTrying = true;
    this.#note.textContent = phrase("Trying …");
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(TRY_MS) });
      if (answer.ok) {
        this.#makeWay();
        return;
      }
    } catch {
      // Still not there.
    }
    this.#isTrying = false;
    this.#wait();
  }
}

function copied(template: string, selector: string): HTMLElement {
  const { content } = byId(template, HTMLTemplateElement);
  return within(content, selector, HTMLElement).cloneNode(true) as HTMLElement;
}

function fill(element: HTMLElement, figures: ShownFigures): void {
  for (const [figure, { text, direction }] of Object.entries(figures)) {
    const cell = within(element, `[data-figure="${figure}"]`, HTMLElement);
    cell.textContent = text;
    if (direction !== undefined) cell.classList.add(direction);
  }
}

forgetOthers();
setPrivate(isChosen());
new OfflinePage().start();
