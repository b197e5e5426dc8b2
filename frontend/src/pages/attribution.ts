/** The page that tells where a day's gain comes from: today's moves with the market, a finished day stays. */

import { isGrouping } from "../cells/contributions";
import { byId } from "../lib/dom";
import type { HeldPortfolio } from "../live/apply_portfolio";
import { AppShell } from "./app_shell";
import { AttributionTable } from "./attribution_table";
import { makeAnew } from "./made_anew";
import { ofPortfolio } from "./one_portfolio";

const root = byId("portfolio", HTMLElement);
const id = root.dataset["portfolio"] ?? "";
const { by } = byId("gains", HTMLTableElement).dataset;
const isLive = "live" in byId("gains", HTMLTableElement).dataset;
let waiting: HeldPortfolio | null = null;
let ledger: number | null = null;

const shell = new AppShell(ofPortfolio(id, root, changed));
const table = isLive && isGrouping(by) ? new AttributionTable(shell.board, by, `/portfolios/${id}/`) : null;
shell.start(isLive ? [id] : []);

function changed(held: HeldPortfolio): void {
  if (table === null) {
    // What is booked for a finished day changes it.
    if (ledger !== null && held.ledger !== ledger) makeAnew();
    ledger = held.ledger;
    return;
  }
  if (held.totals === null) return;
  if (waiting === null) shell.board.arrange(paint);
  waiting = held;
}

function paint(): void {
  const held = waiting;
  waiting = null;
  if (held !== null && held.totals !== null && root.isConnected) table?.show(held.rows, held.totals.day);
}
