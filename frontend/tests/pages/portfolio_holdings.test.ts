// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { allocation } from "../../src/cells/allocation";
import { PARTS, partFigure, partReasons } from "../../src/cells/attribution";
import { CellBoard } from "../../src/cells/board";
import { type SortOrder, sums } from "../../src/cells/holdings";
import { splitMoney, totalsWords } from "../../src/cells/totals";
import { moneyText, percentText, signedMoney, weightText } from "../../src/lib/decimal";
import type { PortfolioRow } from "../../src/live/messages.gen";
import { HoldingsTable } from "../../src/pages/portfolio_holdings";
import { AT, CONTRACT, type ExpectedRow, type ExpectedSums, ROWS, TABLE } from "./held_page";

const { expected, totals } = CONTRACT;

function figure(parent: ParentNode, name: string): string {
  return parent.querySelector(`[data-figure="${name}"]`)?.textContent ?? "";
}

function sumsOf(parent: ParentNode): ExpectedSums {
  const told = (name: string): string => figure(parent, name);
  const [cost, value, weight] = [told("cost"), told("value"), told("weight")];
  return { cost, value, weight, day: told("day"), unrealized: told("unrealized"), percent: told("percent") };
}

function rowOf(element: HTMLElement): ExpectedRow {
  const quality = element.dataset["quality"] as ExpectedRow["quality"] | undefined;
  const day = element.querySelector("[data-figure='day']");
  return {
    ...sumsOf(element),
    symbol: figure(element, "symbol"),
    name: figure(element, "name"),
    price: figure(element, "price"),
    unit: figure(element, "currency"),
    quality: quality ?? null,
    mark: figure(element, "mark"),
    change: figure(element, "change"),
    quantity: figure(element, "quantity"),
    unit_cost: figure(element, "unit-cost"),
    account: figure(element, "account"),
    class_name: figure(element, "class"),
    sector: figure(element, "sector"),
    country: figure(element, "country"),
    traded_in: figure(element, "traded-in"),
    day_percent: figure(element, "day-percent"),
    day_price: figure(element, "day-price"),
    day_currency: figure(element, "day-currency"),
    direction: ["up", "down", "flat", "none"].find((each) => day?.classList.contains(each)) ?? "",
  };
}

