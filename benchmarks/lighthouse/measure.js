/**
 * Lighthouse on pages of a browser that runs already: `node measure.js PORT ADDRESS…`, a line of JSON for each.
 *
 * The browser is signed in, and stays so: Lighthouse empties its caches before each page, and leaves its cookies. The preset is
 * Lighthouse's own for desktops, all of its audits. What took points off is told with what it was found on.
 */

import process from "node:process";
import lighthouse, { desktopConfig } from "lighthouse";

const CATEGORIES = ["accessibility", "best-practices", "performance"];
const MOST_NODES = 5;

const [port, ...addresses] = process.argv.slice(2);
for (const address of addresses) console.log(JSON.stringify(await measured(address)));

async function measured(address) {
  const options = { port: Number(port), logLevel: "error", onlyCategories: CATEGORIES };
  const { lhr } = await lighthouse(address, options, desktopConfig);
  if (lhr.runtimeError !== undefined) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  return {
    address: lhr.finalDisplayedUrl,
    scores: Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score])),
    found: CATEGORIES.flatMap((name) => faults(lhr, name)),
  };
}

/** The audits that took points off a category, each with its words and the first places. */
function faults(lhr, name) {
  return lhr.categories[name].auditRefs
    .filter(({ weight, id }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => {
      const { score, title, displayValue, details } = lhr.audits[id];
      const places = (details?.items ?? []).slice(0, MOST_NODES).map(place);
      return { category: name, id, score, title, value: displayValue ?? "", places };
    });
}

function place(item) {
  return item.node?.snippet ?? item.url ?? item.description ?? item.source ?? JSON.stringify(item).slice(0, 200);
}
