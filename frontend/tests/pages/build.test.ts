// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Reload = typeof import("../../src/pages/build").reloadForBuild;

let reloads: number;
let reloadForBuild: Reload;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  sessionStorage.clear();
  document.documentElement.dataset["build"] = "one";
  reloads = 0;
  vi.spyOn(location, "reload").mockImplementation(() => {
    reloads += 1;
  });
  ({ reloadForBuild } = await import("../../src/pages/build"));
});

afterEach(() => vi.useRealTimers());

test("a page of the server's own build stays", () => {
  reloadForBuild("one", () => false);
  vi.advanceTimersByTime(120_000);
  expect(reloads).toBe(0);
});

test("a page of another build reloads when nobody has touched it for a while", () => {
  reloadForBuild("two", () => false);
  vi.advanceTimersByTime(20_000);
  dispatchEvent(new Event("keydown"));
  vi.advanceTimersByTime(29_000);
  expect(reloads).toBe(0);
  vi.advanceTimersByTime(3_000);
  expect(reloads).toBe(1);
});

test("it does not reload under someone's hands", () => {
  reloadForBuild("two", () => true);
  vi.advanceTimersByTime(120_000);
  expect(reloads).toBe(0);
});

test("for each build it reloads once only, so that two servers cannot make it go round", async () => {
  reloadForBuild("two", () => false);
  vi.advanceTimersByTime(40_000);
  vi.resetModules();
  const { reloadForBuild: afterReload } = await import("../../src/pages/build");
  afterReload("two", () => false);
  vi.advanceTimersByTime(120_000);
  expect(reloads).toBe(1);
});
