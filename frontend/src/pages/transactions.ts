/** The page with the list of transactions: what is entered, edited or deleted elsewhere shows here within a second. */

import { startAppShell } from "./app_shell";
import { LedgerList } from "./ledger_list";
import { LongJob } from "./long_job";
import { Selection } from "./selection";

const list = new LedgerList();
if (document.getElementById("bulk") !== null) new Selection().start();
document.addEventListener("visibilitychange", () => list.looked());
// Of this page's forms none leads to another main part: what is undone here leads to the list anew.
if (document.getElementById("job") !== null) new LongJob(() => location.reload()).start();
startAppShell({
  onEvent: ({ portfolio, ledger }) => list.heard(portfolio, ledger),
  // A snapshot tells of what happened while the line was cut.
  onPortfolio: ({ portfolio, held }) => list.heard(portfolio, held.ledger),
  onAccess: (portfolios) => {
    if (!portfolios.some(({ id }) => id === list.portfolio)) location.reload();
  },
});
