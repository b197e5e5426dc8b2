// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { RefreshedPart } from "../../src/pages/refreshed_part";

const said: [string, boolean][] = [];
let now = 0;
let reloads = 0;

function part(): HTMLElement {
  const found = document.getElementById("feeds-now");
  if (found === null) throw new Error("no part");
  return found;
}

function markup(state: string, quotes: string): string {
  return `<div id="feeds-now" data-refresh="/operator/feeds/?part=now"><b>${state}</b>
    <details id="refused"><summary>Refused</summary>none</details><button type="button">${quotes}</button></div>`;
}

function refreshed(fetch: (address: string) => Promise<Response>): RefreshedPart {
  const say = (text: string, isLate: boolean): void => {
    said.push([text, isLate]);
  };
  return new RefreshedPart(part(), say, { fetch, now: () => now, reload: () => reloads++ });
}

function answer(text: string, options: { status?: number; redirected?: boolean } = {}): Promise<Response> {
  const response = new Response(text, { status: options.status ?? 200 });
  Object.defineProperty(response, "redirected", { value: options.redirected ?? false });
  return Promise.resolve(response);
}

beforeEach(() => {
  said.length = 0;
  now = 0;
  reloads = 0;
  document.body.innerHTML = markup("Live", "12");
});

test("what is new is taken over in place: focus and an open disclosure stay", async () => {
  const details = document.querySelector("details");
  const button = document.querySelector("button");
  details?.setAttribute("open", "");
  button?.focus();
  await refreshed(() => answer(markup("Stale", "13"))).ask();
  expect(document.querySelector("b")?.textContent).toBe("Stale");
  expect(document.querySelector("details")).toBe(details);
  expect(details?.hasAttribute("open")).toBe(true);
  expect(document.activeElement).toBe(button);
  expect(button?.textContent).toBe("13");
});

test("it asks its own address every three seconds, and says in between how old it is", async () => {
  const fetch = vi.fn(() => answer(markup("Live", "12")));
  const looked = refreshed(fetch);
  for (now = 1_000; now <= 3_000; now += 1_000) looked.look();
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fetch.mock.calls[0]?.at(0)).toBe("/operator/feeds/?part=now");
  expect(said.map(([text]) => text)).toEqual(["Refreshed 1 s ago", "Refreshed 2 s ago", "Refreshed 3 s ago"]);
  await vi.waitFor(() => expect(said.at(-1)).toEqual(["Refreshed 0 s ago", false]));
});

test.each([
  ["no answer", () => Promise.reject(new TypeError("offline")), "the server does not answer"],
  ["an error", () => answer("broken", { status: 503 }), "the server answered 503"],
  ["something else", () => answer("<p>a proxy’s page</p>"), "the server answered something else"],
])("after %s it stays as it is, and says so once it is old", async (_what, fetch, reason) => {
  const looked = refreshed(fetch);
  now = 3_000;
  await looked.ask();
  expect(said.at(-1)).toEqual(["Refreshed 3 s ago", false]);
  now = 20_000;
  await looked.ask();
  expect(said.at(-1)).toEqual([`Not refreshed for 20 s: ${reason}`, true]);
  expect(document.querySelector("b")?.textContent).toBe("Live");
});

test.each([{ status: 404 }, { status: 403 }, { redirected: true }])(
  "%o is another page, which is loaded",
  async (options) => {
    await refreshed(() => answer("<h1>Sign in</h1>", options)).ask();
    expect(reloads).toBe(1);
    expect(document.querySelector("b")?.textContent).toBe("Live");
  },
);

test("it asks once at a time, and never for a part that is gone", async () => {
  const fetch = vi.fn(() => new Promise<Response>(() => {}));
  const looked = refreshed(fetch);
  void looked.ask();
  void looked.ask();
  expect(fetch).toHaveBeenCalledTimes(1);
  part().remove();
  now = 60_000;
  looked.look();
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(said).toEqual([]);
});