describe("the holdings table", () => {
  let board: CellBoard;
  let table: HoldingsTable;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = TABLE;
    board = new CellBoard();
    table = new HoldingsTable({ board, addressOf: (row) => `/of/${row.symbol}` });
  });

  afterEach(() => vi.useRealTimers());

  function show(rows: ReadonlyMap<string, PortfolioRow>, isCurrent = true): void {
    board.arrange(() => {
      table.show(rows, totals);
      table.showQuality({ ...AT, isCurrent });
    });
    vi.advanceTimersToNextFrame();
    vi.advanceTimersToNextFrame();
  }

  const elements = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#holdings [data-row]")];
  const keys = (): readonly string[] => elements().map((element) => element.dataset["row"] ?? "");
  const element = (key: string): HTMLElement | undefined => elements().find((each) => each.dataset["row"] === key);

  test("every row is written as the server writes it", () => {
    show(ROWS);
    const told = Object.fromEntries(elements().map((each) => [each.dataset["row"], rowOf(each)]));
    const wanted = Object.entries(expected.rows).map(([key, row]) => [key, { ...row, address: undefined }]);
    expect(told).toEqual(Object.fromEntries(wanted));
  });

  test("a long quantity is shown shortened, with the whole in its title, and never as nothing", () => {
    const apple = ROWS.get("h:a-1:AAPL");
    if (apple === undefined) throw new Error("no AAPL");
    const told = (quantity: string): readonly unknown[] => {
      show(new Map([...ROWS, ["h:a-1:AAPL", { ...apple, quantity }]]));
      const cell = element("h:a-1:AAPL")?.querySelector("[data-figure='quantity']");
      return [cell?.textContent, cell?.getAttribute("title")];
    };
    expect(told("16.666666666666666667")).toEqual(["16.666667", "16.666666666666666667"]);
    expect(told("0.00000004")).toEqual(["<0.000001", "0.00000004"]);
    expect(told("1234.123456")).toEqual(["1,234.123456", null]);
  });

  test("long figures make the columns wide", () => {
    const apple = ROWS.get("h:a-1:AAPL");
    if (apple === undefined) throw new Error("no AAPL");
    const isWide = (parts: Partial<PortfolioRow>): boolean => {
      show(new Map([...ROWS, ["h:a-1:AAPL", { ...apple, ...parts }]]));
      return document.getElementById("holdings")?.hasAttribute("data-wide") ?? false;
    };
    const told = [{}, { cost: "12345678.90" }, { quantity: "1234567.123456789" }].map(isWide);
    expect(told).toEqual([false, true, true]);
  });

  test("groups stand, are sorted and are summed as on the server", () => {
    show(ROWS);
    const groups = [...document.querySelectorAll<HTMLElement>("#holdings tbody")].map((body) => ({
      key: body.dataset["group"],
      name: figure(body, "name"),
      keys: [...body.querySelectorAll<HTMLElement>("[data-row]")].map((row) => row.dataset["row"]),
      sums: sumsOf(body.querySelector(".group") ?? body),
    }));
    expect(groups).toEqual(expected.groups);
    expect(sumsOf(document.getElementById("holdings-foot") ?? document)).toEqual(expected.sums);
    expect(document.getElementById("holdings-note")?.textContent).toBe(expected.note);
  });

  test("figures that are there lead to how they came about, of a row, of an account and of all", () => {
    const apple = ROWS.get("h:a-1:AAPL");
    if (apple === undefined) throw new Error("no AAPL");
    const link = (parent: ParentNode | null | undefined, figure: string): string | null | undefined =>
      parent?.querySelector(`[data-explain="${figure}"]`)?.getAttribute("href");
    show(ROWS);
    expect(link(element("h:a-1:AAPL"), "unrealized-percent")).toBe("explain/unrealized-percent/?row=h%3Aa-1%3AAAPL");
    const group = document.querySelector("[data-group='a-1'] .group");
    const foot = document.getElementById("holdings-foot");
    for (const figure of ["cost", "value", "day", "unrealized", "unrealized-percent"]) {
      expect(link(group, figure)).toBe(`explain/${figure}/?account=a-1`);
      expect(link(foot, figure)).toBe(`explain/${figure}/`);
    }
    const unknown = { ...apple, cost: null, unrealized: null, unrealized_percent: null, value: null };
    const others = [...ROWS].filter(([, row]) => row.account !== apple.account);
    show(new Map([["h:a-1:AAPL", unknown], ...others]));
    const leads = (parent: ParentNode | null | undefined): boolean =>
      ["cost", "value", "unrealized-percent"].some((figure) => link(parent, figure) != null);
    expect([element("h:a-1:AAPL"), group, foot].map(leads)).toEqual([false, false, true]);
    show(new Map([["h:a-1:AAPL", unknown]]));
    expect(leads(foot)).toBe(false);
  });

  test("a row that goes is taken out, and what stays keeps its element", () => {
    show(ROWS);
    const apple = element("h:a-1:AAPL");
    const fewer = new Map([...ROWS].filter(([key]) => key !== "h:a-1:SIE"));
    show(fewer);
    expect(keys()).not.toContain("h:a-1:SIE");
    expect(element("h:a-1:AAPL")).toBe(apple);
    show(ROWS);
    expect(element("h:a-1:AAPL")).toBe(apple);
    expect(keys()).toEqual(expected.groups.flatMap((group) => group.keys));
  });

  test("prices move no row: the order is that of the last change of rows or headers", () => {
    show(ROWS);
    const before = keys();
    const apple = ROWS.get("h:a-1:AAPL");
    if (apple === undefined) throw new Error("no AAPL");
    show(new Map([...ROWS, ["h:a-1:AAPL", { ...apple, value: "1.00" }]]));
    expect(keys()).toEqual(before);
    expect(element("h:a-1:AAPL")?.querySelector("[data-figure='value']")?.getAttribute("data-tick")).toBe("down");
  });

  test("a header sorts the holdings of each group and says so", () => {
    show(ROWS);
    document.querySelector<HTMLElement>("[data-sort='name']")?.click();
    vi.advanceTimersToNextFrame();
    expect(keys().slice(0, 4)).toEqual(["h:a-1:AAPL", "h:a-1:HLX.R", "h:a-1:MSFT", "h:a-1:SIE"]);
    const heads = [...document.querySelectorAll("thead th")].map((head) => head.getAttribute("aria-sort"));
    expect(heads).toEqual(["ascending", null]);
  });

  test("a header that was clicked is told, so that the order is kept", () => {
    const orders: SortOrder[] = [];
    const own = { board, addressOf: () => "", onSort: (order: SortOrder) => orders.push(order) };
    table = new HoldingsTable(own);
    show(ROWS);
    for (const _ of "ab") document.querySelector<HTMLElement>("[data-sort='name']")?.click();
    expect(orders).toEqual([
      { column: "name", isDescending: false },
      { column: "name", isDescending: true },
    ]);
  });

  test("a filter leaves the rows that have its words, and their sums", () => {
    show(ROWS);
    const filter = (text: string): void => {
      table.filter(text);
      vi.advanceTimersToNextFrame();
    };
    filter("north tech");
    expect(keys()).toEqual(["h:a-1:AAPL", "h:a-1:MSFT"]);
    const foot = document.getElementById("holdings-foot") ?? document;
    expect(figure(foot, "name")).toBe("2 of 11 rows");
    const shown = ["h:a-1:AAPL", "h:a-1:MSFT"].flatMap((key) => ROWS.get(key) ?? []);
    expect(sumsOf(foot).value).toBe(moneyText(sums(shown).value));
    expect(foot.querySelector("a[data-explain='value']")?.hasAttribute("href")).toBe(false);
    filter("nothing like it");
    expect(keys()).toEqual([]);
    expect(document.getElementById("holdings-none")?.hidden).toBe(false);
    filter("");
    expect(keys()).toEqual(expected.groups.flatMap((group) => group.keys));
    expect(sumsOf(foot)).toEqual(expected.sums);
  });

  test("another grouping puts the same rows together otherwise", () => {
    document.getElementById("holdings")?.setAttribute("data-by", "sector");
    document.querySelector("#holdings tbody")?.remove();
    table = new HoldingsTable({ board, addressOf: () => "", folded: new Set(["US"]) });
    show(ROWS);
    const told = [...document.querySelectorAll<HTMLElement>("#holdings tbody")].map((body) => [
      body.dataset["group"],
      figure(body, "name"),
      figure(body, "value"),
    ]);
    expect(told).toEqual(expected.groupings.sector.map(([key, name, , value]) => [key, name, value]));
  });

  test("columns that nobody chose are not there, and the others are written", () => {
    for (const name of ["price", "quality", "spark", "weight", "quantity"]) {
      const content = (id: string): DocumentFragment | undefined =>
        (document.getElementById(id) as HTMLTemplateElement | null)?.content;
      const cell = content("row-template")?.querySelector(`[data-figure="${name}"], .${name}`)?.closest("td");
      cell?.remove();
      content("group-template")?.querySelector(`[data-figure="${name}"]`)?.closest("td")?.remove();
    }
    show(ROWS);
    const apple = element("h:a-1:AAPL");
    expect(apple?.querySelector("[data-figure='price']")).toBeNull();
    expect(apple?.querySelector("[data-figure='value']")?.textContent).toBe(expected.rows["h:a-1:AAPL"]?.value);
  });

  test("one account alone has no subtotal, and a folded group unfolds when the other goes", () => {
    show(ROWS);
    const toggle = document.querySelector<HTMLElement>("[data-group='a-1'] .group-toggle");
    toggle?.click();
    expect(element("h:a-1:AAPL")?.hidden).toBe(true);
    show(new Map([...ROWS].filter(([, row]) => row.account === "a-1")));
    expect(document.querySelector<HTMLElement>(".group")?.hidden).toBe(true);
    expect(element("h:a-1:AAPL")?.hidden).toBe(false);
  });

  test("while the line is dead every price is stale but what is final", () => {
    show(ROWS, false);
    expect(element("h:a-1:AAPL")?.dataset["quality"]).toBe("stale");
    expect(element("h:a-1:HLX.R")?.dataset["quality"]).toBe("unpriced");
    expect(element("c:a-1:EUR")?.dataset["quality"]).toBeUndefined();
  });

  test("an empty portfolio shows what will stand there", () => {
    show(new Map());
    expect(document.getElementById("holdings-panel")?.hidden).toBe(true);
    expect(document.getElementById("holdings-empty")?.hidden).toBe(false);
  });

  test("a row that comes out of sight says what it is, and its figures with the others in sight", () => {
    const [, row] = [...ROWS].find(([, { kind }]) => kind === "holding") ?? [];
    if (row === undefined) throw new Error("Expected a holding, found none.");
    const many = new Map(Array.from({ length: 130 }, (_, at) => [`h:a-1:N${at}`, { ...row, symbol: `N${at}` }]));
    show(many);
    expect(document.querySelector("#holdings")?.hasAttribute("data-long")).toBe(true);
    const told = (key: string): string | null | undefined => element(key)?.querySelector("a.symbol")?.textContent;
    expect([told("h:a-1:N0"), told("h:a-1:N129")]).toEqual(["N0", "N129"]);
    const value = (): string | null | undefined =>
      element("h:a-1:N129")?.querySelector("[data-figure='value']")?.textContent;
    const before = value();
    show(new Map([...many].map(([key, each]) => [key, { ...each, value: "1.00" }])));
    expect([before === "1.00", value()]).toEqual([false, before]);
  });

  test("up and down walk along the rows in sight, left and right fold", () => {
    show(ROWS);
    const press = (key: string): void => {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    };
    document.querySelector<HTMLElement>(".group-toggle")?.focus();
    press("ArrowDown");
    expect(document.activeElement?.textContent).toBe("AAPL");
    press("ArrowLeft");
    expect(element("h:a-1:AAPL")?.hidden).toBe(true);
    press("ArrowDown");
    expect(document.activeElement?.textContent).toContain("Harbor");
    press("ArrowUp");
    press("ArrowRight");
    expect(element("h:a-1:AAPL")?.hidden).toBe(false);
  });
});

describe("the head, the parts and the allocation", () => {
  test("the head is told as the server tells it", () => {
    const words = totalsWords(totals, AT);
    const { whole, minor } = splitMoney(totals.value);
    const figures = {
      day: signedMoney(totals.day),
      day_percent: percentText(totals.day_percent),
      unrealized: signedMoney(totals.unrealized),
      unrealized_percent: percentText(totals.unrealized_percent),
      cost: moneyText(totals.cost),
    };
    expect({ whole, minor, ...words, ...figures }).toEqual(expected.totals);
  });

  test("each part of the day has its figure and its reason", () => {
    const reasons = partReasons(ROWS.values(), totals);
    const parts = PARTS.map((part) => [part, { figure: signedMoney(partFigure(totals, part)), why: reasons[part] }]);
    expect(Object.fromEntries(parts)).toEqual(expected.parts);
  });

  test("the whole is divided as the server divides it", () => {
    const slices = allocation(ROWS.values()).map(({ name, value }) => ({
      name,
      value: moneyText(value),
      weight: weightText(value, totals.value),
    }));
    expect(slices).toEqual(expected.slices);
  });
});
