// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isPrivate, setPrivate } from "../../src/lib/privacy";
import { isChosen, startPrivacy, togglePrivacy } from "../../src/pages/privacy";

const sent: unknown[] = [];
let heard: (data: unknown) => void = () => {};

class FakeChannel {
  addEventListener(_name: string, work: (event: { data: unknown }) => void): void {
    heard = (data) => work({ data });
  }
  postMessage(data: unknown): void {
    sent.push(data);
  }
}

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  document.body.innerHTML = `<button id="privacy-button" aria-pressed="false"></button>`;
  startPrivacy();
});

afterEach(() => {
  setPrivate(false);
  vi.unstubAllGlobals();
});

function pressed(): string | null {
  return document.getElementById("privacy-button")?.getAttribute("aria-pressed") ?? null;
}

test("the button hides amounts here, tells the other tabs, and the device remembers it", () => {
  document.getElementById("privacy-button")?.click();
  expect([isPrivate(), isChosen(), pressed()]).toEqual([true, true, "true"]);
  togglePrivacy();
  expect([isPrivate(), isChosen(), pressed()]).toEqual([false, false, "false"]);
  expect(sent).toEqual([true, false]);
});

test("a link whose figure is hidden is called so for as long as it is, also one that comes meanwhile", async () => {
  const link = `<a class="explain" href="/explain/"><span class="amount">1</span></a>`;
  document.body.insertAdjacentHTML("beforeend", `${link}<a class="explain"><span class="amount">—</span></a>`);
  togglePrivacy();
  document.body.insertAdjacentHTML("beforeend", link);
  await new Promise((resolve) => setTimeout(resolve));
  const names = (): readonly (string | null)[] =>
    [...document.querySelectorAll(".explain")].map((each) => each.getAttribute("aria-label"));
  expect(names()).toEqual(["hidden", null, "hidden"]);
  togglePrivacy();
  expect(names()).toEqual([null, null, null]);
});

test("a tab follows what another says, and does not say it again", () => {
  heard(true);
  expect([isPrivate(), pressed()]).toEqual([true, "true"]);
  heard(false);
  expect(isPrivate()).toBe(false);
  expect(sent).toEqual([]);
});
