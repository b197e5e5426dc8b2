/**
 * What every page needs of scripts: the theme button, the keys; and the time zone of who signs up. What somebody who signed
 * out has left in this browser goes.
 */

import { forgetOthers } from "../offline/forget";
import { startCommands } from "./commands";
import { fillOwnZone } from "./own_zone";
import { startTheme } from "./theme";

startTheme();
forgetOthers();
startCommands();
fillOwnZone();
