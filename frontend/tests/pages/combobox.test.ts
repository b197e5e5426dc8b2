// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Combobox } from "../../src/pages/combobox";

const SYMBOLS = ["AAPL", "AMZN", "IBM"];

describe("a field that suggests", () => {
  let input: HTMLInputElement;
  let list: HTMLElement;
  let chosen: string[];
  let answer: (typed: string, signal: AbortSignal) => Promise<readonly string[]>;
  let combobox: Combobox<string>;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = `<input id="symbol"><div id="list" role="listbox" hidden></div>`;
    input = document.querySelector("input") ?? new HTMLInputElement();
    list = document.querySelector<HTMLElement>("#list") ?? input;
    chosen = [];
    answer = async (typed) => SYMBOLS.filter((symbol) => symbol.startsWith(typed.toUpperCase()));
    combobox = field();
    input.focus();
  });
  afterEach(() => vi.useRealTimers());

  function field(goesOn?: () => void): Combobox<string> {
    return new Combobox<string>({
      input,
      list,
      suggest: (typed, signal) => answer(typed, signal),
      shown: (symbol) => [Object.assign(document.createElement("span"), { textContent: symbol })],
      onChosen: (symbol) => chosen.push(symbol),
      ...(goesOn === undefined ? {} : { goesOn }),
    });
  }

  async function type(text: string): Promise<void> {
    input.value = text;
    input.dispatchEvent(new Event("input"));
    await vi.advanceTimersByTimeAsync(200);
  }

  function press(key: string, options: KeyboardEventInit = {}): boolean {
    return !input.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...options }));
  }

  const options = (): (string | null)[] =>
    [...list.querySelectorAll("[role=option]")].map((each) => each.firstChild?.textContent ?? null);
  const marked = (): string | null | undefined => list.querySelector("[aria-selected=true]")?.firstChild?.textContent;

  test("what matches is listed, and an arrow marks the first one and names it to a screen reader", async () => {
    await type("a");
    expect([options(), marked()]).toEqual([["AAPL", "AMZN"], undefined]);
    press("ArrowDown");
    expect(marked()).toBe("AAPL");
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(input.getAttribute("aria-activedescendant")).toBe(list.querySelector("[aria-selected=true]")?.id);
  });

  test.each([
    ["what was typed before the module had loaded is looked up", "a", ["AAPL", "AMZN"]],
    ["what the page came with is not", "i", []],
  ])("%s", async (_, typed, expected) => {
    combobox.stop();
    input.defaultValue = "i";
    input.value = typed;
    input.focus();
    combobox = field();
    await vi.advanceTimersByTimeAsync(200);
    expect(options()).toEqual(expected);
  });

  test("arrows move the mark around, and Enter takes what is marked without sending the form", async () => {
    await type("a");
    press("ArrowUp");
    expect(marked()).toBe("AMZN");
    press("ArrowDown");
    expect(marked()).toBe("AAPL");
    press("ArrowDown");
    expect(press("Enter")).toBe(true);
    expect([chosen, options(), list.hidden]).toEqual([["AMZN"], [], true]);
  });

  test("Enter before an arrow takes the first", async () => {
    await type("a");
    expect(press("Enter")).toBe(true);
    expect(chosen).toEqual(["AAPL"]);
  });

  test("where the field goes on, Enter waits for what is looked up, takes the first and sends nothing", async () => {
    let gone = 0;
    combobox.stop();
    combobox = field(() => {
      gone += 1;
    });
    input.value = "ib";
    input.dispatchEvent(new Event("input"));
    expect(press("Enter")).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([chosen, gone]).toEqual([["IBM"], 1]);
    input.value = "zzz";
    input.dispatchEvent(new Event("input"));
    expect(press("Enter")).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([chosen, gone]).toEqual([["IBM"], 2]);
    expect(press("Enter")).toBe(false);
  });

  test("Enter with nothing listed is left to the form", async () => {
    await type("zzz");
    expect(press("Enter")).toBe(false);
    expect(chosen).toEqual([]);
  });

  test("Tab takes what is marked and goes on; Shift and Tab only goes back", async () => {
    await type("ib");
    expect(press("Tab", { shiftKey: true })).toBe(false);
    expect(chosen).toEqual([]);
    expect(press("Tab")).toBe(false);
    expect(chosen).toEqual(["IBM"]);
  });

  test("Escape closes the list and keeps what was typed", async () => {
    await type("a");
    expect(press("Escape")).toBe(true);
    expect([options(), input.value, input.getAttribute("aria-expanded")]).toEqual([[], "a", "false"]);
    expect(press("Escape")).toBe(false);
  });

  test("a click takes an option", async () => {
    await type("a");
    list.querySelectorAll<HTMLElement>("[role=option] span")[1]?.click();
    expect(chosen).toEqual(["AMZN"]);
  });

  test("keys in quick succession ask once, and an answer that was overtaken is not shown", async () => {
    const asked: string[] = [];
    const answers = new Map<string, (found: readonly string[]) => void>();
    answer = (typed) => {
      asked.push(typed);
      return new Promise((settle) => answers.set(typed, settle));
    };
    input.value = "a";
    input.dispatchEvent(new Event("input"));
    await type("aa");
    await type("aap");
    expect(asked).toEqual(["aa", "aap"]);
    answers.get("aap")?.(["AAPL"]);
    answers.get("aa")?.(["AA", "AAPL"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(options()).toEqual(["AAPL"]);
  });

  test("nothing is suggested while the server cannot be asked, for nothing, or once the field was left", async () => {
    answer = () => Promise.reject(new Error("offline"));
    await type("a");
    expect(options()).toEqual([]);
    answer = async () => SYMBOLS;
    await type("  ");
    expect(options()).toEqual([]);
    await type("a");
    input.blur();
    input.dispatchEvent(new Event("blur"));
    expect(list.hidden).toBe(true);
  });

  test("a field that was let go of suggests no more", async () => {
    combobox.stop();
    await type("a");
    expect(options()).toEqual([]);
  });
});
