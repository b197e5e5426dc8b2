/** German, for the pages whose root says `lang="de"`. */

import sentences from "virtual:words/de";
import { speak } from "../lib/words";

speak({ sentences, form: (count) => (count === 1 ? 0 : 1) });
