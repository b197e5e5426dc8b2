// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeAnew } from "../../src/pages/made_anew";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a page is made anew at once, and once only after a dialog in which somebody types", () => {
  const reload = vi.fn();
  document.body.innerHTML = "";
  makeAnew(reload);
  expect(reload).toHaveBeenCalledTimes(1);
  document.body.innerHTML = "<dialog></dialog>";
  const dialog = document.querySelector("dialog");
  dialog?.showModal();
  makeAnew(reload);
  expect(reload).toHaveBeenCalledTimes(1);
  dialog?.close();
  vi.runAllTimers();
  expect(reload).toHaveBeenCalledTimes(2);
});

test("who opens the dialog again soon after is not disturbed either", () => {
  const reload = vi.fn();
  document.body.innerHTML = "<dialog></dialog>";
  const dialog = document.querySelector("dialog");
  dialog?.showModal();
  makeAnew(reload);
  dialog?.close();
  vi.advanceTimersByTime(500);
  dialog?.showModal();
  vi.runAllTimers();
  expect(reload).not.toHaveBeenCalled();
  dialog?.close();
  vi.runAllTimers();
  expect(reload).toHaveBeenCalledTimes(1);
});
