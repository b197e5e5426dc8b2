import { afterEach, expect, test } from "vitest";
import { speak, speakEnglish } from "../../src/lib/words";
import { feedSentence } from "../../src/pages/feed_words";

const NOBODY = "No process reads the feeds at the moment; prices wait for one.";
const AWAY = "The bus between the processes is away at the moment; prices wait for it.";
const ENDED = "The data end here; a new run begins in a moment.";

afterEach(speakEnglish);

test.each([NOBODY, AWAY, ENDED, "New York is closed until 22 May 09:30.", "the vendor asks for patience"])(
  "%s is the same in English",
  (said) => {
    expect(feedSentence(said)).toBe(said);
  },
);

test("what the product says itself is said in the reader's language, and a vendor's words are not touched", () => {
  const sentences = {
    [NOBODY]: ["Niemand."],
    [AWAY]: ["Fort."],
    "New York is closed until {day} {time}.": ["Zu bis {day} {time}."],
  };
  speak({ sentences, form: () => 0 });
  expect(feedSentence(NOBODY)).toBe("Niemand.");
  expect(feedSentence(AWAY)).toBe("Fort.");
  expect(feedSentence("New York is closed until 1 June 09:30.")).toBe("Zu bis 1 June 09:30.");
  expect(feedSentence("New York is closed until 1 Nonsense 09:30.")).toBe("New York is closed until 1 Nonsense 09:30.");
});
