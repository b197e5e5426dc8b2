// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CellBoard } from "../../src/cells/board";
import type { WhatIfData } from "../../src/cells/what_if";
import { nothingHeldOf } from "../../src/live/apply_portfolio";
import { WhatIf } from "../../src/pages/what_if";

const CASES = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../tests/contract/what_if.json"), "utf8"),
) as readonly {
  readonly name: string;
  readonly document: WhatIfData;
}[];

const FIELDS = ["quantity", "price", "fee"].map(
  (name) => `<input id="what-if-${name}"><span id="what-if-${name}-hint"></span>`,
);
const PAGE = `<section id="what-if" data-address="/what-if.json" data-book="/new/"><h2 id="what-if-title"></h2>
<select id="what-if-holding"><option value="broker:AAPL">AAPL</option></select><span id="what-if-method"></span>${FIELDS.join("")}
<span id="what-if-net-label"></span><span id="what-if-net"></span><span id="what-if-unit"></span><span id="what-if-net-hint"></span>
<p id="what-if-error" hidden><span></span><button id="what-if-retry" type="button" hidden></button></p>
<div id="what-if-lots"><button id="what-if-unpick"></button><div class="chips"></div></div>
<table><thead><tr><th id="what-if-relieved"></th></tr></thead><tbody></tbody></table>
<a id="what-if-book"></a><p id="what-if-spoken"></p></section>`;

let answers: unknown[];
let asked: string[];

function documentOf(name: string): WhatIfData {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`Expected a case called ${name}.`);
  return found.document;
}

async function shown(...documents: unknown[]): Promise<WhatIf> {
  answers = [...documents];
  const panel = new WhatIf(document.getElementById("what-if") as HTMLElement, new CellBoard());
  panel.start();
  await settle();
  return panel;
}

async function settle(ms = 200): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function type(name: string, value: string): void {
  const field = document.getElementById(`what-if-${name}`) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event("input"));
}

function text(id: string): string {
  return document.getElementById(`what-if-${id}`)?.textContent?.trim() ?? "";
}

