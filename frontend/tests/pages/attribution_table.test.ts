// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PARTS } from "../../src/cells/attribution";
import { CellBoard } from "../../src/cells/board";
import { GROUPINGS, type Grouping } from "../../src/cells/contributions";
import type { PortfolioRow } from "../../src/live/messages.gen";
import { AttributionTable } from "../../src/pages/attribution_table";
import { CONTRACT, ROWS } from "./held_page";

const { expected, totals } = CONTRACT;

/** A row as src/tickfolio/web/templates/portfolios/attribution_row.html makes it. */
const ROW = `<tr><th><span data-figure="name"></span></th>${[...PARTS, "total"]
  .map((part) => {
    const figure = part === "total" ? "day" : `day-${part}`;
    return `<td><a class="explain" data-explain="${figure}"><span class="flat" data-figure="${part}"></span></a></td>`;
  })
  .join("")}</tr>`;
const PAGE =
  '<span id="gain-total"></span><p id="gain-nothing"></p>' +
  `<table id="gains"><tbody></tbody><tfoot>${ROW}</tfoot></table>` +
  `<template id="gain-template"><table><tbody>${ROW}</tbody></table></template>`;

describe("the table of today's gain", () => {
  let board: CellBoard;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = PAGE;
    board = new CellBoard();
  });

  afterEach(() => vi.useRealTimers());

  function show(by: Grouping, rows: ReadonlyMap<string, PortfolioRow>): void {
    const table = new AttributionTable(board, by, "/portfolios/p-1/");
    board.arrange(() => table.show(rows, totals.day));
    vi.advanceTimersToNextFrame();
    vi.advanceTimersToNextFrame();
  }

  const links = (parent: ParentNode): readonly (string | null)[] =>
    [...parent.querySelectorAll("a.explain")].map((link) => link.getAttribute("href"));
  const figures = [...PARTS.map((part) => `day-${part}`), "day"];

  test.each(GROUPINGS)("by %s every figure of a new row leads to how it came about", (by) => {
    show(by, ROWS);
    const rows = [...document.querySelectorAll<HTMLElement>("#gains tbody tr")];
    const told = new Map(rows.map((row) => [row.dataset["key"], links(row)]));
    expect(told.size).toBe(expected.gains[by]?.length);
    for (const { key, query } of expected.gains[by] ?? []) {
      expect(told.get(key)).toEqual(figures.map((figure) => `/portfolios/p-1/explain/${figure}/${query}`));
    }
  });

  test("so does the whole, of all rows", () => {
    show("holding", ROWS);
    const foot = document.querySelector("#gains tfoot") ?? document;
    expect(links(foot)).toEqual(figures.map((figure) => `/portfolios/p-1/explain/${figure}/`));
    expect(foot.querySelector('[data-figure="total"]')?.textContent).toBe(expected.totals["day"]);
  });
});
