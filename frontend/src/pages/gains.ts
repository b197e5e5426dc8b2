/** The gains report: its figures are those of the moment it was asked for; the sale that is tried out moves with the market. */

import { byId } from "../lib/dom";
import { AppShell } from "./app_shell";
import { ofPortfolio } from "./one_portfolio";
import { WhatIf } from "./what_if";

const root = byId("portfolio", HTMLElement);
const id = root.dataset["portfolio"] ?? "";

const shell = new AppShell({
  ...ofPortfolio(id, root, (held) => panel?.show(held)),
  onCondition: () => panel?.showQuality(shell.arePortfoliosMoving || shell.isYetToBegin),
});
const place = document.getElementById("what-if");
const panel = place === null ? null : new WhatIf(place, shell.board);
shell.start(panel === null ? [] : [id]);
panel?.start();
