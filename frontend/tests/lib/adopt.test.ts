// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { adopt } from "../../src/lib/adopt";

let here: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = '<main id="page"></main>';
  here = document.querySelector("#page") as HTMLElement;
});

function say(before: string, after: string): void {
  here.innerHTML = before;
  take(after);
}

function take(after: string): void {
  const fresh = new DOMParser().parseFromString(`<main id="page">${after}</main>`, "text/html");
  adopt(here, fresh.querySelector("#page") as Element);
}

function at(selector: string): HTMLElement {
  return here.querySelector(selector) as HTMLElement;
}

test.each([
  ["<p>1</p>", "<p>2</p>"],
  ["<p>1</p>", "<p>1</p><p>2</p>"],
  ["<p>1</p><p>2</p><b>x</b>", "<b>x</b>"],
  ["text", "<i>text</i> and <b>more</b>"],
  ['<p class="up num" title="x">1</p>', '<p class="down num">−1</p>'],
  ["<ul><li>1</li></ul>", "<ol><li>1</li></ol>"],
  ['<p id="a">1</p><p id="b">2</p>', '<p id="b">3</p><p id="c">4</p><p id="a">5</p>'],
  ['<p>no key</p><p id="a">1</p>', '<p id="a">2</p><p>no key</p>'],
])("%s becomes %s", (before, after) => {
  say(before, after);
  expect(here.innerHTML).toBe(after);
});

test("the text of a figure stays the same node", () => {
  here.innerHTML = '<span id="twr">+1.00 %</span>';
  const text = at("#twr").firstChild as Text;
  take('<span id="twr">+2.00 %</span>');
  expect(at("#twr").firstChild).toBe(text);
  text.data = "+3.00 %";
  expect(here.textContent).toBe("+3.00 %");
});

test("focus and a scrolled box stay where they are", () => {
  here.innerHTML = '<div class="scroll-x"><a href="?a">A</a></div>';
  at("a").focus();
  at("div").scrollLeft = 40;
  take('<p>new</p><div class="scroll-x"><a href="?b">B</a></div>');
  take('<p>new</p><div class="scroll-x"><a href="?c">C</a></div>');
  expect(at("a").getAttribute("href")).toBe("?c");
});

test("a row that changed its place keeps the focus", () => {
  here.innerHTML = '<p data-part="A"><a>A</a></p><p data-part="B"><a>B</a></p>';
  const link = at('[data-part="A"] a');
  link.tabIndex = 0;
  link.focus();
  take('<p data-part="B"><a>B</a></p><p data-part="A"><a tabindex="0">A</a></p>');
  expect(here.textContent).toBe("BA");
  expect(document.activeElement).toBe(link);
});

test("a disclosure stays open, a tint goes on, and what belongs to the scripts is left alone", () => {
  here.innerHTML = '<details open=""><summary>x</summary></details><b data-tick="up">1</b><i data-own="">drawn</i>';
  take('<details><summary>y</summary></details><b>2</b><i data-own=""></i>');
  expect(here.innerHTML).toBe(
    '<details open=""><summary>y</summary></details><b data-tick="up">2</b><i data-own="">drawn</i>',
  );
});

test("what somebody has typed stays", () => {
  here.innerHTML = '<input value="1">';
  const field = at("input") as HTMLInputElement;
  field.value = "typed";
  take('<input value="2">');
  expect(field.value).toBe("typed");
});
