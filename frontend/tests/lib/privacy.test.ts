// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dateTitle, isPrivate, onPrivacyChange, setPrivate, showTitle } from "../../src/lib/privacy";

beforeEach(() => setPrivate(false));

afterEach(() => vi.useRealTimers());

test("the title of the tab has no amount while amounts are hidden, and has it again after", () => {
  showTitle("Long term", "Long term 1,234.56 EUR");
  expect(document.title).toBe("Long term 1,234.56 EUR");
  setPrivate(true);
  expect(isPrivate()).toBe(true);
  expect(document.title).toBe("Long term");
  showTitle("Long term", "Long term 1,300.00 EUR");
  expect(document.title).toBe("Long term");
  setPrivate(false);
  expect(document.title).toBe("Long term 1,300.00 EUR");
});

test("an amount that moves is in the title once a second, another name at once", () => {
  vi.useFakeTimers();
  showTitle("Pension", "Pension 1.00 EUR");
  showTitle("Pension", "Pension 2.00 EUR");
  showTitle("Pension", "Pension 3.00 EUR");
  expect(document.title).toBe("Pension 1.00 EUR");
  vi.advanceTimersByTime(1_000);
  expect(document.title).toBe("Pension 3.00 EUR");
  showTitle("Pension", "Pension 4.00 EUR");
  showTitle("Signed out");
  expect(document.title).toBe("Signed out");
  vi.advanceTimersByTime(5_000);
  expect(document.title).toBe("Signed out");
});

test("whoever listens is told once of each change, until it stops", () => {
  let told = 0;
  const stop = onPrivacyChange(() => {
    told += 1;
  });
  setPrivate(true);
  setPrivate(true);
  expect(told).toBe(1);
  stop();
  setPrivate(false);
  expect(told).toBe(1);
});

test("a title of figures says of when they are while they are not the newest", () => {
  showTitle("Long term", "Long term 1,234.56 EUR");
  dateTitle("14:10");
  expect(document.title).toBe("⏸ 14:10 · Long term 1,234.56 EUR");
  setPrivate(true);
  expect(document.title).toBe("⏸ 14:10 · Long term");
  setPrivate(false);
  dateTitle("");
  expect(document.title).toBe("Long term 1,234.56 EUR");
});
