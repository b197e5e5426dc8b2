// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { WatchButton, watchButton } from "../../src/pages/watch_button";

function button(symbol: string, word: string): string {
  return `<div id="watch" data-symbol="${symbol}"><form action="/watchlists/add/" data-part="one"><input name="symbol" value="${symbol}"><input name="next" value="/stocks/"><button>${word}</button></form></div>`;
}

describe("the button that watches", () => {
  let asked: string[];
  let answers: { [address: string]: Promise<Response> };
  let watch: WatchButton;
  let part: HTMLElement;

  beforeEach(() => {
    document.body.innerHTML = button("AAPL", "Watch");
    part = document.querySelector<HTMLElement>("#watch") ?? document.body;
    [asked, answers] = [[], {}];
    watch = new WatchButton(part, (address, options) => {
      asked.push(`${address} ${options?.body ?? ""}`.trim());
      return answers[`${address}`] ?? Promise.reject(new TypeError("offline"));
    });
  });

  const settled = (): Promise<void> => new Promise((later) => setTimeout(later, 5));

  test("sends its form and shows what came of it, keeping the focus", async () => {
    answers["/watchlists/add/"] = Promise.resolve(new Response(button("AAPL", "Watched")));
    const pressed = part.querySelector("button");
    pressed?.focus();
    part.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settled();
    expect(asked).toEqual(["/watchlists/add/ symbol=AAPL&next=%2Fwatchlists%2Fbutton%2F%3Fsymbol%3DAAPL"]);
    expect([pressed?.textContent, document.activeElement]).toEqual(["Watched", pressed]);
  });

  test("follows the symbol that the page shows, and an older answer never wins", async () => {
    let late: (answer: Response) => void = () => {};
    answers["/watchlists/button/?symbol=IBM"] = new Promise((answer) => {
      late = answer;
    });
    answers["/watchlists/button/?symbol=MSFT"] = Promise.resolve(new Response(button("MSFT", "Watched")));
    watch.open("IBM");
    watch.open("MSFT");
    await settled();
    late(new Response(button("IBM", "Watch")));
    await settled();
    expect([part.dataset["symbol"], part.textContent]).toEqual(["MSFT", "Watched"]);
    watch.open("MSFT");
    expect(asked.length).toBe(2);
  });

  test("what cannot be answered in place is sent as any form", async () => {
    let isSent = false;
    const form = part.querySelector("form");
    if (form !== null)
      form.submit = () => {
        isSent = true;
      };
    form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settled();
    expect(isSent).toBe(true);
  });

  test("is none where the page has none", () => {
    expect(watchButton()).toBeInstanceOf(WatchButton);
    document.body.innerHTML = "";
    expect(watchButton()).toBeNull();
  });
});
