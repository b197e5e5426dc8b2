/** A page of signed-in people that has no module of its own. */

import { startAppShell } from "./app_shell";
import { startCopies } from "./copies";

startAppShell();
startCopies();
