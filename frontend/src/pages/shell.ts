/** What every page needs of scripts: the theme button, the keys; and the time zone of who signs up. */

import { startCommands } from "./commands";
import { fillOwnZone } from "./own_zone";
import { startTheme } from "./theme";

startTheme();
startCommands();
fillOwnZone();
