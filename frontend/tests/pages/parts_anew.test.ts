// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PartsAnew } from "../../src/pages/parts_anew";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<p id="lots">1</p><p id="note">typed</p>`;
});
afterEach(() => vi.useRealTimers());

const pageOf = (lots: string): Document =>
  new DOMParser().parseFromString(`<p id="lots">${lots}</p><p id="note">kept</p>`, "text/html");
const lots = (): string | null => document.getElementById("lots")?.textContent ?? null;

test("its parts are taken over and nothing else", async () => {
  const taken = vi.fn();
  const parts = new PartsAnew(["lots", "gone"], taken, () => Promise.resolve(pageOf("2")));
  parts.soon();
  parts.soon();
  await vi.runAllTimersAsync();
  expect([lots(), document.getElementById("note")?.textContent, taken.mock.calls.length]).toEqual(["2", "typed", 1]);
});

test("until what is live is recorded it asks ever more seldom, and at once when both agreed", async () => {
  const fetches = vi.fn(() => Promise.resolve(pageOf("2")));
  const parts = new PartsAnew(["lots"], () => undefined, fetches);
  for (const wait of [0, 300, 600, 1_200, 2_400, 5_000, 5_000]) {
    parts.soon();
    const before = fetches.mock.calls.length;
    if (wait > 0) await vi.advanceTimersByTimeAsync(wait - 1);
    expect(fetches.mock.calls.length).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(fetches.mock.calls.length).toBe(before + 1);
  }
  parts.agree();
  parts.soon();
  await vi.advanceTimersByTimeAsync(0);
  expect(fetches.mock.calls.length).toBe(8);
});

test("a page that does not come is asked for again, and none after the end", async () => {
  const answers = [null, new Error("offline"), pageOf("2")];
  const parts = new PartsAnew(
    ["lots"],
    () => undefined,
    () => {
      const answer = answers.shift() ?? null;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  );
  parts.soon();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lots()).toBe("2");
  answers.push(pageOf("3"));
  parts.soon();
  parts.end();
  parts.soon();
  await vi.runAllTimersAsync();
  expect(lots()).toBe("2");
});
