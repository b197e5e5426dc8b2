// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showToast, startToasts } from "../../src/pages/toasts";

const PAGE = `<input name="csrfmiddlewaretoken" value="token"><div id="toasts"></div>`;
const shown = (): string | undefined | null => document.querySelector(".toast > :nth-child(2)")?.textContent;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = PAGE;
});
afterEach(() => {
  sessionStorage.clear();
  vi.useRealTimers();
});

test("what was done is said with its way back, its amounts marked, and goes after a while", () => {
  showToast(
    [
      ["Booked: ", false],
      ["5", true],
    ],
    { address: "/undo", version: 3 },
  );
  expect([shown(), document.querySelector(".toast .amount")?.textContent]).toEqual(["Booked: 5", "5"]);
  expect([...document.querySelectorAll<HTMLInputElement>(".toast input")].map(({ value }) => value)).toEqual([
    "token",
    "3",
  ]);
  vi.advanceTimersByTime(8_100);
  expect([shown(), sessionStorage.length]).toEqual([undefined, 0]);
});

test("it outlives a page that is made anew, for as long as it would have been shown", () => {
  showToast([["Booked", false]], { address: "/undo", version: 1 });
  document.body.innerHTML = PAGE;
  startToasts();
  expect(shown()).toBe("Booked");
  document.body.innerHTML = PAGE;
  vi.setSystemTime(Date.now() + 9_000);
  startToasts();
  expect([shown(), sessionStorage.length]).toEqual([undefined, 0]);
});

test("it is gone once it was taken back, and what the server says goes before it", () => {
  showToast([["Booked", false]], { address: "/undo", version: 1 });
  document.querySelector("form")?.dispatchEvent(new Event("submit"));
  document.body.innerHTML = PAGE;
  startToasts();
  expect(shown()).toBeUndefined();
  showToast([["Booked", false]], { address: "", version: 0 });
  document.body.innerHTML = `<div id="toasts"><div class="toast"><i></i><span>Deleted</span></div></div>`;
  startToasts();
  expect(shown()).toBe("Deleted");
});

test("who is on the way to it by keys has the time for that, and no other key keeps it", () => {
  const pressed = (key: string): boolean =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  showToast([["Booked", false]], { address: "/undo", version: 1 });
  for (let step = 0; step < 5; step += 1) {
    vi.advanceTimersByTime(5_000);
    pressed("Tab");
  }
  expect(shown()).toBe("Booked");
  document.querySelector(".toast")?.dispatchEvent(new Event("focusin"));
  pressed("Tab");
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBe("Booked");
  document.querySelector(".toast")?.dispatchEvent(new Event("focusout"));
  vi.advanceTimersByTime(5_000);
  pressed("a");
  vi.advanceTimersByTime(3_100);
  expect(shown()).toBeUndefined();
});

test("the end of one that another took the place of leaves that one as it is", () => {
  showToast([["First", false]], { address: "/undo", version: 1 });
  vi.advanceTimersByTime(5_000);
  showToast([["Second", false]], { address: "/undo", version: 2 });
  vi.advanceTimersByTime(4_000);
  document.body.innerHTML = PAGE;
  startToasts();
  expect(shown()).toBe("Second");
});
