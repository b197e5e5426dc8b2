/** The portfolio of tests/contract/portfolio_page.json, which the server's pages are held to as well. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { GroupBy, SortColumn, TraitsBySymbol } from "../../src/cells/holdings";
import type { PortfolioRow, PortfolioTotals, QualityName } from "../../src/live/messages.gen";

export interface ExpectedSums {
  readonly cost: string;
  readonly value: string;
  readonly weight: string;
  readonly day: string;
  readonly unrealized: string;
  readonly percent: string;
}

export interface ExpectedRow extends ExpectedSums {
  readonly symbol: string;
  readonly name: string;
  readonly price: string;
  readonly unit: string;
  readonly quality: QualityName | null;
  readonly mark: string;
  readonly change: string;
  readonly quantity: string;
  readonly direction: string;
  readonly unit_cost: string;
  readonly account: string;
  readonly class_name: string;
  readonly sector: string;
  readonly country: string;
  readonly traded_in: string;
  readonly day_percent: string;
  readonly day_price: string;
  readonly day_currency: string;
}

export interface ExpectedGain {
  readonly key: string;
  readonly name: string;
  readonly detail: string;
  readonly query: string;
  readonly parts: { readonly [part: string]: string };
  readonly total: string;
}

interface Contract {
  readonly market_time: string;
  readonly zone: string;
  readonly totals: PortfolioTotals;
  readonly traits: TraitsBySymbol;
  readonly rows: { readonly [key: string]: PortfolioRow };
  readonly expected: {
    readonly totals: { readonly [figure: string]: string };
    readonly parts: { readonly [part: string]: { readonly figure: string; readonly why: string } };
    readonly groups: readonly {
      readonly key: string;
      readonly name: string;
      readonly keys: readonly string[];
      readonly sums: ExpectedSums;
    }[];
    readonly groupings: {
      readonly [by in GroupBy]: readonly (readonly [string, string, number, string, string | null])[];
    };
    readonly orders: { readonly [column in SortColumn]: { readonly [way: string]: readonly string[] } };
    readonly sums: ExpectedSums;
    readonly rows: { readonly [key: string]: ExpectedRow };
    readonly slices: readonly { readonly name: string; readonly value: string; readonly weight: string }[];
    readonly gains: { readonly [grouping: string]: readonly ExpectedGain[] };
    readonly note: string;
  };
}

export const CONTRACT: Contract = JSON.parse(
  // The test's environment has a URL of its own, which knows no files.
  readFileSync(resolve(import.meta.dirname, "../../../tests/contract/portfolio_page.json"), "utf8"),
);

export const ROWS: ReadonlyMap<string, PortfolioRow> = new Map(Object.entries(CONTRACT.rows));

export const AT = { marketTime: Date.parse(CONTRACT.market_time), isCurrent: true, zone: CONTRACT.zone };

const explained = (figure: string, cell = figure, kind = ""): string =>
  `<td><a class="explain" data-explain="${figure}"><span class="${kind}" data-figure="${cell}"></span></a></td>`;

const SUMS =
  explained("cost") +
  explained("value") +
  '<td><span class="weight"><svg><rect/></svg><span data-figure="weight"></span></span></td>' +
  explained("day", "day", "flat") +
  explained("unrealized", "unrealized", "flat") +
  explained("unrealized-percent", "percent");

/** A row as src/tickfolio/web/templates/portfolios/page_row.html makes it, without what only the eye needs. */
export const ROW =
  '<tr><th><a class="symbol" href="" data-figure="symbol"></a><span data-figure="name"></span></th>' +
  '<td><span data-figure="price"></span><span data-figure="currency"></span></td><td><span class="quality">' +
  '<span class="shape"></span><span class="visually-hidden"></span><span data-figure="mark"></span></span></td>' +
  '<td><span class="flat" data-figure="change"></span></td><td><svg class="spark"><path/><path/></svg></td>' +
  `<td><span data-figure="quantity"></span></td>${SUMS}` +
  ["unit-cost", "account", "class", "sector", "country", "traded-in", "day-percent", "day-price", "day-currency"]
    .map((figure) => `<td><span data-figure="${figure}"></span></td>`)
    .join("") +
  "</tr>";

/** A group as page_group.html makes it. */
export const GROUP =
  '<tbody><tr class="group"><th><button class="group-toggle" aria-expanded="true"><span data-figure="name"></span>' +
  `<span data-figure="count"></span></button></th>${SUMS}</tr></tbody>`;

export const TABLE =
  '<section id="holdings-panel"><table id="holdings" data-by="account" data-sorted="value" data-descending><thead><tr><th><button data-sort="name">Name</button></th>' +
  '<th aria-sort="descending"><button data-sort="value">Value</button></th></tr></thead>' +
  `<tfoot id="holdings-foot"><tr><th><span data-figure="name"></span></th>${SUMS}</tr></tfoot></table><p id="holdings-note"></p><p id="holdings-none"></p>` +
  '<script type="application/json" id="holding-traits">' +
  `${JSON.stringify(CONTRACT.traits)}</script>` +
  `<template id="row-template"><table><tbody>${ROW}</tbody></table></template>` +
  `<template id="group-template"><table>${GROUP}</table></template></section><section id="holdings-empty"></section>`;
