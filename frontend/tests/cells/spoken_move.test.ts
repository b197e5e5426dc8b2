import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { nameOf } from "../../src/cells/holdings";
import { spokenMove, spokenPrice } from "../../src/cells/spoken_move";
import { ENGLISH, GERMAN, writeAs } from "../../src/lib/notation";
import { toldKeys } from "../../src/lib/shortcuts";
import { speak, speakEnglish } from "../../src/lib/words";

describe("what is read out", () => {
  test("says which way a price and a day went, where a sign might not be spoken", () => {
    expect(spokenPrice("AAPL", "557.43 USD", "1.30")).toBe("AAPL 557.43 USD, up 1.30 %");
    expect(spokenPrice("AAPL", "557.43 USD", "-0.3")).toBe("AAPL 557.43 USD, down 0.30 %");
    expect(spokenPrice("AAPL", "557.43 USD", "0.001")).toBe("AAPL 557.43 USD, 0.00 %");
    expect(spokenMove("Long term", "0.43")).toBe("Long term up 0.43 %");
    expect(spokenMove("EUR", "-0.11")).toBe("EUR down 0.11 %");
    expect(spokenMove("EUR", null)).toBe("EUR —");
  });
});

describe("for who reads German", () => {
  const german = readFileSync(new URL("../../src/words/de.po", import.meta.url), "utf8");

  /** The German of `sentence`, as the catalogue has it. */
  function translated(sentence: string): readonly string[] {
    const at = german.indexOf(`\nmsgid "${sentence}"\n`);
    return [/msgstr "(.*)"/.exec(german.slice(at))?.[1] ?? ""];
  }

  afterEach(() => {
    speakEnglish();
    writeAs(ENGLISH);
  });

  test("what is read out, a dividend that is due and the keys are German, too", () => {
    const said = [
      "{name} {price}, up {percent}",
      "{name} down {percent}",
      "Dividend due {day}",
      "Shift",
      "Ctrl K",
    ] as const;
    speak({ sentences: Object.fromEntries(said.map((each) => [each, translated(each)])), form: () => 0 });
    writeAs(GERMAN);
    expect(spokenPrice("AAPL", "563,24 USD", "0.35")).toBe("AAPL 563,24 USD, plus 0,35 %");
    expect(spokenMove("EUR", "-0.11")).toBe("EUR minus 0,11 %");
    expect(nameOf({ kind: "receivable", name: "2012-06-08" })).toBe("Dividende, fällig 08.06.2012");
    expect(toldKeys({ keys: ["shift+p"], does: "", group: "Everywhere" })).toBe("Umschalt P");
  });
});
