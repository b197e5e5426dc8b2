// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";

import { ofPortfolio } from "../../src/pages/one_portfolio";

let root: HTMLElement;
const changed = vi.fn();

beforeEach(() => {
  changed.mockClear();
  document.body.innerHTML = '<div id="root"></div><div id="portfolio-gone" tabindex="-1" hidden></div>';
  root = document.getElementById("root") as HTMLElement;
});

function heard(portfolio: string, isLost = false): void {
  const change = { portfolio, held: { isLost } };
  ofPortfolio("mine", root, changed).onPortfolio?.(change as never);
}

test("a page hears of its own portfolio alone", () => {
  heard("another");
  expect(changed).not.toHaveBeenCalled();
  heard("mine");
  expect(changed).toHaveBeenCalledTimes(1);
});

test.each([
  ["lost", () => heard("mine", true)],
  ["no longer among what one may see", () => ofPortfolio("mine", root, changed).onAccess?.([])],
  ["refused", () => ofPortfolio("mine", root, changed).onRefused?.("mine", "unknown_portfolio")],
])("a portfolio that is %s is taken off the page, which says so", (_what, tell) => {
  tell();
  expect(root.isConnected).toBe(false);
  expect(document.getElementById("portfolio-gone")?.hidden).toBe(false);
  expect(changed).not.toHaveBeenCalled();
});

test("what another portfolio is refused for, or this one for something else, leaves it", () => {
  const hooks = ofPortfolio("mine", root, changed);
  hooks.onRefused?.("another", "unknown_portfolio");
  hooks.onRefused?.("mine", "too_many");
  expect(root.isConnected).toBe(true);
});

test("who is signed out sees no figure any more", () => {
  ofPortfolio("mine", root, changed).onSignedOut?.();
  expect(root.isConnected).toBe(false);
});