function rows(): readonly (readonly string[])[] {
  return [...document.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ""),
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  document.body.innerHTML = PAGE;
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    const isProblem = typeof answer === "object" && answer !== null && "detail" in answer;
    return Promise.resolve(new Response(JSON.stringify(answer), { status: isProblem ? 400 : 200 }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a sale tried out", () => {
  test("without a price one has to be typed; the relieved costs stand already", async () => {
    await shown(documentOf("first in first out, in a foreign currency"));
    expect(text("price-hint")).toBe("USD, none is known: type one");
    expect(text("net")).toBe("\u2014");
    expect(rows()[0]?.slice(0, 5)).toEqual([
      "FIFO account method",
      "24 of 15 Mar 2010",
      "798 days, long term",
      "2,395.93",
      "not available",
    ]);
    type("price", "557.4301");
    type("fee", "1");
    await settle();
    expect(text("price-hint")).toBe("USD, as typed");
    expect([text("net"), text("unit")]).toEqual(["10,492.02", "EUR"]);
    expect(text("net-hint")).toBe("13,377.32 USD, after 1.00 USD fee");
    expect(rows()[0]?.slice(4, 7)).toEqual(["+8,096.09", "+7,916.63", "+179.46"]);
    expect(document.getElementById("what-if-book")?.getAttribute("href")).toBe(
      "/new/?type=sell&account=broker&symbol=AAPL&quantity=24&price=557.4301&fees=1",
    );
  });

  test("the price of the frames is the one that counts, and another rate or booking asks again", async () => {
    const panel = await shown(documentOf("first in first out, in a foreign currency"));
    const nothing = nothingHeldOf("portfolio:p-1");
    panel.show({ ...nothing, ledger: 5 });
    await settle(3_000);
    expect(asked).toHaveLength(1);
    panel.show({ ...nothing, ledger: 6 });
    await settle();
    expect(asked).toHaveLength(2);
    // An answer that never fits is asked for less and less often.
    for (let seconds = 0; seconds < 12; seconds += 1) {
      panel.show({ ...nothing, ledger: 6 });
      await settle(1_000);
    }
    expect(asked).toHaveLength(3);
  });

  test("what is short is bought back", async () => {
    await shown(documentOf("what is short is bought back"));
    expect([text("title"), text("net-label"), text("relieved"), text("book")]).toEqual([
      "What if you bought it back now?",
      "To be paid",
      "Brought by the sale",
      "Book this purchase",
    ]);
    expect(text("quantity-hint")).toBe("of 13.2 sold short");
    expect(document.getElementById("what-if-lots")?.hidden).toBe(true);
  });

  test("a cost that nobody knows is not available, and the reason is at hand", async () => {
    await shown(documentOf("a lot without its cost is in it"));
    type("price", "557.43");
    await settle();
    const [own] = document.querySelectorAll("tbody tr");
    expect(rows()[0]?.[4]).toBe("not available");
    expect(own?.querySelector(".gain-total span")?.getAttribute("title")).toContain("without its cost");
  });

  test("an average tells what each unit cost, and what is sold beyond what is held is said", async () => {
    await shown(documentOf("a pool at average cost"));
    expect(rows()[0]?.slice(0, 2)).toEqual([
      "Average account method",
      expect.stringMatching(/^all lots, [\d,.]+ USD each$/),
    ]);
    document.body.innerHTML = PAGE;
    await shown(documentOf("more than is held, the rest short"));
    expect(rows()[0]?.[1]).toContain("1.57654321 sold short");
  });

  test("in one currency there are no parts to tell apart", async () => {
    await shown(documentOf("in the base currency"));
    expect(document.querySelector("table")?.classList.contains("is-foreign")).toBe(false);
  });
});

describe("what cannot be", () => {
  test("is said, with the field that it is of", async () => {
    const whole = documentOf("first in first out, in a foreign currency");
    await shown(whole, { ...whole, problem: "Expected at most 60, was 61: 1 more.", outcomes: [] });
    type("quantity", "61");
    await settle();
    expect(text("error")).toBe("Expected at most 60, was 61: 1 more.");
    expect(document.getElementById("what-if-quantity")?.getAttribute("aria-invalid")).toBe("true");
    type("quantity", "x");
    await settle();
    expect(text("error")).toBe("Expected a number above zero such as 24.5, was x.");
    expect(asked).toHaveLength(2);
  });

  test("a fee above the proceeds is refused by how much there is", async () => {
    await shown(documentOf("first in first out, in a foreign currency"));
    type("price", "1");
    type("fee", "25");
    await settle();
    expect(text("error")).toBe("Expected a fee of at most 24.00 USD, what the sale brings, was 25.");
  });

  test("a refusal of the server stands there in its words", async () => {
    await shown({ detail: "Expected an instrument that is held in this account, was 'AAPL'." });
    expect(text("error")).toBe("Expected an instrument that is held in this account, was 'AAPL'.");
    expect(rows()).toEqual([]);
  });
});

test("a server that does not answer is said, and asked again by a button", async () => {
  const answer = documentOf("first in first out, in a foreign currency");
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 500 })));
  await shown(answer);
  const retry = document.querySelector<HTMLButtonElement>("#what-if-retry");
  expect(text("error")).toContain("The server did not answer, so nothing is worked out here.");
  expect(retry?.hidden).toBe(false);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(answer))));
  retry?.click();
  await settle();
  expect([retry?.hidden, text("error")]).toEqual([true, ""]);
  expect(rows().length).toBeGreaterThan(0);
});

describe("lots that are picked", () => {
  test("are taken whole, and a smaller quantity takes a part of the last", async () => {
    await shown(documentOf("first in first out, in a foreign currency"));
    const chips = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".chips button")];
    const pressed = (): readonly (string | null)[] => chips().map((chip) => chip.getAttribute("aria-pressed"));
    expect(pressed()).toEqual(["true", "false", "false"]);
    chips()[2]?.click();
    expect(pressed()).toEqual(["true", "false", "true"]);
    await settle();
    expect((document.getElementById("what-if-quantity") as HTMLInputElement).value).toBe("36");
    expect(new URL(asked.at(-1) ?? "", "http://t").searchParams.get("lots")).toBe(
      "lot 1:30.123456789,lot 3:5.876543211",
    );
    document.getElementById("what-if-unpick")?.click();
    await settle();
    expect(asked.at(-1)).not.toContain("lots=");
    chips()[0]?.click();
    await settle();
    expect(text("error")).toBe("Pick a lot, or type a quantity.");
  });
});
