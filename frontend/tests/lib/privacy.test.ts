// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { isPrivate, onPrivacyChange, setPrivate, showTitle } from "../../src/lib/privacy";

beforeEach(() => setPrivate(false));

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
