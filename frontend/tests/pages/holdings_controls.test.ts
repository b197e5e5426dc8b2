// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { HoldingsControls } from "../../src/pages/holdings_controls";

const item = (name: string, checked: string): string =>
  `<li data-column="${name}"><label><input type="checkbox" name="column" value="${name}" ${checked}>${name}</label>` +
  `<button type="submit" name="move" value="${name}:up">up</button>` +
  `<button type="submit" name="move" value="${name}:down">down</button></li>`;

const PAGE =
  '<input id="holdings-filter"><select name="group" form="holdings-form"><option>account</option><option>class</option></select>' +
  '<form id="holdings-form" action="/preferences/holdings/"><input type="hidden" name="csrfmiddlewaretoken" value="t">' +
  `<ul id="columns-list">${item("price", "checked")}${item("value", "checked")}${item("sector", "")}</ul>` +
  '<select id="holdings-sort" name="sort"><option>value</option><option>day</option></select><input type="hidden" name="ordered" value="1">' +
  '<input type="checkbox" id="holdings-descending" name="descending" checked><p id="columns-said"></p></form>' +
  '<div id="holdings-part">before</div><div id="closed-part"></div><p id="holding-traits">{}</p>';

const ANSWER = '<div id="holdings-part"><p>after</p></div><div id="closed-part"><p>closed</p></div>';

describe("what stands over the holdings", () => {
  let sent: FormData[];
  let answer: () => Response;
  let onFilter: (text: string) => void;
  let onReplaced: () => void;
  let onLearned: () => void;
  let controls: HoldingsControls;

  beforeEach(() => {
    // Listeners of the document are those of one page.
    document.body.innerHTML = PAGE;
    sent = [];
    answer = () => new Response(ANSWER);
    onFilter = vi.fn();
    onReplaced = vi.fn();
    onLearned = vi.fn();
    const ask = async (_address: unknown, options?: RequestInit): Promise<Response> => {
      if (options?.body instanceof FormData) sent.push(options.body);
      return answer();
    };
    controls = new HoldingsControls({ onFilter, onReplaced, onLearned, fetch: ask as typeof fetch });
    controls.start();
  });

  const settled = (): Promise<void> => vi.waitFor(() => expect(onReplaced).toHaveBeenCalled());
  const columns = (): readonly string[] | undefined => sent.at(-1)?.getAll("column").map(String);
  const input = (name: string): HTMLInputElement | null => document.querySelector(`[value="${name}"]`);

  test("a column that is ticked is sent with the others in their order, and the answer's table takes the place", async () => {
    input("sector")?.click();
    await settled();
    expect(columns()).toEqual(["price", "value", "sector"]);
    expect(document.getElementById("holdings-part")?.textContent).toBe("after");
    expect(controls.showsClosed).toBe(true);
  });

  test("a column moves by its buttons and by Alt with the arrows, and keeps the focus", async () => {
    const up = document.querySelector<HTMLButtonElement>("[value='value:up']");
    up?.click();
    await settled();
    expect(columns()).toEqual(["value", "price"]);
    expect(document.activeElement).toBe(up);
    expect(document.getElementById("columns-said")?.textContent).toContain("place 1 of 3");
    const press = new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true, cancelable: true });
    input("value")?.dispatchEvent(press);
    await vi.waitFor(() => expect(columns()).toEqual(["price", "value"]));
  });

  test("what is changed while something is on its way goes after it, once, and only its table is taken", async () => {
    for (let press = 0; press < 3; press += 1) {
      document.querySelector<HTMLButtonElement>("[value='sector:up']")?.click();
    }
    input("sector")?.click();
    await settled();
    expect(sent.map((each) => each.getAll("column"))).toEqual([
      ["price", "value"],
      ["sector", "price", "value"],
    ]);
    expect(onReplaced).toHaveBeenCalledOnce();
  });

  test("the last column stays", () => {
    input("price")?.click();
    input("value")?.click();
    expect(input("value")?.checked).toBe(true);
    expect(document.getElementById("columns-said")?.textContent).toBe("One column beside the name stays.");
  });

  test("an order by a header is kept without another table", async () => {
    controls.keepOrder({ column: "day", isDescending: false });
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const [kept] = sent;
    expect([kept?.get("sort"), kept?.get("ordered"), kept?.get("descending")]).toEqual(["day", "1", null]);
    expect(kept?.get("csrfmiddlewaretoken")).toBe("t");
    expect(document.getElementById("holdings-part")?.textContent).toBe("before");
    expect((document.getElementById("holdings-sort") as HTMLSelectElement | null)?.value).toBe("day");
  });

  test("what the socket does not tell is asked for, and the table in hand stays", async () => {
    answer = () => new Response(`${ANSWER}<p id="holding-traits">{"AAPL":{}}</p>`);
    await controls.learn();
    expect(onLearned).toHaveBeenCalledOnce();
    expect(document.getElementById("holding-traits")?.textContent).toBe('{"AAPL":{}}');
    expect(document.getElementById("holdings-part")?.textContent).toBe("before");
    expect(document.getElementById("closed-part")?.textContent).toBe("closed");
    answer = () => new Response("", { status: 503 });
    await controls.learn();
    expect(onLearned).toHaveBeenCalledOnce();
  });

  test("where the server does not answer it is said, and the table stays", async () => {
    answer = () => new Response("", { status: 503 });
    input("sector")?.click();
    await vi.waitFor(() => expect(document.getElementById("columns-said")?.textContent).toContain("Not kept"));
    expect(document.getElementById("holdings-part")?.textContent).toBe("before");
    expect(onReplaced).not.toHaveBeenCalled();
  });

  test("Escape empties the filter, and then leaves it alone", () => {
    const filter = document.getElementById("holdings-filter") as HTMLInputElement;
    filter.value = "north";
    filter.dispatchEvent(new Event("input"));
    expect(onFilter).toHaveBeenLastCalledWith("north");
    const press = (): KeyboardEvent => new KeyboardEvent("keydown", { key: "Escape", cancelable: true });
    const first = press();
    filter.dispatchEvent(first);
    expect([filter.value, first.defaultPrevented]).toEqual(["", true]);
    expect(onFilter).toHaveBeenLastCalledWith("");
    const second = press();
    filter.dispatchEvent(second);
    expect(second.defaultPrevented).toBe(false);
  });
});
