// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { CellBoard } from "../../src/cells/board";
import { DayRanges } from "../../src/cells/watched";
import type { QuoteRow } from "../../src/live/messages.gen";
import { WatchedTable } from "../../src/pages/watchlist_table";

const FIGURES = ["price", "unit", "change", "percent", "low", "high", "held"];

function row(symbol: string): string {
  const cells = FIGURES.map((name) => `<td><span data-figure="${name}"></span></td>`).join("");
  const quality = `<span class="quality"><span class="shape"></span><span class="visually-hidden"></span><span data-figure="mark"></span></span>`;
  return `<tr data-key="${symbol}"><th><a class="symbol" href="#">${symbol}</a></th>${cells}<td>${quality}<svg class="spark"><path/><path/></svg><span class="range-bar"></span></td></tr>`;
}

function quote(price: string, percent: string): QuoteRow {
  const words = { name: "A", currency: "GBp", price_places: 2, quality: "replay", session: "regular" } as const;
  const times = {
    session_day: "2012-05-21",
    source: "replay",
    source_time: "2012-05-21T14:31:00Z",
    received_time: null,
  };
  return { ...words, ...times, price, previous_close: "1.00", change: percent, change_percent: percent };
}

describe("the table of a watchlist", () => {
  const rows = new Map([
    ["AAPL", quote("501.50", "0.30")],
    ["IBM", quote("197.00", "1.20")],
    ["MSFT", quote("29.75", "-0.40")],
  ]);
  let table: WatchedTable;
  let ranges: DayRanges;

  beforeEach(() => {
    document.body.innerHTML = `<table id="watched"><thead><tr><th><button data-sort="own"></button></th><th><button data-sort="percent"></button></th></tr></thead><tbody id="watched-rows">${["MSFT", "AAPL", "IBM"].map(row).join("")}</tbody></table>`;
    ranges = new DayRanges();
    table = new WatchedTable({ board: new CellBoard(), ranges, rows: () => rows });
  });

  const order = (): string => [...table.body.children].map((each) => each.getAttribute("data-key")).join(" ");
  const sort = (column: string): boolean | undefined =>
    document
      .querySelector<HTMLElement>(`[data-sort="${column}"]`)
      ?.dispatchEvent(new Event("click", { bubbles: true }));
  const head = (): string | null | undefined =>
    document.querySelector("[data-sort='percent']")?.closest("th")?.getAttribute("aria-sort");

  test("a head sorts for a look, turns it round, and then shows the own order again", () => {
    const seen = [];
    for (let click = 0; click < 3; click += 1) {
      sort("percent");
      seen.push(`${order()} ${head()} ${table.isOwnOrder}`);
    }
    expect(seen).toEqual([
      "IBM AAPL MSFT descending false",
      "MSFT AAPL IBM ascending false",
      "MSFT AAPL IBM null true",
    ]);
    expect(table.symbols.join(" ")).toBe("MSFT AAPL IBM");
    sort("percent");
    sort("own");
    expect([order(), head()]).toEqual(["MSFT AAPL IBM", null]);
  });

  test("what comes is taken in, what stays is the same row, and a view stays a view", () => {
    sort("percent");
    const fresh = table.body.querySelector("[data-key='MSFT']")?.cloneNode(true);
    if (fresh instanceof HTMLElement) {
      fresh.dataset["key"] = "GOOG";
      table.body.append(fresh);
    }
    table.body.querySelector("[data-key='AAPL']")?.remove();
    expect(table.adopt()).toEqual(["GOOG"]);
    expect(order()).toBe("IBM MSFT GOOG");
  });

  test("figures are written in the next frame, with the unit and the range", async () => {
    ranges.load("AAPL", "2012-05-21", { low: "499.50", high: "502.00" });
    table.show("AAPL", quote("501.50", "0.30"), quote("501.00", "0.20"));
    table.showQuality({ marketTime: Date.parse("2012-05-21T14:31:00Z"), isCurrent: true, zone: "UTC" });
    await new Promise((painted) => requestAnimationFrame(painted));
    const text = (name: string): string | null | undefined =>
      table.body.querySelector(`[data-key='AAPL'] [data-figure='${name}']`)?.textContent;
    expect(FIGURES.map(text)).toEqual(["501.50", "GBp", "+0.30", "+0.30 %", "499.50", "502.00", ""]);
    expect(table.body.querySelector("[data-key='AAPL'] [data-tick]")?.getAttribute("data-tick")).toBe("up");
    const bar = table.body.querySelector<HTMLElement>("[data-key='AAPL'] .range-bar");
    expect([bar?.hasAttribute("data-known"), bar?.style.getPropertyValue("--at")]).toEqual([true, "0.800"]);
    expect(table.body.querySelector("[data-key='AAPL'] .shape")?.className).toBe("shape shape-replay");
  });

  test("who holds it is a link for each portfolio", () => {
    table.showHeld(new Map([["IBM", [{ id: "p", name: "Long term" }]]]));
    const link = table.body.querySelector("[data-key='IBM'] [data-figure='held'] a");
    expect([link?.getAttribute("href"), link?.textContent]).toEqual(["/portfolios/p/", "Long term"]);
    table.showHeld(new Map());
    expect(table.body.querySelector("[data-figure='held'] a")).toBeNull();
  });

  test("the arrows go from row to row, and Delete takes one off", () => {
    table.body.firstElementChild?.insertAdjacentHTML("beforeend", "<td><form></form></td>");
    let sent = 0;
    const form = table.body.querySelector("form");
    if (form !== null)
      form.requestSubmit = () => {
        sent += 1;
      };
    const links = [...table.body.querySelectorAll<HTMLElement>("a.symbol")];
    const press = (key: string): boolean | undefined =>
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    links[0]?.focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(links[1]);
    press("ArrowUp");
    press("ArrowUp");
    expect(document.activeElement).toBe(links[0]);
    press("Delete");
    expect(sent).toBe(1);
  });
});
