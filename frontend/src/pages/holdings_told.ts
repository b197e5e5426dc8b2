/** What the server's page tells the holdings table: its grouping, its order, what is known of instruments. */

import { GROUPINGS, type Grouping, SORT_COLUMNS, type SortOrder, type TraitsBySymbol } from "../cells/holdings";
import { byId } from "../lib/dom";

export function groupingOf(table: HTMLElement): Grouping["by"] {
  return GROUPINGS.find((each) => each === table.dataset["by"]) ?? "account";
}

export function orderOf(table: HTMLElement): SortOrder {
  const column = SORT_COLUMNS.find((each) => each === table.dataset["sorted"]) ?? "value";
  return { column, isDescending: "descending" in table.dataset };
}

/** Of the instruments that were held when the server made the page. */
export function traitsHere(): TraitsBySymbol {
  return JSON.parse(byId("holding-traits", HTMLElement).textContent ?? "{}") as TraitsBySymbol;
}
