/** The connection pill with its list of feeds, the replay banner and the notice that the line is dead. */

import { byId, made, textOf } from "../lib/dom";
import type { Percentiles } from "../lib/latencies";
import { ageText, clockOf, millis } from "../lib/times";
import { phrase } from "../lib/words";
import { type Condition, type ConditionName, conditionOf, isCurrent } from "../live/condition";
import type { FeedReport, FeedStateName, PortfoliosReport, QualityName } from "../live/messages.gen";
import type { LiveStore } from "../live/store";
import { feedSentence } from "./feed_words";

const WORDS: { readonly [name in ConditionName]: string } = {
  connecting: phrase("Connecting"),
  live: phrase("Live"),
  delayed: phrase("Delayed"),
  simulated: phrase("Simulated"),
  stale: phrase("Stale"),
  offline: phrase("Offline"),
  replay: phrase("Replay"),
};
const SENTENCES: { readonly [name in ConditionName]: string } = {
  connecting: phrase("Waiting for the server’s first word."),
  live: phrase("Prices come as the market makes them."),
  delayed: phrase("The source gives its prices late."),
  simulated: phrase("Prices are invented, and no market’s."),
  stale: phrase("Nothing new has come for a while; what is shown is old."),
  offline: phrase("The server cannot be reached; what is shown is old."),
  replay: phrase("Prices are a replay of the past, not today’s market."),
};
/** The shape of a feed's state: the same signs as beside prices. */
const SHAPES: { readonly [state in FeedStateName]: string } = {
  connecting: "connecting",
  live: "live",
  quiet: "closed",
  stale: "stale",
  reconnecting: "stale",
  rejected: "offline",
  stopped: "offline",
};

const STATES: { readonly [state in FeedStateName]: string } = {
  connecting: phrase("connecting"),
  live: phrase("live"),
  quiet: phrase("quiet"),
  stale: phrase("stale"),
  reconnecting: phrase("reconnecting"),
  rejected: phrase("rejected"),
  stopped: phrase("stopped"),
};

export class ConnectionView {
  readonly #store: () => LiveStore;
  readonly #startedAt = Date.now();
  readonly #pill = byId("connection", HTMLButtonElement);
  readonly #shape = byId("connection-shape", HTMLElement);
  readonly #word = textOf(byId("connection-word", HTMLElement));
  readonly #note = textOf(byId("connection-note", HTMLElement));
  readonly #times = textOf(byId("connection-times", HTMLElement));
  readonly #sentence = textOf(byId("feeds-sentence", HTMLElement));
  readonly #portfolios = byId("portfolios-sentence", HTMLElement);
  readonly #portfoliosText = textOf(this.#portfolios);
  readonly #speed = textOf(byId("feeds-speed", HTMLElement));
  readonly #list = byId("feed-list", HTMLUListElement);
  readonly #banner = byId("replay-banner", HTMLElement);
  /** The words around day and time, which make no sense before these are known. */
  readonly #replayMoment = this.#banner.querySelectorAll<HTMLElement>("[data-replay-moment]");
  readonly #replayDay = textOf(byId("replay-day", HTMLElement));
  readonly #replayTime = textOf(byId("replay-time", HTMLElement));
  readonly #notice = byId("notice", HTMLElement);
  readonly #noticeShape = byId("notice-shape", HTMLElement);
  readonly #noticeRetry = byId("notice-retry", HTMLButtonElement);
  readonly #noticeState = textOf(byId("notice-state", HTMLElement));
  readonly #noticeText = textOf(byId("notice-text", HTMLElement));
  readonly #zone = document.documentElement.dataset["zone"] ?? "UTC";
  #listed = "";

  constructor(store: () => LiveStore) {
    this.#store = store;
    this.#noticeRetry.addEventListener("click", () => this.#store().tryNow());
  }

  get isReplay(): boolean {
    return this.#store().welcome?.is_replay ?? document.documentElement.dataset["replay"] === "true";
  }

