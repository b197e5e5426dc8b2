/** The page with the list of transactions: what is entered, edited or deleted elsewhere shows here within a second. */

import { startAppShell } from "./app_shell";
import { LedgerList } from "./ledger_list";

const list = new LedgerList();
document.addEventListener("visibilitychange", () => list.looked());
startAppShell();
