/** What every page needs of scripts: the theme button; and the time zone of who signs up. */

import { fillOwnZone } from "./own_zone";
import { startTheme } from "./theme";

startTheme();
fillOwnZone();
