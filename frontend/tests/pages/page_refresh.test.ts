// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PageRefresh } from "../../src/pages/page_refresh";

const RHYTHM = { every: 10_000, afterHidden: 500, untilItFits: [0, 300, 600] };
const ANSWER = new DOMParser().parseFromString("<p>2</p>", "text/html");
const root = document.createElement("main");
const taken = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  document.body.replaceChildren(root);
  taken.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function refreshing(fetches: () => Promise<Document | null> = () => Promise.resolve(ANSWER)) {
  return new PageRefresh(root, RHYTHM, taken, fetches);
}

async function tookAfter(ms: number): Promise<number> {
  await vi.advanceTimersByTimeAsync(ms);
  return taken.mock.calls.length;
}

test("it is asked every so often, and by the soonest that was wanted", async () => {
  const page = refreshing();
  page.start();
  expect(await tookAfter(9_999)).toBe(0);
  expect(await tookAfter(1)).toBe(1);
  page.within(600);
  page.within(100);
  page.within(900);
  expect([await tookAfter(100), await tookAfter(9_999), await tookAfter(1)]).toEqual([2, 2, 3]);
});

test("until it fits it is asked ever more seldom, and at once after it did", async () => {
  const page = refreshing();
  for (const [at, wait] of [0, 300, 600, 600].entries()) {
    page.untilItFits();
    if (wait > 0) expect(await tookAfter(wait - 1)).toBe(at);
    expect(await tookAfter(wait > 0 ? 1 : 0)).toBe(at + 1);
  }
  page.fits();
  page.untilItFits();
  expect(await tookAfter(0)).toBe(5);
});

test("an answer that is under way is waited for", async () => {
  let answer: (page: Document) => void = () => undefined;
  const fetches = vi.fn(
    () =>
      new Promise<Document>((resolve) => {
        answer = resolve;
      }),
  );
  const page = refreshing(fetches);
  page.within(0);
  await vi.advanceTimersByTimeAsync(0);
  page.untilItFits();
  expect([await tookAfter(5_000), fetches.mock.calls.length]).toEqual([0, 1]);
  answer(ANSWER);
  expect(await tookAfter(0)).toBe(1);
});

test("what is wanted while an answer is under way, which may be of before, is asked for after it", async () => {
  const answers: ((page: Document) => void)[] = [];
  const page = refreshing(() => new Promise<Document>((resolve) => answers.push(resolve)));
  page.within(0);
  await vi.advanceTimersByTimeAsync(0);
  page.within(0);
  page.within(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(1);
  answers[0]?.(ANSWER);
  expect([await tookAfter(0), answers.length]).toEqual([1, 2]);
  answers[1]?.(ANSWER);
  expect([await tookAfter(9_999), answers.length]).toEqual([2, 2]);
});

test("what does not come is asked for again, what leads elsewhere is not taken", async () => {
  const answers = [Promise.reject(new Error("offline")), Promise.resolve(null), Promise.resolve(ANSWER)];
  for (const each of answers) each.catch(() => undefined);
  const page = refreshing(() => answers.shift() ?? Promise.resolve(null));
  page.start();
  expect([await tookAfter(10_000), await tookAfter(10_000), await tookAfter(10_000)]).toEqual([0, 0, 1]);
});

test("nothing is asked out of sight or when its figures are gone; in sight again it is asked soon", async () => {
  const page = refreshing();
  page.start();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  expect(await tookAfter(30_000)).toBe(0);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect([await tookAfter(499), await tookAfter(1)]).toEqual([0, 1]);
  root.remove();
  page.within(0);
  expect(await tookAfter(30_000)).toBe(1);
});
