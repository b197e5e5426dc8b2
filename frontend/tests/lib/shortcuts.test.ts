// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { hasSingleKeys, Shortcuts, setSingleKeys, toldKeys } from "../../src/lib/shortcuts";

const group = "On this page";
let done: string[] = [];
let keys = new Shortcuts();

function press(key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  done = [];
  keys = new Shortcuts();
  setSingleKeys(true);
  document.body.innerHTML = `<input id="field"><dialog id="sheet"></dialog>`;
  document.body.onkeydown = (event) => keys.pressed(event);
  const does = (name: string) => ({ does: name, group, run: () => done.push(name) }) as const;
  keys.register(
    { keys: ["n"], ...does("new") },
    { keys: ["shift+p"], ...does("hide") },
    { keys: ["g", "h"], ...does("home") },
    { keys: ["h"], ...does("h alone") },
    { keys: [], told: "← or →", does: "told only", group },
  );
});

test("a key does what it is registered for, and is not left to the browser", () => {
  expect(press("n").defaultPrevented).toBe(true);
  press("N");
  press("P", { shiftKey: true });
  expect(press("p").defaultPrevented).toBe(false);
  expect(done).toEqual(["new", "new", "hide"]);
});

test("two keys, one after the other, go where they lead; the first alone does nothing", () => {
  press("g");
  expect(done).toEqual([]);
  press("h");
  press("h");
  expect(done).toEqual(["home", "h alone"]);
});

test("a second key that leads nowhere is taken for what it is alone", () => {
  press("g");
  press("n");
  expect(done).toEqual(["new"]);
});

test("the field of a dialog that has just closed is not typed in any more, though it still has the focus", () => {
  const field = document.createElement("input");
  document.querySelector("#sheet")?.append(field);
  document.querySelector("#sheet")?.setAttribute("open", "");
  press("n", {}, field);
  expect(done).toEqual([]);
  document.querySelector("#sheet")?.removeAttribute("open");
  press("n", {}, field);
  expect(done).toEqual(["new"]);
});

test("nothing is done while somebody types, with Ctrl, in a dialog, by a key that is held, or where keys are off", () => {
  press("n", {}, document.querySelector("#field") ?? document.body);
  press("n", { ctrlKey: true });
  press("n", { repeat: true });
  document.querySelector("#sheet")?.setAttribute("open", "");
  press("n");
  document.querySelector("#sheet")?.removeAttribute("open");
  setSingleKeys(false);
  expect(hasSingleKeys()).toBe(false);
  press("n");
  expect(done).toEqual([]);
});

test("what is registered later is nearer to the page, and stands in the list in place of the other", () => {
  const stop = keys.register({ keys: ["n"], does: "newer", group, run: () => done.push("newer") });
  press("n");
  expect(keys.all.filter((each) => each.keys[0] === "n").map((each) => each.does)).toEqual(["newer"]);
  stop();
  press("n");
  expect(done).toEqual(["newer", "new"]);
});

test("keys are told as they stand on the keyboard", () => {
  expect(keys.all.map(toldKeys)).toEqual(["N", "Shift P", "G then H", "H", "← or →"]);
});
