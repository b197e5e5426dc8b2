// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { Latencies } from "../../src/lib/latencies";
import { clockOf } from "../../src/lib/times";
import { speak, speakEnglish } from "../../src/lib/words";
import { LiveStore } from "../../src/live/store";
import { ConnectionView } from "../../src/pages/connection";

const SINCE = Date.parse("2012-05-21T18:10:00Z");
const PAGE = `<aside id="replay-banner" hidden><span id="replay-day">-</span><span id="replay-time">-</span></aside>
<button id="connection"><span id="connection-shape"></span><span id="connection-word">-</span><span id="connection-note">-</span><span id="connection-times"></span></button>
<p id="feeds-sentence">-</p><ul id="feed-list"></ul><p id="feeds-speed">-</p>
<div id="notice" hidden><strong id="notice-state">-</strong><span id="notice-text">-</span><button id="notice-retry"></button></div>`;

let store: LiveStore;
let view: ConnectionView;

beforeEach(() => {
  document.body.innerHTML = PAGE;
  store = new LiveStore({
    open: () => {
      throw new Error("Expected no socket.");
    },
    onRows: () => {},
    onCondition: () => {},
    onWelcome: () => {},
    isHidden: () => false,
  });
  view = new ConnectionView(() => store);
});

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
