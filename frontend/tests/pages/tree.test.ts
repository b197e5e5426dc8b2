// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { startTree } from "../../src/pages/tree";

const MARKUP = `
<ul id="tree" class="tree">
  <li data-path="0"><details><summary class="tree-row"><span class="tree-name">AAPL</span></summary>
    <ul class="tree"><li data-path="0.0"><div class="tree-row">Quantity</div></li><li data-path="0.1"><div class="tree-row">Price
      <span class="formula"><a href="#deeper">What is below</a></span></div></li></ul></details></li>
  <li data-path="1"><div class="tree-row">Cash</div></li>
</ul>`;

function item(path: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-path="${path}"] .tree-row`);
  if (found === null) throw new Error(path);
  return found;
}

function press(...keys: string[]): void {
  for (const key of keys) {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}

beforeEach(() => {
  document.body.innerHTML = MARKUP;
  const tree = document.querySelector<HTMLElement>("#tree");
  if (tree !== null) startTree(tree);
  item("0").focus();
});

test("lines are the items of a tree, each with its level", () => {
  expect(document.querySelector("#tree")?.getAttribute("role")).toBe("tree");
  expect(item("0").getAttribute("role")).toBe("treeitem");
  expect([item("0"), item("0.1")].map((each) => each.getAttribute("aria-level"))).toEqual(["1", "2"]);
  expect(item("0").getAttribute("aria-expanded")).toBe("false");
  expect(item("1").hasAttribute("aria-expanded")).toBe(false);
});

test("right opens and goes in, left folds and goes out", () => {
  press("ArrowRight");
  expect(item("0").parentElement?.hasAttribute("open")).toBe(true);
  press("ArrowRight");
  expect(document.activeElement).toBe(item("0.0"));
  press("ArrowDown");
  expect(document.activeElement).toBe(item("0.1"));
  press("ArrowLeft");
  expect(document.activeElement).toBe(item("0"));
  press("ArrowLeft");
  expect(item("0").parentElement?.hasAttribute("open")).toBe(false);
});

test("what is folded is passed over, and the ends are a key away", () => {
  press("ArrowDown");
  expect(document.activeElement).toBe(item("1"));
  press("ArrowDown");
  expect(document.activeElement).toBe(item("1"));
  press("Home");
  expect(document.activeElement).toBe(item("0"));
  press("End");
  expect(document.activeElement).toBe(item("1"));
  press("ArrowUp");
  expect(document.activeElement).toBe(item("0"));
});

test("enter opens a line, and on one without a branch follows its link", () => {
  press("Enter", "ArrowRight", "ArrowDown");
  press("Enter");
  expect(location.hash).toBe("#deeper");
});

test("only one line at a time is in the order of tabs, and other keys mean nothing", () => {
  press("ArrowDown", "x");
  expect(document.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  expect(item("1").tabIndex).toBe(0);
});
