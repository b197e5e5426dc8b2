// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { around, markOption } from "../../src/lib/options";

const input = document.createElement("input");
const list = document.createElement("div");

beforeEach(() => {
  list.innerHTML = `<p id="a"></p><p id="b"></p>`;
});

const selected = (): readonly (string | null)[] => [...list.children].map((each) => each.getAttribute("aria-selected"));

test("after the last comes the first, and none of none", () => {
  expect([around(2, 2), around(-1, 2), around(1, 2), around(0, 0)]).toEqual([0, 1, 1, -1]);
});

test("one option is marked, named by its field, and comes into sight", () => {
  const scrolled = vi.fn();
  for (const each of list.children) each.scrollIntoView = scrolled;
  markOption(input, list.children, 1);
  expect([selected(), input.getAttribute("aria-activedescendant"), scrolled.mock.contexts]).toEqual([
    ["false", "true"],
    "b",
    [list.children[1]],
  ]);
  markOption(input, list.children, 0, false);
  expect([selected(), input.getAttribute("aria-activedescendant"), scrolled.mock.calls.length]).toEqual([
    ["true", "false"],
    "a",
    1,
  ]);
  markOption(input, list.children, -1);
  expect([selected(), input.hasAttribute("aria-activedescendant")]).toEqual([["false", "false"], false]);
});
