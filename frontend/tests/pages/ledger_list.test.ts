// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LedgerList } from "../../src/pages/ledger_list";

const ROW = (id: string, version: number): string =>
  `<tr data-id="${id}" data-version="${version}"><th><a href="/${id}">${id}</a></th></tr>`;

function page(head: number, ...rows: readonly string[]): string {
  return `<p id="ledger-count">${rows.length} transactions</p>
<section id="ledger" data-portfolio="p1" data-head="${head}"><table><tbody>${rows.join("")}</tbody></table></section>
<p id="ledger-spoken"></p>`;
}

describe("the list of transactions", () => {
  let list: LedgerList;
  let asked: number;
  let answer: () => Promise<Response>;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = page(2, ROW("a", 1), ROW("b", 1));
    asked = 0;
    vi.stubGlobal("fetch", () => {
      asked += 1;
      return answer();
    });
    answer = async () => new Response(page(3, ROW("c", 1), ROW("a", 2), ROW("b", 1)));
    list = new LedgerList();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const shown = (): string[] =>
    [...document.querySelectorAll<HTMLElement>("[data-id]")].map((row) => row.dataset["id"] ?? "");
  const news = (): string[] =>
    [...document.querySelectorAll<HTMLElement>("[data-news]")].map((row) => row.dataset["id"] ?? "");

  test("a newer ledger is fetched and exchanged in place, with what is new or changed marked", async () => {
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(150);
    expect([shown(), news()]).toEqual([
      ["c", "a", "b"],
      ["c", "a"],
    ]);
    expect(document.querySelector("#ledger-count")?.textContent).toBe("3 transactions");
    expect(document.querySelector("#ledger-spoken")?.textContent).toBe("The list has changed: 3 transactions.");
  });

  test("what is selected stays so, also in a newer version", async () => {
    const box = (id: string, version: number): string =>
      `<tr data-id="${id}"><td><input type="checkbox" name="chosen" value="${id}:${version}"></td></tr>`;
    document.body.innerHTML = page(2, box("a", 1), box("b", 1));
    document.querySelector<HTMLInputElement>("[name=chosen]")?.click();
    answer = async () => new Response(page(3, box("a", 2), box("b", 1)));
    list = new LedgerList();
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(150);
    const chosen = [...document.querySelectorAll<HTMLInputElement>("[name=chosen]:checked")].map(({ value }) => value);
    expect(chosen).toEqual(["a:2"]);
  });

  test("what the list shows already, and another portfolio's change, ask for nothing", async () => {
    list.heard("p1", 2);
    list.heard("p2", 9);
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toBe(0);
  });

  test("a burst of changes is fetched once, and what came meanwhile once more", async () => {
    let release: (response: Response) => void = () => {};
    answer = () =>
      new Promise((settle) => {
        release = settle;
      });
    for (const head of [3, 4, 5]) list.heard("p1", head);
    await vi.advanceTimersByTimeAsync(150);
    expect(asked).toBe(1);
    list.heard("p1", 6);
    release(new Response(page(5, ROW("a", 1))));
    await vi.advanceTimersByTimeAsync(150);
    expect(asked).toBe(2);
    release(new Response(page(6, ROW("a", 1))));
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toBe(2);
  });

  test("what is said again while it is on its way is fetched once, and its marks stay", async () => {
    let release: (response: Response) => void = () => {};
    answer = () =>
      new Promise((settle) => {
        release = settle;
      });
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(150);
    list.heard("p1", 3);
    release(new Response(page(3, ROW("c", 1), ROW("a", 1), ROW("b", 1))));
    await vi.advanceTimersByTimeAsync(500);
    expect([asked, news()]).toEqual([1, ["c"]]);
  });

  test("the focus stays on the row that it was on", async () => {
    document.querySelector<HTMLAnchorElement>('[data-id="b"] a')?.focus();
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(150);
    expect(document.activeElement?.textContent).toBe("b");
  });

  test("after a failure the list stays, and the next look tries again", async () => {
    answer = () => Promise.reject(new Error("offline"));
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(150);
    expect(shown()).toEqual(["a", "b"]);
    answer = async () => new Response(page(3, ROW("c", 1)));
    list.looked();
    await vi.advanceTimersByTimeAsync(150);
    expect(shown()).toEqual(["c"]);
  });

  test("a hidden page waits until somebody looks", async () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    list.heard("p1", 3);
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toBe(0);
    hidden.mockReturnValue(false);
    list.looked();
    await vi.advanceTimersByTimeAsync(150);
    expect(shown()).toEqual(["c", "a", "b"]);
  });
});
