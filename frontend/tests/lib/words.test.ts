import { afterEach, expect, test } from "vitest";
import { countedPhrase, phrase, speak, speakEnglish } from "../../src/lib/words";

const GERMAN = {
  sentences: { "Since {time}": ["Seit {time}"], "{count} price": ["{count} Kurs", "{count} Kurse"] },
  form: (count: number) => (count === 1 ? 0 : 1),
};

afterEach(speakEnglish);

test("English is the sentence itself, with its values", () => {
  expect(phrase("Since {time}", { time: "14:02" })).toBe("Since 14:02");
  expect(phrase("a {brace} that names no value")).toBe("a {brace} that names no value");
  expect(countedPhrase("{count} price", "{count} prices", 1)).toBe("1 price");
  expect(countedPhrase("{count} price", "{count} prices", 0)).toBe("0 prices");
});

test("a translation is said where there is one", () => {
  speak(GERMAN);
  expect(phrase("Since {time}", { time: "14:02" })).toBe("Seit 14:02");
  expect(countedPhrase("{count} price", "{count} prices", 1)).toBe("1 Kurs");
  expect(countedPhrase("{count} price", "{count} prices", 3, { count: "3" })).toBe("3 Kurse");
  expect(phrase("not translated")).toBe("not translated");
});

test("a value is text, whatever stands in it", () => {
  expect(phrase("{name} and {name}", { name: "{other} $& <b>" })).toBe("{other} $& <b> and {other} $& <b>");
});
