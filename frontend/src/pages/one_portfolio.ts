/** What a page of one portfolio hears of it: what changed, and that the person may no longer see it. */

import type { HeldPortfolio } from "../live/apply_portfolio";
import type { PageHooks } from "./app_shell";
import { sayGone } from "./gone";

/** Hooks of a page whose figures are in `root`; `changed` hears of the portfolio as long as it may be seen. */
export function ofPortfolio(id: string, root: Element, changed: (held: HeldPortfolio) => void): PageHooks {
  const gone = (): void => {
    if (root.isConnected) sayGone(root);
  };
  return {
    onPortfolio: ({ portfolio, held }) => {
      if (portfolio !== id) return;
      if (held.isLost) gone();
      else changed(held);
    },
    onAccess: (portfolios) => {
      if (!portfolios.some((each) => each.id === id)) gone();
    },
    onRefused: (portfolio, code) => {
      if (portfolio === id && code === "unknown_portfolio") gone();
    },
    onSignedOut: () => root.remove(),
  };
}
