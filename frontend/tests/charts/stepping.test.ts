// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { steppedTo } from "../../src/charts/stepping";

function to(key: string, pointed: number | null, options: KeyboardEventInit = {}): number | null | undefined {
  return steppedTo(new KeyboardEvent("keydown", { key, ...options }), pointed, 100);
}

test("an arrow begins at the last place and goes on by one, with Shift by ten", () => {
  expect([to("ArrowLeft", null), to("ArrowRight", null)]).toEqual([99, 99]);
  expect([to("ArrowLeft", 50), to("ArrowRight", 50)]).toEqual([49, 51]);
  expect([to("ArrowLeft", 50, { shiftKey: true }), to("ArrowRight", 50, { shiftKey: true })]).toEqual([40, 60]);
});

test("no key leads over the edges", () => {
  expect([to("ArrowLeft", 0), to("ArrowRight", 99)]).toEqual([0, 99]);
  expect([to("ArrowLeft", 3, { shiftKey: true }), to("ArrowRight", 96, { shiftKey: true })]).toEqual([0, 99]);
  expect([to("Home", 50), to("End", 50)]).toEqual([0, 99]);
});

test("Escape leaves, and what is not of the chart is left to others", () => {
  expect(to("Escape", 50)).toBeNull();
  expect([to("a", 50), to("toString", 50), to("Tab", 50)]).toEqual([undefined, undefined, undefined]);
  const withOthers = [{ ctrlKey: true }, { metaKey: true }, { altKey: true }].map((each) => to("ArrowLeft", 50, each));
  expect(withOthers).toEqual([undefined, undefined, undefined]);
  expect(steppedTo(new KeyboardEvent("keydown", { key: "End" }), null, 0)).toBeUndefined();
});
