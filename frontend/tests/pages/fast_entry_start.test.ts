// @vitest-environment happy-dom

import { afterEach, expect, test, vi } from "vitest";

import { shortcuts } from "../../src/lib/shortcuts";
import { startFastEntry } from "../../src/pages/fast_entry_start";

document.addEventListener("keydown", (event) => shortcuts.pressed(event));

const PAGE = `<a id="add-transaction" href="#form">Add</a><div id="toasts"></div>
<dialog id="line"><form action="/book" data-read="/read"><input name="csrfmiddlewaretoken" value="token">
<button type="button" id="line-close"></button><input id="line-text" name="line"><p id="line-badges"></p><ul id="line-faults"></ul>
<div id="line-choices" hidden></div><output id="line-total"></output><a id="line-form" href="/new"></a>
<button type="submit" id="line-book"><span id="line-verb"></span></button></form></dialog>`;

function pressN(): void {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
}

const line = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#line");

afterEach(() => document.body.replaceChildren());

test("N opens the line at once, and what is typed before its scripts are there is read and not sent", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response("{}");
  });
  document.body.innerHTML = PAGE;
  startFastEntry();
  pressN();
  expect(line()?.open).toBe(true);
  const input = document.querySelector<HTMLInputElement>("#line-text");
  expect(document.activeElement).toBe(input);
  if (input !== null) input.value = "buy 1 X";
  const sent = new Event("submit", { bubbles: true, cancelable: true });
  document.querySelector("form")?.dispatchEvent(sent);
  expect(sent.defaultPrevented).toBe(true);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toContain("buy+1+X");
  vi.unstubAllGlobals();
});

test("where its scripts cannot be had what was typed goes to the form, and the next time they are asked for anew", async () => {
  vi.resetModules();
  let isBroken = true;
  vi.doMock("../../src/pages/fast_entry", async (real) => {
    if (isBroken) throw new TypeError("gone");
    return real();
  });
  document.body.innerHTML = PAGE;
  startFastEntry();
  const [form, input] = [document.querySelector("#line-form"), document.querySelector<HTMLInputElement>("#line-text")];
  const followed = vi.fn((event: Event) => event.preventDefault());
  form?.addEventListener("click", followed);
  pressN();
  if (input !== null) input.value = "buy 1 X";
  await vi.waitFor(() => expect(followed).toHaveBeenCalledOnce());
  expect(form?.getAttribute("href")).toContain("/new?line=buy+1+X");
  document.querySelector<HTMLElement>("#line-close")?.click();
  expect(line()?.open).toBe(false);
  isBroken = false;
  pressN();
  await vi.waitFor(() => expect(document.querySelector("#line-verb")?.textContent).toBe("Book"));
  vi.doUnmock("../../src/pages/fast_entry");
});

test("where a page has no line N follows the link to the form", () => {
  document.body.innerHTML = `<a id="add-transaction" href="#form">Add</a>`;
  const followed = vi.fn();
  document.querySelector("a")?.addEventListener("click", followed);
  startFastEntry();
  pressN();
  expect(followed).toHaveBeenCalledOnce();
});

test("where a page has neither N does nothing", () => {
  startFastEntry();
  pressN();
  expect(line()).toBeNull();
});
