// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Latencies } from "../../src/lib/latencies";
import { clockOf } from "../../src/lib/times";
import { speak, speakEnglish } from "../../src/lib/words";
import type { FeedReport, PortfoliosReport } from "../../src/live/messages.gen";
import { LiveStore } from "../../src/live/store";
import { ConnectionView } from "../../src/pages/connection";
import { FakeNetwork } from "../live/fake_transport";
import { status, welcome } from "../live/frames";
import { MINE, visible } from "../live/portfolio_frames";

const SINCE = Date.parse("2012-05-21T18:10:00Z");
const PAGE = `<aside id="replay-banner" hidden><span id="replay-day">-</span><span id="replay-time">-</span></aside>
<button id="connection"><span id="connection-shape"></span><span id="connection-word">-</span><span id="connection-note">-</span><span id="connection-times"></span></button>
<p id="feeds-sentence">-</p><p id="portfolios-sentence" hidden></p><ul id="feed-list"></ul><p id="feeds-speed">-</p>
<div id="notice" hidden><span id="notice-shape"></span><strong id="notice-state">-</strong><span id="notice-text">-</span><button id="notice-retry"></button></div>`;

let network: FakeNetwork;
let store: LiveStore;
let view: ConnectionView;

beforeEach(() => {
  document.body.innerHTML = PAGE;
  network = new FakeNetwork();
  store = new LiveStore({
    open: network.open,
    onRows: () => {},
    onCondition: () => {},
    onWelcome: () => {},
    isHidden: () => false,
  });
  view = new ConnectionView(() => store);
});

afterEach(() => store.stop());

/** Watches a portfolio, of which the server says `report`. */
function told(report: PortfoliosReport | null): void {
  store.watchPortfolios([MINE]);
  store.start([]);
  network.newest.opens();
  network.newest.says(welcome({ portfolios: [visible(MINE)] }));
  network.newest.says(status(0, { portfolios: report }));
}

const text = (id: string): string => document.getElementById(id)?.textContent ?? "";

test.each([
  ["stale", "Stale", "Nothing new has come for a while; what is shown is old."],
  ["offline", "Offline", "The server cannot be reached; what is shown is old."],
] as const)("a page that is %s says since when, in the pill, the notice and aloud", (name, word, sentence) => {
  view.show({ name, since: SINCE }, null);
  const since = clockOf().minute(SINCE);
  expect([text("connection-word"), text("connection-note")]).toEqual([word, `since ${since}`]);
  expect(text("feeds-sentence")).toBe(sentence);
  expect(document.getElementById("connection-shape")?.className).toBe(`shape shape-${name}`);
  expect([document.getElementById("notice")?.hidden, text("notice-state")]).toEqual([false, `${word}.`]);
  expect(text("notice-text")).toContain(`since ${clockOf().second(SINCE)}`);
  expect(view.spoken({ name, since: SINCE })).toBe(`${word} since ${since}.`);
});

test("a page that is live says so without an age, and aloud nothing", () => {
  view.show({ name: "live", since: null }, new Latencies().percentiles());
  expect([text("connection-word"), text("connection-note")]).toEqual(["Live", ""]);
  expect(document.getElementById("notice")?.hidden).toBe(true);
  expect(view.spoken({ name: "live", since: null })).toBe("");
});

test("what the product says of a feed is in the reader's language", () => {
  const said = "No process reads the feeds at the moment; prices wait for one.";
  speak({ sentences: { [said]: ["Niemand."] }, form: () => 0 });
  const since = new Date(SINCE).toISOString();
  vi.spyOn(store, "feeds", "get").mockReturnValue([{ feed: "replay", state: "reconnecting", since, message: said }]);
  view.show({ name: "live", since: null }, null);
  expect(text("feed-list")).toContain("Niemand.");
  speakEnglish();
});

test.each([
  [
    "behind",
    "Portfolios may be out of date.",
    "Since {time} the server has not been able to read what is booked. They follow by themselves as soon as it can.",
  ],
  [
    "withheld",
    "Portfolios stand still.",
    "Since {time} the server has not been able to check who may see them. They go on by themselves as soon as it can.",
  ],
] as const)(
  "portfolios that are %s are told of in pill, list and notice, and prices stay live",
  (state, short, why) => {
    told({ state, since: new Date(SINCE).toISOString() });
    view.show({ name: "live", since: null }, null);
    const since = clockOf().minute(SINCE);
    const sentence = why.replace("{time}", since);
    expect([text("connection-word"), text("connection-note")]).toEqual(["Live", `portfolios of ${since}`]);
    expect([document.getElementById("portfolios-sentence")?.hidden, text("portfolios-sentence")]).toEqual([
      false,
      `${short} ${sentence}`,
    ]);
    expect([document.getElementById("notice")?.hidden, text("notice-state"), text("notice-text")]).toEqual([
      false,
      short,
      `${sentence} Prices go on.`,
    ]);
    expect(document.getElementById("notice-shape")?.className).toBe("shape shape-stale");
    expect(document.getElementById("notice-retry")?.hidden).toBe(true);
    network.newest.says(status(0, { portfolios: { state: "current", since: null } }));
    view.show({ name: "live", since: null }, null);
    expect(text("connection-note")).toBe("");
    expect(["portfolios-sentence", "notice"].map((id) => document.getElementById(id)?.hidden)).toEqual([true, true]);
  },
);

test("a line that is dead is told of first, and can be tried again", () => {
  told({ state: "withheld", since: new Date(SINCE).toISOString() });
  network.newest.breaks();
  view.show({ name: "offline", since: SINCE }, null);
  expect([text("notice-state"), document.getElementById("notice-retry")?.hidden]).toEqual(["Offline.", false]);
  expect(text("connection-note")).toBe(`since ${clockOf().minute(SINCE)}`);
});

test("feeds that say nothing are told of with the reason that they share, and connecting anew is not offered", () => {
  const message = "No process reads the feeds at the moment; prices wait for one.";
  const feed = { feed: "replay", state: "stale", since: new Date(SINCE).toISOString(), message } as const;
  const shown = (...feeds: FeedReport[]): string => {
    network.newest.says(status(0, { feeds }));
    view.show({ name: "stale", since: SINCE }, null);
    return text("notice-text");
  };
  told(null);
  expect(shown(feed)).toMatch(/^Nothing new from the feed since .* ago\. No process reads the feeds/);
  expect(shown(feed, { ...feed, feed: "ecb" })).toMatch(/prices wait for one\.$/);
  expect(shown(feed, { ...feed, feed: "ecb", message: "" })).toMatch(/ ago\.$/);
  expect(document.getElementById("notice-shape")?.className).toBe("shape shape-stale");
  expect(document.getElementById("notice-retry")?.hidden).toBe(true);
});
