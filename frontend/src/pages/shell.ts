/** What every page needs of scripts: the theme button. */

import { startTheme } from "./theme";

startTheme();
