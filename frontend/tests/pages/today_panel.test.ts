// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SessionLine } from "../../src/charts/session_line";
import { TodayPanel } from "../../src/pages/today_panel";

const drawn: string[] = [];

vi.mock("../../src/charts/session_chart", () => ({
  SessionChart: class {
    show(): void {
      drawn.push("whole");
    }
    extended(): void {
      drawn.push("last minute");
    }
    recolour(): void {}
    remove(): void {}
  },
}));

const LINE = { frame: { symbol: "AAPL" } } as SessionLine;
let look: (isIntersecting: boolean) => void = () => {};

beforeEach(() => {
  document.body.innerHTML = '<div id="chart"></div><button id="chart-table-button"></button>';
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => {
    work();
    return null;
  });
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(told: (entries: { readonly isIntersecting: boolean }[]) => void) {
        look = (isIntersecting) => told([{ isIntersecting }]);
      }
      observe(): void {}
    },
  );
  drawn.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function shown(): Promise<TodayPanel> {
  const panel = new TodayPanel({ onRetry: () => {} });
  await panel.show(LINE, "USD");
  vi.advanceTimersByTime(10_000);
  panel.grew(LINE);
  return panel;
}

test("a chart in sight is drawn with each minute", async () => {
  const panel = await shown();
  panel.grew(LINE);
  expect(drawn).toEqual(["whole", "last minute", "last minute"]);
});

test("out of sight it is drawn once in a while, and whole", async () => {
  const panel = await shown();
  look(false);
  panel.grew(LINE);
  panel.grew(LINE);
  expect(drawn).toEqual(["whole", "last minute"]);
  vi.advanceTimersByTime(5_000);
  panel.grew(LINE);
  expect(drawn).toEqual(["whole", "last minute", "whole"]);
});

test("what comes into sight, or goes onto paper, is drawn whole at once if it grew", async () => {
  const panel = await shown();
  look(false);
  look(true);
  expect(drawn).toEqual(["whole", "last minute"]);
  look(false);
  panel.grew(LINE);
  look(true);
  expect(drawn).toEqual(["whole", "last minute", "whole"]);
  look(false);
  panel.grew(LINE);
  dispatchEvent(new Event("beforeprint"));
  expect(drawn).toEqual(["whole", "last minute", "whole", "whole"]);
  panel.grew(LINE);
  expect(drawn).toHaveLength(4);
});
