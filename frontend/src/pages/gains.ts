/** The gains report: its figures are those of the moment it was asked for; the sale that is tried out moves with the market. */

import { byId } from "../lib/dom";
import { AppShell } from "./app_shell";
import { sayGone } from "./gone";
import { WhatIf } from "./what_if";

const root = byId("portfolio", HTMLElement);
const id = root.dataset["portfolio"] ?? "";

const shell = new AppShell({
  onPortfolio: ({ portfolio, held }) => {
    if (portfolio !== id) return;
    if (held.isLost) gone();
    else panel?.show(held);
  },
  onAccess: (portfolios) => {
    if (!portfolios.some((one) => one.id === id)) gone();
  },
  onRefused: (portfolio, code) => {
    if (portfolio === id && code === "unknown_portfolio") gone();
  },
  onCondition: () => panel?.showQuality(shell.isCurrent || shell.isYetToBegin),
  onSignedOut: () => root.remove(),
});
const place = document.getElementById("what-if");
const panel = place === null ? null : new WhatIf(place, shell.board);
shell.start(panel === null ? [] : [id]);
panel?.start();

function gone(): void {
  if (root.isConnected) sayGone(root);
}
