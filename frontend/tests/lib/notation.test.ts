// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  delete document.documentElement.dataset["numbers"];
});

test("the page says how the person writes", async () => {
  document.documentElement.dataset["numbers"] = "de";
  const { notation, GERMAN } = await import("../../src/lib/notation");
  expect(notation()).toBe(GERMAN);
});

test.each(["en", "fr", null])("a page that says %s is written for who reads English", async (numbers) => {
  if (numbers !== null) document.documentElement.dataset["numbers"] = numbers;
  const { notation, ENGLISH } = await import("../../src/lib/notation");
  expect(notation()).toBe(ENGLISH);
});

test("the cents of a German figure begin at its comma", async () => {
  document.documentElement.dataset["numbers"] = "de";
  const { splitMoney } = await import("../../src/cells/totals");
  expect(splitMoney("-145479.20")).toEqual({ whole: "\u2212145.479", minor: ",20" });
});
