// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shortcuts } from "../../src/lib/shortcuts";
import { FastEntry } from "../../src/pages/fast_entry";
import { EMPTY, readingOf } from "../../src/pages/fast_entry_reading";

document.addEventListener("keydown", (event) => shortcuts.pressed(event));

const PAGE = `<a id="add-transaction" href="#form">Add</a><div id="toasts"></div>
<dialog id="line"><form action="/book" data-read="/read"><input name="csrfmiddlewaretoken" value="token">
<button type="button" id="line-close"></button><input id="line-text" name="line"><p id="line-badges"></p><ul id="line-faults"></ul>
<div id="line-choices" hidden></div><output id="line-total"></output><a id="line-form" href="/new"></a>
<button type="submit" id="line-book"><span id="line-verb"></span></button></form></dialog>`;
const BADGE = { text: "Buy", state: "read", hint: "", put: "", is_private: false };
const READY = {
  badges: [BADGE],
  pieces: [],
  choices: [],
  named: null,
  total: "−5.00 USD",
  ready: true,
  price: "5",
  rate: "",
};

describe("a transaction in one line", () => {
  let asked: { readonly address: string; readonly body: FormData | null }[];
  let answers: (readonly [number, unknown])[];
  let input: HTMLInputElement;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = PAGE;
    asked = [];
    answers = [];
    vi.stubGlobal("fetch", async (address: string, options: { body?: FormData } = {}) => {
      asked.push({ address, body: options.body ?? null });
      const [status, answer] = answers.shift() ?? [200, READY];
      return new Response(JSON.stringify(answer), { status });
    });
    const opened = dialog();
    if (opened !== null) {
      new FastEntry(opened);
      opened.showModal();
    }
    input = document.querySelector<HTMLInputElement>("#line-text") ?? document.createElement("input");
  });
  afterEach(() => {
    sessionStorage.clear();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#line");
  const bookButton = (): string | null | undefined =>
    document.querySelector("#line-book")?.getAttribute("aria-disabled");
  const shown = (id: string): string[] =>
    [...(document.querySelector(id)?.children ?? [])].map((each) => each.textContent ?? "");

  function press(target: EventTarget, key: string, options: KeyboardEventInit = {}): void {
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
  }

  async function type(text: string): Promise<void> {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(200);
  }

  test("what the server reads stands under it", async () => {
    expect(dialog()?.open).toBe(true);
    await type("buy 1 X");
    expect(asked[0]?.address).toBe("/read?line=buy+1+X");
    expect([shown("#line-badges"), bookButton()]).toEqual([["Buy"], "false"]);
    expect(document.querySelector("#line-total")?.textContent).toBe("−5.00 USD");
  });

  test("Enter books what was shown with what was suggested, and the toast has the way back", async () => {
    await type("buy 1 X");
    answers = [
      [
        200,
        {
          pieces: [
            ["Booked: Buy ", false],
            ["1", true],
            [" X", false],
          ],
          undo: "/undo",
          version: 1,
        },
      ],
    ];
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    const sent = asked[1]?.body;
    expect([sent?.get("line"), sent?.get("price"), `${sent?.get("key")}`.length]).toEqual(["buy 1 X", "5", 36]);
    expect([dialog()?.open, input.value]).toEqual([false, ""]);
    expect(document.querySelector(".toast span")?.textContent).toBe("Booked: Buy 1 X");
    expect(document.querySelector(".toast .amount")?.textContent).toBe("1");
    expect(document.querySelector<HTMLFormElement>(".toast form")?.getAttribute("action")).toBe("/undo");
  });

  test("Shift and Enter keeps it open, and the next transaction has a key of its own", async () => {
    for (const text of ["buy 1 X", "buy 2 X"]) {
      await type(text);
      answers = [[200, { pieces: [[text, false]], undo: "", version: 1 }]];
      press(input, "Enter", { shiftKey: true });
      await vi.advanceTimersByTimeAsync(0);
      expect(dialog()?.open).toBe(true);
    }
    const keys = asked.flatMap(({ body }) => (body === null ? [] : [body.get("key")]));
    expect(new Set(keys).size).toBe(2);
  });

  test("what is wrong is said and nothing is sent", async () => {
    const wrong = {
      ...READY,
      ready: false,
      badges: [{ ...BADGE, text: "0", state: "fault" }],
      pieces: [
        [
          ["Expected ", false],
          ["more", true],
          [".", false],
        ],
      ],
    };
    answers = [
      [200, wrong],
      [200, wrong],
    ];
    await type("buy 0 X");
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    expect([shown("#line-faults"), bookButton()]).toEqual([["Expected more."], "true"]);
    expect(asked.filter(({ body }) => body !== null)).toEqual([]);
    expect(document.querySelector("#line-badges")?.textContent).toBe("wrong: 0");
  });

  test("who is quicker than the answer books what stands there and nothing older", async () => {
    await type("buy 1 X");
    input.value = "buy 12 X";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    answers = [
      [200, READY],
      [200, { pieces: [["Booked", false]], undo: "", version: 1 }],
    ];
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.map(({ address, body }) => body?.get("line") ?? address)).toEqual([
      "/read?line=buy+1+X",
      "/read?line=buy+12+X",
      "buy 12 X",
    ]);
  });

  test("what is asked about is booked by a second Enter, and a line that is changed is asked about anew", async () => {
    const asks = { ...READY, notes: ["The price is far from the market’s."], anyway: "sign" };
    await type("buy 1 X");
    answers = [[422, asks]];
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    expect(shown("#line-faults")).toEqual(["The price is far from the market’s."]);
    expect(document.querySelector("#line-verb")?.textContent).toBe("Book it anyway");
    answers = [[200, { pieces: [["Booked", false]], undo: "", version: 1 }]];
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(({ body }) => body?.get("anyway")).slice(-2)).toEqual(["", "sign"]);
    expect(document.querySelector("#line-verb")?.textContent).toBe("Book");
    await type("buy 1 X");
    answers = [[422, asks]];
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    await type("buy 2 X");
    expect(document.querySelector("#line-verb")?.textContent).toBe("Book");
  });

  test("the arrows and Enter put one of several instruments in the place of what names them", async () => {
    const choice = { symbol: "AAPL", name: "Apple", venue: "Nasdaq", currency: "USD", put: "AAPL" };
    answers = [
      [200, { ...READY, ready: false, choices: [{ ...choice, symbol: "APLE", put: "APLE" }, choice], named: [6, 10] }],
    ];
    await type("buy 💶 appl at 5");
    press(input, "ArrowDown");
    press(input, "Enter");
    await vi.advanceTimersByTimeAsync(0);
    expect(input.value).toBe("buy 💶 AAPL at 5");
  });

  test("what was to choose from for an older text is put in no newer one", async () => {
    const choice = { symbol: "AAPL", name: "Apple Inc.", venue: "Nasdaq", currency: "USD", put: "AAPL" };
    const unsure = { ...READY, ready: false, choices: [choice], named: [6, 7] };
    answers = [
      [200, unsure],
      [200, { ...unsure, named: [6, 8] }],
    ];
    await type("buy 2 o");
    input.value = "buy 2 oo";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    press(input, "Enter");
    expect(input.value).toBe("buy 2 oo");
    await vi.advanceTimersByTimeAsync(200);
    press(input, "Enter");
    expect(input.value).toBe("buy 2 AAPL");
  });

  test("the arrow to the right takes a suggestion into the line", async () => {
    answers = [[200, { ...READY, badges: [{ ...BADGE, text: "5 USD", state: "suggested", put: "at 5" }] }]];
    await type("buy 1 X");
    input.setSelectionRange(7, 7);
    press(input, "ArrowRight");
    await vi.advanceTimersByTimeAsync(0);
    expect(input.value).toBe("buy 1 X at 5");
  });

  test("an outage is said, and what was typed stays", async () => {
    answers = [[500, {}]];
    await type("buy 1 X");
    expect(shown("#line-faults")).toEqual(["The server did not answer. Nothing is lost: type on, or try again."]);
    expect(input.value).toBe("buy 1 X");
  });
});

test("an answer is looked at before it is believed", () => {
  expect(readingOf({})).toEqual(EMPTY);
  expect(readingOf(READY).ready).toBe(true);
  expect(() => readingOf("a text")).toThrow();
  expect(() => readingOf({ badges: [{ text: 1 }] })).toThrow();
});
