// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, test, vi } from "vitest";

const PAGE = `<a id="add-transaction" href="#form">Add</a><div id="toasts"></div>
<dialog id="line"><form action="/book" data-read="/read"><input name="csrfmiddlewaretoken" value="token">
<button type="button" id="line-close"></button><input id="line-text" name="line"><p id="line-badges"></p><ul id="line-faults"></ul>
<div id="line-choices" hidden></div><output id="line-total"></output><a id="line-form" href="/new"></a>
<button type="submit" id="line-book"><span id="line-verb"></span></button></form></dialog>`;

function pressN(): void {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
}

const line = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#line");

let asked: string[] = [];
let startFastEntry: () => void;
let unhear: () => void;

beforeEach(async () => {
  // Keys of their own: those that an earlier test registered would open its line in this one.
  vi.resetModules();
  const { shortcuts } = await import("../../src/lib/shortcuts");
  ({ startFastEntry } = await import("../../src/pages/fast_entry_start"));
  const hear = (event: KeyboardEvent): void => shortcuts.pressed(event);
  document.addEventListener("keydown", hear);
  unhear = () => document.removeEventListener("keydown", hear);
  asked = [];
  sessionStorage.clear();
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response("{}");
  });
});

afterEach(() => {
  vi.doUnmock("../../src/pages/fast_entry");
  unhear();
  // What leaves a page with an open line keeps it for the next.
  line()?.close();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("N opens the line at once, and what is typed before its scripts are there is read and not sent", async () => {
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
});

test("where its scripts cannot be had what was typed goes to the form, and the next time they are asked for anew", async () => {
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
  // It is read a moment later, which is not to happen in the next test.
  await vi.waitFor(() => expect(asked).toHaveLength(1));
});

test("the form gets the line as it is, before the server has read it and after it was booked", () => {
  document.body.innerHTML = PAGE;
  startFastEntry();
  const [link, input] = [document.querySelector("#line-form"), document.querySelector<HTMLInputElement>("#line-text")];
  link?.addEventListener("click", (event) => event.preventDefault());
  const leadsTo = (line: string, way = "click"): string | null | undefined => {
    if (input !== null) input.value = line;
    link?.dispatchEvent(new Event(way, { cancelable: true }));
    return link?.getAttribute("href");
  };
  expect(leadsTo("buy 1")).toContain("/new?line=buy+1");
  expect(leadsTo("buy 1 X")).toContain("/new?line=buy+1+X");
  expect(leadsTo("")).toMatch(/\/new$/);
  // With the wheel, or from the menu, which open it elsewhere.
  expect(leadsTo("buy 2 X", "pointerdown")).toContain("/new?line=buy+2+X");
});

test("a page that is made anew has the line as it was, and one that is gone to has not", async () => {
  class Navigation {
    readonly type: string;
    constructor(type: string) {
      this.type = type;
    }
  }
  vi.stubGlobal("PerformanceNavigationTiming", Navigation);
  const navigated = vi.spyOn(performance, "getEntriesByType");
  const input = (): HTMLInputElement | null => document.querySelector<HTMLInputElement>("#line-text");
  const leave = (): boolean => window.dispatchEvent(new Event("pagehide"));
  const arrive = (how: string): void => {
    navigated.mockReturnValue([new Navigation(how) as unknown as PerformanceEntry]);
    // The one before is gone with its page.
    line()?.close();
    document.body.innerHTML = PAGE;
    startFastEntry();
  };
  arrive("navigate");
  pressN();
  if (input() !== null) (input() as HTMLInputElement).value = "buy 1 X";
  leave();
  arrive("reload");
  expect([line()?.open, input()?.value, input()?.selectionStart]).toEqual([true, "buy 1 X", 7]);
  // By the page before, too, whose line was open when it went.
  await vi.waitFor(() => expect(asked).toEqual(["/read?line=buy+1+X", "/read?line=buy+1+X"]));
  leave();
  arrive("navigate");
  expect([line()?.open, input()?.value]).toEqual([false, ""]);
  leave();
  arrive("reload");
  expect(line()?.open).toBe(false);
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
