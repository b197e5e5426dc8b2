// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { listenToPointing, placeTip } from "../../src/charts/pointing";

test("a mouse that leaves points at nothing, a finger that is lifted still does until the focus goes", () => {
  const figure = document.createElement("div");
  const heard: string[] = [];
  listenToPointing(figure, {
    at: () => heard.push("at"),
    leave: () => heard.push("leave"),
    step: ({ key }) => heard.push(key),
  });
  figure.dispatchEvent(new PointerEvent("pointermove"));
  figure.dispatchEvent(new PointerEvent("pointerdown"));
  figure.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "touch" }));
  expect(heard).toEqual(["at", "at"]);
  figure.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
  figure.dispatchEvent(new Event("blur"));
  figure.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
  expect(heard.slice(2)).toEqual(["leave", "leave", "Home"]);
});

test("the tip stands where there is room, and never left of the plot", () => {
  const tip = document.createElement("dl");
  Object.defineProperty(tip, "offsetWidth", { value: 100 });
  const placedAt = (x: number): string => {
    placeTip(tip, x, 400);
    return tip.style.translate;
  };
  expect([placedAt(50), placedAt(300)]).toEqual(["64px 8px", "186px 8px"]);
  placeTip(tip, 60, 100);
  expect(tip.style.translate).toBe("0px 8px");
});
