// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LongTable, MOST_PLAIN, stands } from "../../src/pages/long_table";
import { groupKeyOf, ROWS_OF_A_BLOCK } from "../../src/pages/row_blocks";

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

  observe(block: Element): void {
    this.watched.add(block);
  }

  unobserve(block: Element): void {
    this.watched.delete(block);
  }

  disconnect(): void {
    this.watched.clear();
  }

  see(block: Element, isIntersecting = true): void {
    this.looked([{ target: block, isIntersecting }]);
  }
}

function made(count: number): HTMLTableRowElement[] {
  return Array.from({ length: count }, () => {
    const row = document.createElement("tr");
    row.dataset["row"] = "";
    return row;
  });
}

describe("a long table", () => {
  let table: HTMLTableElement;
  let come: Element[][];
  let long: LongTable;

  const bodyOf = (group: string): HTMLTableSectionElement =>
    table.querySelector(`[data-group="${group}"]`) as HTMLTableSectionElement;
  const blocks = (): HTMLElement[] => [...table.querySelectorAll<HTMLElement>("[data-block]")];

  function place(rows: readonly HTMLElement[], group = "a"): void {
    long.take(rows.length);
    const body = bodyOf(group);
    long.place(body, body.querySelector("tr") as Element, rows, table.tFoot as Element);
    long.placed();
  }

  beforeEach(() => {
    vi.stubGlobal("IntersectionObserver", Observer);
    document.body.innerHTML = `<table><colgroup><col class="c-name"><col class="w-price"><col class="w-value"></colgroup>
      <tbody data-group="a"><tr class="group"></tr></tbody><tbody data-group="b"><tr class="group"></tr></tbody>
      <tfoot><tr><th colspan="2">Total</th></tr></tfoot></table>`;
    table = document.querySelector("table") as HTMLTableElement;
    come = [];
    long = new LongTable(table, (near) => come.push([...near]));
  });

  afterEach(() => vi.unstubAllGlobals());

  test("rows that the server sent and that are not laid out yet are, with the first figures or without them", () => {
    for (const come of [() => place(made(3)), () => place(made(MOST_PLAIN + 1)), () => vi.advanceTimersByTime(2_000)]) {
      vi.useFakeTimers();
      table.setAttribute("data-many", "");
      long = new LongTable(table, () => {});
      come();
      expect(table.hasAttribute("data-many")).toBe(false);
      vi.useRealTimers();
    }
  });

  test("up to the limit is none: every row is written, and stands in the body of its group", () => {
    const rows = made(MOST_PLAIN);
    place(rows);
    expect(long.isLong).toBe(false);
    expect(rows.every((row) => long.writes(row) && row.parentElement === bodyOf("a"))).toBe(true);
    expect(table.hasAttribute("data-long")).toBe(false);
  });

  test("has the columns of the table as those of a grid", () => {
    place(made(MOST_PLAIN + 1));
    expect([table, document.body].map((told) => [...told.attributes].map(({ name }) => name))).toEqual([
      expect.arrayContaining(["data-long"]),
      expect.arrayContaining(["data-calm"]),
    ]);
    expect(table.style.getPropertyValue("--tracks")).toBe("minmax(var(--w-name), 1fr) var(--w-price) var(--w-value)");
    expect(table.style.getPropertyValue("--lead")).toBe("2");
  });

  test("has its rows in blocks after the head of their group, in their order", () => {
    const rows = made(MOST_PLAIN + 1);
    place(rows);
    expect([...table.querySelectorAll("[data-row]")]).toEqual(rows);
    expect(bodyOf("a").querySelectorAll("tr")).toHaveLength(1);
    expect(blocks().map((block) => block.dataset["block"])).toEqual(blocks().map(() => "a"));
    expect(blocks().map((block) => block.childElementCount)).toEqual(
      blocks().map((block) => Number(block.style.getPropertyValue("--rows"))),
    );
    expect(blocks().at(-1)?.nextElementSibling).toBe(table.tFoot);
    expect(groupKeyOf(rows[0] as Element)).toBe("a");

    const [first, ...others] = rows;
    place([...others, first as HTMLElement]);
    expect([...table.querySelectorAll("[data-row]")]).toEqual([...others, first]);
    place(rows.slice(0, 2), "b");
    expect(bodyOf("b").querySelectorAll("[data-row]")).toHaveLength(2);
  });

  test("hides and takes away what belongs to a group with it", () => {
    place(made(MOST_PLAIN + 1));
    long.fold(bodyOf("a"), true);
    expect(blocks().every(({ hidden }) => hidden)).toBe(true);
    expect(table.querySelectorAll("[data-row]:not([hidden])")).toHaveLength(0);
    long.fold(bodyOf("a"), false);
    expect(blocks().some(({ hidden }) => hidden)).toBe(false);
    long.remove(bodyOf("a"));
    expect(table.querySelectorAll("[data-row], [data-group='a']")).toHaveLength(0);
  });

  test("writes what is in sight alone, and tells what comes into it once", () => {
    const rows = made(MOST_PLAIN + 1);
    place(rows);
    const [first, last] = [rows[0], rows.at(-1)] as [Element, Element];
    const block = blocks()[0] as Element;
    expect(long.writes(first)).toBe(false);
    Observer.last?.see(block);
    Observer.last?.see(block);
    expect(come).toEqual([[block]]);
    expect([stands(first, new Set([block])), stands(last, new Set([block]))]).toEqual([true, false]);
    expect([long.writes(first), long.writes(last)]).toEqual([true, false]);
    Observer.last?.see(block, false);
    expect(long.writes(first)).toBe(false);
  });

  test("forgets blocks that are gone, and whatever is still told of them", () => {
    const rows = made(MOST_PLAIN + 1 + ROWS_OF_A_BLOCK);
    place(rows);
    const gone = blocks().at(-1) as Element;
    Observer.last?.see(gone);
    for (const row of rows.splice(MOST_PLAIN + 1)) row.remove();
    place(rows);
    expect(gone.isConnected).toBe(false);
    expect(Observer.last?.watched).toEqual(new Set(blocks()));
    Observer.last?.see(gone);
    expect(come).toHaveLength(1);
  });

  test("is a table again once there are few rows, and watches anew when there are many", () => {
    const rows = made(MOST_PLAIN + 1);
    place(rows);
    const [first] = rows as unknown as [HTMLElement];
    for (const row of rows.slice(1)) row.remove();
    place([first]);
    expect([long.isLong, table.hasAttribute("data-long"), long.writes(first)]).toEqual([false, false, true]);
    expect(first.parentElement).toBe(bodyOf("a"));
    expect(blocks()).toEqual([]);
    expect(document.body.hasAttribute("data-calm")).toBe(false);
    place(rows);
    expect(Observer.last?.watched).toEqual(new Set(blocks()));
  });
});
