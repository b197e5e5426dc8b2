/** The page of one stock within the frame of a signed-in person's pages: one store for it, the side bar and the pills. */

import { AppShell } from "./app_shell";
import { StocksPage } from "./stocks_page";

new StocksPage((hooks) => new AppShell(hooks)).start();
