// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Found } from "../../src/pages/listed";
import { Search } from "../../src/pages/search";
import { Spoken } from "../../src/pages/spoken";

const FORM = `<form id="search"><input id="symbol-input"><button type="submit">Show</button>
<p id="search-error" hidden><span id="search-error-text"></span></p><div id="suggestions" role="listbox" hidden></div></form>`;
const LISTED = [
  { symbol: "AAPL", name: "Apple" },
  { symbol: "IBM", name: "International Business Machines" },
];

describe("the search field", () => {
  let input: HTMLInputElement;
  let asked: string[];
  let problem: string;
  let found: readonly Found[];
  let search: Search;

  beforeEach(() => {
    document.body.innerHTML = FORM;
    asked = [];
    problem = "";
    found = [];
    search = new Search({
      matching: (typed) => LISTED.filter(({ symbol }) => symbol.startsWith(typed.toUpperCase())),
      find: async () => found,
      quote: () => ({ price: "534.50", change: "+0.78 %", direction: "up" }),
      onSubmit: async (symbol) => {
        asked.push(symbol);
        return problem;
      },
    });
    input = document.querySelector("input") ?? new HTMLInputElement();
  });

  function type(text: string): void {
    input.value = text;
    input.dispatchEvent(new Event("input"));
  }

  async function submit(): Promise<void> {
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await Promise.resolve();
    await Promise.resolve();
  }

  const options = (): string[] => [...document.querySelectorAll("[role=option]")].map((each) => each.id);
  const error = (): string => document.querySelector("#search-error:not([hidden])")?.textContent?.trim() ?? "";

  test("typing suggests what matches, the first one chosen", () => {
    type("a");
    expect(options()).toEqual(["suggestion-0"]);
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(input.getAttribute("aria-activedescendant")).toBe("suggestion-0");
  });

  test("Enter takes the chosen suggestion", async () => {
    type("ib");
    await submit();
    expect(asked).toEqual(["IBM"]);
    expect(options()).toEqual([]);
  });

  test("a symbol that nothing matches is asked for as typed, in capitals", async () => {
    type(" xxxx ");
    await submit();
    expect(asked).toEqual(["XXXX"]);
  });

  test("a refusal stands below the field, and what was typed is kept", async () => {
    problem = "No instrument has the symbol XXXX.";
    type("xxxx");
    await submit();
    expect([error(), input.value, input.getAttribute("aria-invalid")]).toEqual([problem, "xxxx", "true"]);
    type("xxx");
    expect([error(), input.hasAttribute("aria-invalid")]).toEqual(["", false]);
  });

  test("nothing typed is answered with what to do", async () => {
    type("  ");
    await submit();
    expect(asked).toEqual([]);
    expect(error()).toBe("Type a symbol, or pick one of the list.");
  });

  test("Escape closes the suggestions, and then brings back the symbol that the page shows", async () => {
    search.fill("IBM");
    const pressEscape = (): boolean => input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    type("a");
    pressEscape();
    expect([options(), input.value]).toEqual([[], "a"]);
    pressEscape();
    expect(input.value).toBe("IBM");
    problem = "No instrument has the symbol XXXX.";
    type("xxxx");
    await submit();
    pressEscape();
    expect([input.value, error()]).toEqual(["IBM", ""]);
  });

  describe("what the server finds besides", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());
    const listed = (symbol: string): Found => ({ symbol, name: `${symbol} plc`, venue: "London", unit: "GBp" });
    const told = (): (string | null)[] =>
      [...document.querySelectorAll("[role=option]")].map((each) => each.textContent);

    async function typeAndWait(text: string): Promise<void> {
      input.focus();
      type(text);
      await vi.advanceTimersByTimeAsync(200);
    }

    test("stands below what the page lists, with its exchange and unit, each once", async () => {
      found = [listed("AAPL"), listed("AAL.L")];
      await typeAndWait("aa");
      expect(told()).toEqual(["AAPLApple534.50+0.78 %", "AAL.LAAL.L plcLondonGBp"]);
      expect(options()).toEqual(["suggestion-0", "suggestion-1"]);
      expect(input.getAttribute("aria-activedescendant")).toBe("suggestion-0");
    });

    test("is chosen first where it is the very symbol", async () => {
      found = [listed("A")];
      await typeAndWait("a");
      expect(told()[0]).toBe("AA plcLondonGBp");
      await submit();
      expect(asked).toEqual(["A"]);
    });

    test("takes nothing from whoever has gone on with the arrows", async () => {
      found = [listed("I")];
      input.focus();
      type("i");
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", cancelable: true }));
      await vi.advanceTimersByTimeAsync(200);
      expect(told().length).toBe(2);
      await submit();
      expect(asked).toEqual(["IBM"]);
    });

    test("is not shown where something else is typed by then, nor after leaving", async () => {
      found = [listed("AAL.L")];
      await typeAndWait("aa");
      input.blur();
      expect(told()).toEqual([]);
      input.focus();
      type("aa");
      input.value = "zz";
      await vi.advanceTimersByTimeAsync(200);
      expect(told()).toEqual(["AAPLApple534.50+0.78 %"]);
    });
  });

  test("another symbol clears the complaint", async () => {
    problem = "No instrument has the symbol XXXX.";
    type("xxxx");
    await submit();
    search.fill("IBM");
    expect([error(), input.value]).toEqual(["", "IBM"]);
  });
});

describe("what is spoken", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("however much changes, one sentence is said every 15 s, and it is the newest", () => {
    const region = document.createElement("p");
    const said: string[] = [];
    let price = 0;
    const spoken = new Spoken(region, () => `AAPL ${price}`);
    for (price = 1; price <= 230; price += 1) {
      spoken.changed();
      vi.advanceTimersByTime(250);
      if (region.textContent !== said.at(-1)) said.push(region.textContent ?? "");
    }
    expect(said.length).toBe(4);
  });

  test("having nothing to say does not put off what comes next", () => {
    const region = document.createElement("p");
    let sentence = "";
    const spoken = new Spoken(region, () => sentence);
    spoken.changed();
    vi.advanceTimersByTime(10);
    sentence = "AAPL 534.50 USD, up 0.78 %";
    spoken.changed();
    vi.advanceTimersByTime(10);
    expect(region.textContent).toBe(sentence);
  });
});
