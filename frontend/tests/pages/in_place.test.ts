// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { InPlace } from "../../src/pages/in_place";

interface Sent {
  readonly address: string;
  readonly body: string;
}

function page(version: number, rows: string, toast = "", list = "one"): string {
  const said = toast === "" ? "" : `<div class="toast"><span>${toast}</span></div>`;
  return `<div id="part" data-list="${list}" data-version="${version}"><ul>${rows}</ul></div><div id="toasts">${said}</div>`;
}

describe("forms that are answered in place", () => {
  let sent: Sent[];
  let answers: (() => Promise<Response>)[];
  let opened: string[];
  let taken: number;
  let failed: string[];
  let isHeld: boolean;
  let inPlace: InPlace;
  let part: HTMLElement;

  beforeEach(() => {
    document.body.innerHTML = page(1, `<li id="a">AAPL</li>`);
    part = document.querySelector<HTMLElement>("#part") ?? document.body;
    [sent, answers, opened, taken, failed, isHeld] = [[], [], [], 0, [], false];
    inPlace = new InPlace({
      part,
      onTaken: () => {
        taken += 1;
      },
      onFailed: (why) => failed.push(why),
      isHeld: () => isHeld,
      around: {
        fetch: (address, { body }) => {
          sent.push({ address, body: `${body}` });
          return (answers.shift() ?? (() => Promise.reject(new TypeError("offline"))))();
        },
        open: (address) => opened.push(address),
      },
    });
  });

  const answer =
    (text: string, parts: { status?: number; redirected?: boolean; url?: string } = {}) =>
    async (): Promise<Response> => {
      const made = new Response(text, { status: parts.status ?? 200 });
      Object.defineProperty(made, "redirected", { value: parts.redirected ?? false });
      Object.defineProperty(made, "url", { value: parts.url ?? "" });
      return made;
    };

  function fields(symbol: string): FormData {
    const made = new FormData();
    made.set("symbol", symbol);
    return made;
  }

  test("the answer is taken over, and what stays is the same element", async () => {
    const kept = document.querySelector("#a");
    answers.push(answer(page(2, `<li id="b">IBM</li><li id="a">AAPL</li>`, "Added IBM."), { redirected: true }));
    await inPlace.send("/watchlists/add/", fields("IBM"));
    expect(sent).toEqual([{ address: "/watchlists/add/", body: "symbol=IBM" }]);
    expect(part.textContent).toBe("IBMAAPL");
    expect([document.querySelector("#a"), part.dataset["version"], taken]).toEqual([kept, "2", 1]);
    expect(document.querySelector("#toasts")?.textContent).toBe("Added IBM.");
  });

  test("a marked form is sent so, and so is the way back of a toast", async () => {
    inPlace.listen();
    part.innerHTML = `<form action="/in/" data-in-place><input name="x" value="1"></form><form action="/away/"></form>`;
    answers.push(answer(page(2, "")));
    const submit = (form: Element | null): boolean | undefined =>
      form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    expect(submit(document.querySelector("[action='/away/']"))).toBe(true);
    expect(submit(document.querySelector("[action='/in/']"))).toBe(false);
    await inPlace.send("/next/", fields("A"));
    expect(sent.map(({ address, body }) => `${address} ${body}`)).toEqual(["/in/ x=1", "/next/ symbol=A"]);
  });

  test("one is sent after the other, each with the version that the one before brought", async () => {
    const versions: (string | undefined)[] = [];
    answers.push(answer(page(2, `<li id="a">two</li>`)), answer(page(3, `<li id="a">three</li>`)));
    const of = (): FormData => {
      versions.push(part.dataset["version"]);
      return fields("A");
    };
    const first = inPlace.send("/order/", of);
    const second = inPlace.send("/order/", of);
    expect(inPlace.isBusy).toBe(true);
    await Promise.all([first, second]);
    expect([versions, part.textContent, taken, inPlace.isBusy]).toEqual([["1", "2"], "three", 1, false]);
  });

  test("a refusal that comes with the page is taken over like any answer", async () => {
    answers.push(answer(page(5, `<li id="a">changed meanwhile</li>`), { status: 409 }));
    await inPlace.send("/order/", fields("A"));
    expect([part.textContent, part.dataset["version"], taken]).toEqual(["changed meanwhile", "5", 1]);
  });

  test("what leads to another page is opened whole", async () => {
    answers.push(answer("<form id='sign-in'></form>", { redirected: true, url: "/sign-in/" }));
    await inPlace.send("/order/", fields("A"));
    answers.push(answer(page(1, "", "", "two"), { redirected: true, url: "/watchlists/two/" }));
    await inPlace.send("/delete/", fields("A"));
    answers.push(answer("gone", { status: 404 }));
    await inPlace.send("/order/", fields("A"));
    expect([opened, taken]).toEqual([["/sign-in/", "/watchlists/two/", "/watchlists/"], 0]);
  });

  test("without an answer, or with one that cannot be read, that is said and nothing changes", async () => {
    await inPlace.send("/order/", fields("A"));
    answers.push(answer("broken", { status: 500 }));
    await inPlace.send("/order/", fields("A"));
    expect(failed).toEqual([
      "The server cannot be reached right now. Try again in a moment.",
      "The server answered 500. Reload the page and look what is there.",
    ]);
    expect([part.textContent, taken]).toEqual(["AAPL", 0]);
  });

  test("what somebody has in hand is not changed under them", async () => {
    isHeld = true;
    answers.push(answer(page(2, `<li id="a">new</li>`)));
    const sending = inPlace.send("/order/", fields("A"));
    await new Promise((later) => setTimeout(later, 30));
    expect(part.textContent).toBe("AAPL");
    isHeld = false;
    await sending;
    expect(part.textContent).toBe("new");
  });
});
