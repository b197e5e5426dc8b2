// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Spoken } from "../../src/pages/spoken";

describe("the sentence for a screen reader", () => {
  let region: HTMLElement;
  let sentence: string;
  let spoken: Spoken;

  beforeEach(() => {
    vi.useFakeTimers();
    region = document.createElement("p");
    sentence = "Long term up 0.43 %.";
    spoken = new Spoken(region, () => sentence);
  });
  afterEach(() => vi.useRealTimers());

  test("it is said at most every 15 s, and then the newest", () => {
    spoken.changed();
    vi.advanceTimersByTime(0);
    expect(region.textContent).toBe("Long term up 0.43 %.");
    for (sentence of ["Long term up 0.44 %.", "Long term up 0.45 %."]) spoken.changed();
    vi.advanceTimersByTime(14_000);
    expect(region.textContent).toBe("Long term up 0.43 %.");
    vi.advanceTimersByTime(1_000);
    expect(region.textContent).toBe("Long term up 0.45 %.");
  });

  test("an end takes back what was said, and what waits is not said any more", () => {
    spoken.changed();
    vi.advanceTimersByTime(0);
    sentence = "Long term up 0.44 %.";
    spoken.changed();
    spoken.end();
    expect(region.textContent).toBe("");
    spoken.changed();
    vi.advanceTimersByTime(60_000);
    expect(region.textContent).toBe("");
  });
});
