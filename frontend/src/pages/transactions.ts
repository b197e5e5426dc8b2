/** The page with the list of transactions: what is entered, edited or deleted elsewhere shows here within a second. */

import { startAppShell } from "./app_shell";
import { LedgerList } from "./ledger_list";

const list = new LedgerList();
document.addEventListener("visibilitychange", () => list.looked());
startAppShell({
  onEvent: ({ portfolio, ledger }) => list.heard(portfolio, ledger),
  // A snapshot tells of what happened while the line was cut.
  onPortfolio: ({ portfolio, held }) => list.heard(portfolio, held.ledger),
  onAccess: (portfolios) => {
    if (!portfolios.some(({ id }) => id === list.portfolio)) location.reload();
  },
});
