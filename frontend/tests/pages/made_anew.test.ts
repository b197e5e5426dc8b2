// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { makeAnew } from "../../src/pages/made_anew";

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
  expect(reload).toHaveBeenCalledTimes(2);
});