  condition(quality: QualityName | null): Condition {
    const { link, feeds, isCaughtUp } = this.#store();
    const { isReplay } = this;
    return conditionOf({ link, feeds, isCaughtUp, isReplay, quality, startedAt: this.#startedAt, now: Date.now() });
  }

  /** Writes everything anew; `times` are those from tick to pixel, of prices that come now. */
  show(condition: Condition, times: Percentiles | null): void {
    const { name } = condition;
    if (this.#pill.dataset["state"] !== name) {
      this.#pill.dataset["state"] = name;
      this.#shape.className = `shape shape-${name}`;
      this.#sentence.data = SENTENCES[name];
    }
    write(this.#word, WORDS[name]);
    write(this.#note, this.#noteText(condition));
    write(this.#times, isCurrent(name) ? timesText(times) : "");
    write(this.#speed, speedText(times));
    this.#showPortfolios();
    this.#showBanner();
    this.#showFeeds();
    this.#showNotice(condition);
  }

  #noteText({ name, since }: Condition): string {
    if (since !== null) return phrase("since {time}", { time: clockOf().minute(since) });
    const report = this.#store().portfoliosReport;
    if (report !== null && isCurrent(name)) return phrase("portfolios of {time}", { time: sinceText(report) });
    return name === "replay" ? this.#marketDay() : "";
  }

  #marketDay(): string {
    const { marketTime } = this.#store();
    return marketTime === null ? "" : clockOf(this.#zone).day(marketTime);
  }

  #showBanner(): void {
    this.#banner.hidden = !this.isReplay;
    const { marketTime } = this.#store();
    if (!this.isReplay || marketTime === null) return;
    for (const part of this.#replayMoment) part.hidden = false;
    write(this.#replayDay, this.#marketDay());
    write(this.#replayTime, clockOf(this.#zone).minute(marketTime));
  }

  #showFeeds(): void {
    const { feeds } = this.#store();
    const key = JSON.stringify(feeds);
    if (key === this.#listed) return;
    this.#listed = key;
    this.#list.replaceChildren(...feeds.map((feed) => feedItem(feed, this.isReplay)));
  }

  #showPortfolios(): void {
    const report = this.#store().portfoliosReport;
    this.#portfolios.hidden = report === null;
    if (report !== null) write(this.#portfoliosText, portfoliosWords(report).join(" "));
  }

  /** What is wrong with the line, or else with portfolios. */
  #showNotice({ name, since }: Condition): void {
    const isBroken = name === "stale" || name === "offline";
    const { link, portfoliosReport } = this.#store();
    const report = isCurrent(name) ? portfoliosReport : null;
    this.#notice.hidden = !isBroken && report === null;
    // Where the server is heard, nothing is won by connecting anew.
    this.#noticeRetry.hidden = !isBroken || link.phase === "open";
    this.#noticeShape.className = `shape shape-${name === "offline" ? name : "stale"}`;
    if (report !== null) {
      const [state, text] = portfoliosWords(report);
      write(this.#noticeState, state);
      write(this.#noticeText, [text, phrase("Prices go on.")].join(" "));
    }
    if (!isBroken || since === null) return;
    const { retryAt } = link;
    const now = Date.now();
    const age = this.#ageText(since, now);
    const retry =
      retryAt === null
        ? ""
        : phrase("Trying again in {seconds} s.", { seconds: Math.max(0, Math.ceil((retryAt - now) / 1000)) });
    write(this.#noticeState, `${WORDS[name]}.`);
    write(this.#noticeText, retry === "" ? age : `${age} ${retry}`);
  }

  /** When anything was last heard, by the clock of this computer: it says nothing of a replay's day. */
  #ageText(since: number, now: number): string {
    const { link, feeds } = this.#store();
    const values = { time: clockOf().second(since), age: ageText(now - since) };
    if (link.heardAt === null) return phrase("Nothing heard from the server since {time}, {age} ago.", values);
    if (since === link.heardAt) return phrase("Last heard from the server at {time}, {age} ago.", values);
    return [phrase("Nothing new from the feed since {time}, {age} ago.", values), commonReason(feeds)]
      .join(" ")
      .trimEnd();
  }

  /** What a screen reader is told of a state that is not current; nothing otherwise. */
  spoken({ name, since }: Condition): string {
    if (isCurrent(name) || since === null) return "";
    return phrase("{state} since {time}.", { state: WORDS[name], time: clockOf().minute(since) });
  }
}

/** What portfolios lack, in short, and why. */
export function portfoliosWords(report: PortfoliosReport): readonly [string, string] {
  const values = { time: sinceText(report) };
  return report.state === "withheld"
    ? [
        phrase("Portfolios stand still."),
        phrase(
          "Since {time} the server has not been able to check who may see them. They go on by themselves as soon as it can.",
          values,
        ),
      ]
    : [
        phrase("Portfolios may be out of date."),
        phrase(
          "Since {time} the server has not been able to read what is booked. They follow by themselves as soon as it can.",
          values,
        ),
      ];
}

/** Why nothing comes, where all feeds say the same of it; otherwise nothing: the list has what each says. */
function commonReason(feeds: readonly FeedReport[]): string {
  const [reason = "", ...others] = new Set(feeds.map(({ message }) => message));
  return others.length === 0 ? feedSentence(reason) : "";
}

function sinceText({ since }: PortfoliosReport): string {
  const at = millis(since ?? null);
  return at === null ? "" : clockOf().minute(at);
}

/** The same two times in short, for beside the pill; empty before the first. */
export function timesText(times: Percentiles | null): string {
  return times === null ? "" : `p50 ${Math.round(times.p50)} · p95 ${Math.round(times.p95)} ms`;
}

/** Measured here, from the server's receipt of a price to the painted frame; empty before the first. */
export function speedText(times: Percentiles | null): string {
  if (times === null) return "";
  const [half, most] = [Math.round(times.p50), Math.round(times.p95)];
  return phrase(
    "From a price’s arrival at the server to this screen: half within {half} ms, 95 of 100 within {most} ms.",
    { half, most },
  );
}

/** A feed that replays is never shown with the live disc. */
function feedItem(feed: FeedReport, isReplay: boolean): HTMLLIElement {
  const isReplaying = isReplay && feed.state === "live";
  const running = phrase("running");
  const item = made("li");
  const since = clockOf().minute(Date.parse(feed.since));
  item.append(
    made("span", `shape shape-${isReplaying ? "replay" : SHAPES[feed.state]}`),
    made("span", "strong", feed.feed),
    made(
      "span",
      "label num",
      phrase("{state} since {time}", { state: isReplaying ? running : STATES[feed.state], time: since }),
    ),
    made("span", "quiet", feedSentence(feed.message)),
  );
  return item;
}

function write(text: Text, value: string): void {
  if (text.data !== value) text.data = value;
}
