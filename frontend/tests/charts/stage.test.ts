// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { ChartStage } from "../../src/charts/stage";
import { made } from "../../src/lib/dom";

const NAMES = ["one", "two", "three"];
let container: HTMLElement;
let stage: ChartStage;
let pointed: (number | null)[] = [];

function part<T extends Element>(selector: string): T {
  const found = container.querySelector<T>(selector);
  if (found === null) throw new Error(`Expected ${selector}.`);
  return found;
}

function table(): HTMLTableElement {
  const all = made("table");
  all.setAttribute("aria-label", "Three names");
  const body = made("tbody");
  for (const name of NAMES.toReversed()) {
    const row = made("tr");
    const cell = made("td");
    cell.append(made("span", "", name));
    row.append(cell);
    body.append(row);
  }
  all.append(body);
  return all;
}

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true });
  part(".session-figure").dispatchEvent(event);
  return event;
}

beforeEach(() => {
  container = made("div");
  document.body.replaceChildren(container);
  pointed = [];
  stage = new ChartStage(container, [], {
    count: () => NAMES.length,
    placeAt: (share) => (share < 0 ? null : Math.floor(share * NAMES.length)),
    draw: () => undefined,
    drawPointed: () => pointed.push(stage.pointed),
    said: (place) => NAMES[place] ?? "",
    table,
  });
  vi.spyOn(part(".session-plot"), "getBoundingClientRect").mockReturnValue(new DOMRect(100, 0, 300, 50));
});

test("the pointer and the keys point at a place; keys are told too, and Escape leaves", () => {
  part(".session-figure").dispatchEvent(new PointerEvent("pointermove", { clientX: 250 }));
  expect(pointed).toEqual([1]);
  expect(part("[aria-live]").textContent).toBe("");
  expect(press("ArrowRight").defaultPrevented).toBe(true);
  expect(part("[aria-live]").textContent).toBe("three");
  press("Escape");
  expect(pointed).toEqual([1, 2, null]);
  expect(press("a").defaultPrevented).toBe(false);
});

test("a tip tells of a place until it is hidden", () => {
  stage.showTip(10, "Today", [made("dt", "", "Close"), made("dd", "", "12")], "bought");
  expect(part<HTMLElement>(".chart-tip").hidden).toBe(false);
  expect([...part(".chart-tip").children].map(({ textContent }) => textContent)).toEqual([
    "Today",
    "Close",
    "12",
    "bought",
  ]);
  stage.hideTip();
  expect(part<HTMLElement>(".chart-tip").hidden).toBe(true);
});

test("the table takes the figure's name and focus, its newest row follows, and the figure takes them back", () => {
  stage.toggleTable();
  const box = part<HTMLElement>(".minutes");
  expect([stage.isTable, box.getAttribute("aria-label"), document.activeElement]).toEqual([true, "Three names", box]);
  stage.showNewestRow(["four"], (cell) => cell.firstElementChild ?? cell);
  expect(box.querySelector("tbody tr span")?.textContent).toBe("four");
  stage.toggleTable();
  expect([stage.isTable, document.activeElement]).toEqual([false, part(".session-figure")]);
});

test("without room there is nothing to draw in", () => {
  expect(stage.room).toEqual({ width: 300, height: 50 });
  vi.spyOn(part(".session-plot"), "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 0, 0));
  expect(stage.room).toBeNull();
});
