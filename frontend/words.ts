/** Makes of a catalogue (src/words/de.po) what the server reads and what the pages read. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mo, po } from "gettext-parser";
import type { Plugin } from "vite";

const OURS = "virtual:words/";

/** The server's compiled catalogues, and a module of the sentences that the pages' scripts say. */
export function words(options: { readonly catalogues: string; readonly compiled: string }): Plugin {
  const catalogue = (language: string) => po.parse(readFileSync(`${options.catalogues}/${language}.po`));
  return {
    name: "words",
    resolveId: (id) => (id.startsWith(OURS) ? `\0${id}` : undefined),
    load: (id) => {
      if (!id.startsWith(`\0${OURS}`)) return undefined;
      const language = id.slice(OURS.length + 1);
      const read = catalogue(language);
      const folder = `${options.compiled}/${language}/LC_MESSAGES`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/django.mo`, mo.compile(read));
      const said = Object.values(read.translations).flatMap((each) => Object.values(each)).filter(
        (entry) => entry.msgid && entry.comments?.reference?.includes("frontend/src/") && entry.msgstr.every(Boolean),
      );
      return `export default ${JSON.stringify(Object.fromEntries(said.map((entry) => [keyOf(entry), entry.msgstr])))};`;
    },
  };
}

/** As lib/words.ts asks for it: a sentence of one use only is marked by it. */
function keyOf({ msgctxt, msgid }: { readonly msgctxt?: string; readonly msgid: string }): string {
  return msgctxt ? `${msgctxt}\u0004${msgid}` : msgid;
}
