/** The page with the list of transactions: what is entered, edited or deleted elsewhere shows here within a second. */

import { startAppShell } from "./app_shell";
import { LedgerList } from "./ledger_list";
import { Selection } from "./selection";

const list = new LedgerList();
if (document.getElementById("bulk") !== null) new Selection().start();
document.addEventListener("visibilitychange", () => list.looked());
startAppShell({
  onEvent: ({ portfolio, ledger }) => list.heard(portfolio, ledger),
  // A snapshot tells of what happened while the line was cut.
  onPortfolio: ({ portfolio, held }) => list.heard(portfolio, held.ledger),
  onAccess: (portfolios) => {
    if (!portfolios.some(({ id }) => id === list.portfolio)) location.reload();
  },
});
