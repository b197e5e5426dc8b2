// @vitest-environment happy-dom
import { beforeAll, beforeEach, expect, test } from "vitest";
import { Selection } from "../../src/pages/selection";

const ROW = (id: string): string =>
  `<tr data-id="${id}"><td><input type="checkbox" name="chosen" value="${id}:1"></td><th><a class="row-link" href="#${id}">${id}</a></th></tr>`;
const LEDGER = `<section id="ledger"><table><thead><tr><th><input type="checkbox" id="pick-all"></th></tr></thead><tbody>${["a", "b", "c", "d"].map(ROW).join("")}</tbody></table></section>`;

beforeAll(() => {
  document.body.innerHTML = `${LEDGER}<form id="bulk"><strong id="bulk-count"></strong>
<select name="kind"><option value="move">Move</option><option value="fee">Fee</option></select>
<span data-for="move"></span><span data-for="note_append fee"></span><button type="button" id="bulk-clear"></button></form>`;
  new Selection().start();
});
beforeEach(() => document.getElementById("bulk-clear")?.click());

const box = (id: string): HTMLInputElement | null => document.querySelector(`[value="${id}:1"]`);
const chosen = (): string[] =>
  [...document.querySelectorAll<HTMLInputElement>("[name=chosen]:checked")].map(({ value }) => value.slice(0, 1));
const bar = (): string | undefined => document.querySelector<HTMLElement>("#bulk")?.dataset["chosen"];

function click(id: string, shiftKey = false): void {
  box(id)?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey }));
}

function press(key: string, id: string, shiftKey = false): void {
  const row = document.querySelector(`[href="#${id}"]`) ?? document.body;
  row.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, shiftKey }));
}

test("boxes select rows, and with Shift all between them", () => {
  click("b");
  click("d", true);
  expect([chosen(), bar()]).toEqual([["b", "c", "d"], "3"]);
  expect(document.getElementById("bulk-count")?.textContent).toBe("3 selected");
  expect(box("b")?.closest("tr")?.getAttribute("aria-selected")).toBe("true");
  click("c");
  expect(chosen()).toEqual(["b", "d"]);
});

test("Space on a row selects it, with Shift a range, and Escape lets all go", () => {
  press(" ", "a");
  press(" ", "c", true);
  expect(chosen()).toEqual(["a", "b", "c"]);
  press("Escape", "c");
  expect([chosen(), bar()]).toEqual([[], undefined]);
});

test("the box above selects all of the page, and says where some are", () => {
  const all = document.querySelector<HTMLInputElement>("#pick-all");
  all?.click();
  expect(chosen()).toEqual(["a", "b", "c", "d"]);
  click("a");
  expect([all?.checked, all?.indeterminate]).toEqual([false, true]);
});

test("the bar has the fields of what is to be done, and counts anew when the list was exchanged", () => {
  const fields = (): boolean[] =>
    [...document.querySelectorAll<HTMLElement>("[data-for]")].map(({ hidden }) => hidden === true);
  expect(fields()).toEqual([false, true]);
  const kind = document.querySelector("select");
  if (kind !== null) kind.value = "fee";
  kind?.dispatchEvent(new Event("change", { bubbles: true }));
  expect(fields()).toEqual([true, false]);
  click("a");
  const row = document.querySelector("[data-id=a]");
  row?.remove();
  document.dispatchEvent(new Event("ledgerexchange"));
  expect(bar()).toBeUndefined();
  if (row !== null) document.querySelector("tbody")?.prepend(row);
});
