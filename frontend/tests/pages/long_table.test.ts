// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LongTable, MOST_PLAIN } from "../../src/pages/long_table";

type Look = Pick<IntersectionObserverEntry, "target" | "isIntersecting">;

/** Looks only when it is told to. */
class Observer {
  static last: Observer | null = null;
  readonly watched = new Set<Element>();

  readonly looked: (entries: readonly Look[]) => void;

  constructor(looked: (entries: readonly Look[]) => void) {
    this.looked = looked;
    Observer.last = this;
  }

  observe(row: Element): void {
    this.watched.add(row);
  }

  unobserve(row: Element): void {
    this.watched.delete(row);
  }

  disconnect(): void {
    this.watched.clear();
  }

  see(row: Element, isIntersecting = true): void {
    this.looked([{ target: row, isIntersecting }]);
  }
}

function made(count: number): readonly HTMLTableRowElement[] {
  return Array.from({ length: count }, () => document.createElement("tr"));
}

describe("a long table", () => {
  let table: HTMLTableElement;
  let come: Element[][];
  let long: LongTable;

  beforeEach(() => {
    vi.stubGlobal("IntersectionObserver", Observer);
    document.body.innerHTML = `<table><colgroup><col class="c-name"><col class="w-price"><col class="w-value"></colgroup>
      <tfoot><tr><th colspan="2">Total</th></tr></tfoot></table>`;
    table = document.querySelector("table") as HTMLTableElement;
    come = [];
    long = new LongTable(table, (rows) => come.push([...rows]));
  });

  afterEach(() => vi.unstubAllGlobals());

  test("up to the limit is none: every row is written", () => {
    const rows = made(MOST_PLAIN);
    long.take(new Set(rows));
    expect(long.isLong).toBe(false);
    expect(rows.every((row) => long.writes(row))).toBe(true);
    expect(table.hasAttribute("data-long")).toBe(false);
  });

  test("has the columns of the table as those of a grid", () => {
    long.take(new Set(made(MOST_PLAIN + 1)));
    expect([table, document.body].map((told) => [...told.attributes].map(({ name }) => name))).toEqual([
      expect.arrayContaining(["data-long"]),
      expect.arrayContaining(["data-calm"]),
    ]);
    expect(table.style.getPropertyValue("--tracks")).toBe("minmax(var(--w-name), 1fr) var(--w-price) var(--w-value)");
    expect(table.style.getPropertyValue("--lead")).toBe("2");
  });

  test("writes what is in sight alone, and tells what comes into it once", () => {
    const rows = made(MOST_PLAIN + 1);
    long.take(new Set(rows));
    const [first, second] = rows as unknown as [Element, Element];
    expect(long.writes(first)).toBe(false);
    Observer.last?.see(first);
    Observer.last?.see(first);
    expect(come).toEqual([[first]]);
    expect([long.writes(first), long.writes(second)]).toEqual([true, false]);
    Observer.last?.see(first, false);
    expect(long.writes(first)).toBe(false);
  });

  test("forgets rows that are gone, and whatever is still told of them", () => {
    const rows = made(MOST_PLAIN + 2);
    const [gone, ...others] = rows as unknown as [Element, ...Element[]];
    long.take(new Set(rows));
    Observer.last?.see(gone);
    long.take(new Set(others));
    expect(Observer.last?.watched).toEqual(new Set(others));
    Observer.last?.see(gone);
    expect(long.writes(gone)).toBe(false);
    expect(come).toHaveLength(1);
  });

  test("is a table again once there are few rows, and watches anew when there are many", () => {
    const rows = made(MOST_PLAIN + 1);
    long.take(new Set(rows));
    const [first] = rows as unknown as [Element];
    long.take(new Set([first]));
    expect([long.isLong, table.hasAttribute("data-long"), long.writes(first)]).toEqual([false, false, true]);
    expect(document.body.hasAttribute("data-calm")).toBe(false);
    long.take(new Set(rows));
    expect(Observer.last?.watched.size).toBe(rows.length);
  });
});
