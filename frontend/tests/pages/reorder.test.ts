// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { Reorder } from "../../src/pages/reorder";

const ROW_PX = 40;

describe("an order that is made by hand", () => {
  let list: HTMLElement;
  let stored: string[];
  let said: string[];
  let refusal: string;
  let reorder: Reorder;

  beforeEach(() => {
    const rows = ["AAPL", "IBM", "MSFT", "GOOG"];
    document.body.innerHTML = `<ul>${rows
      .map(
        (key) =>
          `<li data-key="${key}" data-name="${key}"><button class="grip" aria-pressed="false"></button><a href="#">${key}</a></li>`,
      )
      .join("")}</ul><button id="elsewhere"></button>`;
    list = document.querySelector("ul") ?? document.body;
    for (const item of list.children) {
      item.getBoundingClientRect = () =>
        ({ top: 100 + [...list.children].indexOf(item) * ROW_PX, height: ROW_PX }) as DOMRect;
    }
    [stored, said, refusal] = [[], [], ""];
    reorder = new Reorder({
      list,
      refusal: () => refusal,
      onOrder: (keys) => stored.push(keys.join(" ")),
      say: (text) => said.push(text),
    });
  });

  const order = (): string => [...list.children].map((item) => item.getAttribute("data-key")).join(" ");
  const grip = (key: string): HTMLElement => list.querySelector(`[data-key="${key}"] .grip`) ?? list;
  const link = (key: string): HTMLElement => list.querySelector(`[data-key="${key}"] a`) ?? list;

  function press(element: HTMLElement, key: string, parts: KeyboardEventInit = {}): boolean {
    return !element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...parts }));
  }

  /** As Space on a button does. */
  function toggle(element: HTMLElement): void {
    element.focus();
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 0 }));
  }

  function pointer(target: EventTarget, type: string, parts: PointerEventInit = {}): void {
    target.dispatchEvent(
      new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 7, button: 0, ...parts }),
    );
  }

  test("a row is dragged by its grip, and its element stays in the page", () => {
    const item = grip("AAPL").parentElement;
    pointer(grip("AAPL"), "pointerdown", { clientY: 120 });
    pointer(document, "pointermove", { clientY: 175 });
    expect([order(), reorder.isBusy, item?.hasAttribute("data-moving")]).toEqual(["IBM AAPL MSFT GOOG", true, true]);
    pointer(document, "pointermove", { clientY: 400, pointerId: 8 });
    expect(order()).toBe("IBM AAPL MSFT GOOG");
    pointer(document, "pointermove", { clientY: 400 });
    pointer(document, "pointerup");
    expect([order(), stored, reorder.isBusy]).toEqual(["IBM MSFT GOOG AAPL", ["IBM MSFT GOOG AAPL"], false]);
    expect([list.lastElementChild, document.activeElement]).toEqual([item, grip("AAPL")]);
    expect(said.at(-1)).toBe("AAPL dropped, position 4 of 4.");
  });

  test("a drag upwards that ends where it began stores nothing", () => {
    pointer(grip("GOOG"), "pointerdown", { clientY: 240 });
    pointer(document, "pointermove", { clientY: 105 });
    expect(order()).toBe("GOOG AAPL IBM MSFT");
    pointer(document, "pointermove", { clientY: 250 });
    pointer(document, "pointerup");
    expect([order(), stored]).toEqual(["AAPL IBM MSFT GOOG", []]);
  });

  test("a drag that the browser or Escape ends is put back", () => {
    pointer(grip("AAPL"), "pointerdown", { clientY: 120 });
    pointer(document, "pointermove", { clientY: 215 });
    pointer(document, "pointercancel");
    expect([order(), stored, said.at(-1)]).toEqual(["AAPL IBM MSFT GOOG", [], "AAPL is back, position 1 of 4."]);
    pointer(grip("MSFT"), "pointerdown", { clientY: 200 });
    pointer(document, "pointermove", { clientY: 105 });
    press(grip("MSFT"), "Escape");
    expect([order(), stored]).toEqual(["AAPL IBM MSFT GOOG", []]);
  });

  test("only a grip drags, and only by the first button", () => {
    pointer(link("AAPL"), "pointerdown", { clientY: 120 });
    pointer(grip("AAPL"), "pointerdown", { clientY: 120, button: 2 });
    pointer(document, "pointermove", { clientY: 400 });
    expect([order(), reorder.isBusy]).toEqual(["AAPL IBM MSFT GOOG", false]);
  });

  test("a grip lifts by Space, the arrows move, Space drops", () => {
    toggle(grip("IBM"));
    expect(grip("IBM").getAttribute("aria-pressed")).toBe("true");
    expect(said.at(-1)).toBe("IBM lifted, position 2 of 4. Arrows move it, Space drops it, Escape puts it back.");
    expect(press(grip("IBM"), "ArrowDown")).toBe(true);
    press(grip("IBM"), "ArrowDown");
    press(grip("IBM"), "ArrowDown");
    expect([order(), said.at(-1), stored]).toEqual(["AAPL MSFT GOOG IBM", "IBM, position 4 of 4.", []]);
    toggle(grip("IBM"));
    expect([stored, grip("IBM").getAttribute("aria-pressed")]).toEqual([["AAPL MSFT GOOG IBM"], "false"]);
  });

  test("a lifted row is dropped by going elsewhere, and put back by Escape", () => {
    toggle(grip("IBM"));
    press(grip("IBM"), "ArrowUp");
    document.querySelector<HTMLElement>("#elsewhere")?.focus();
    expect([order(), stored, reorder.isBusy]).toEqual(["IBM AAPL MSFT GOOG", ["IBM AAPL MSFT GOOG"], false]);
    toggle(grip("GOOG"));
    press(grip("GOOG"), "ArrowUp");
    press(grip("GOOG"), "Escape");
    expect([order(), stored.length]).toEqual(["IBM AAPL MSFT GOOG", 1]);
  });

  test("Alt with an arrow moves the row in hand at once", () => {
    link("MSFT").focus();
    press(link("MSFT"), "ArrowUp", { altKey: true });
    expect([order(), stored]).toEqual(["AAPL MSFT IBM GOOG", ["AAPL MSFT IBM GOOG"]]);
    press(link("AAPL"), "ArrowUp", { altKey: true });
    expect([stored.length, said.at(-1)]).toEqual([1, "AAPL, position 1 of 4."]);
    expect(press(link("AAPL"), "ArrowDown")).toBe(false);
  });

  test("where rows must not be moved the reason is said", () => {
    refusal = "Sorted for a look.";
    toggle(grip("IBM"));
    press(link("IBM"), "ArrowUp", { altKey: true });
    pointer(grip("IBM"), "pointerdown", { clientY: 160 });
    expect([order(), said, stored]).toEqual(["AAPL IBM MSFT GOOG", [refusal, refusal, refusal], []]);
  });
});
