// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { measurePins } from "../../src/pages/holdings_pins";

afterEach(() => vi.unstubAllGlobals());

test("a box whose columns are wider than it is scrolls, and pinned columns begin one after the other", () => {
  let resized: () => void = () => {};
  const observed: Element[] = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(told: () => void) {
        resized = told;
      }
      observe(element: Element): void {
        observed.push(element);
      }
    },
  );
  document.body.innerHTML =
    '<div data-pinned="2"><table><thead><tr><th></th><th></th><th></th></tr></thead></table></div>';
  const table = document.querySelector("table");
  const box = table?.parentElement;
  if (!table || !box) throw new Error("Expected a table in its box, found none.");
  for (const head of table.querySelectorAll("th")) head.getBoundingClientRect = () => new DOMRect(0, 0, 70, 20);
  const widths = { scrollWidth: 900, clientWidth: 900 };
  for (const name of ["scrollWidth", "clientWidth"] as const) {
    Object.defineProperty(box, name, { get: () => widths[name] });
  }
  measurePins(table);
  expect(observed).toEqual([table, box]);
  resized();
  expect(box.hasAttribute("data-scrolls")).toBe(false);
  expect([1, 2, 3].map((at) => table.style.getPropertyValue(`--pin-${at}`))).toEqual(["70px", "140px", ""]);
  widths.clientWidth = 600;
  resized();
  expect(box.hasAttribute("data-scrolls")).toBe(true);
});
