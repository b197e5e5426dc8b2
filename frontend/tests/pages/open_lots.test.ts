// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OpenLots } from "../../src/pages/open_lots";
import { TransactionFields } from "../../src/pages/transaction_fields";

const row = (name: string, kept = ""): string =>
  `<input name="take:${name}" data-lot="${name}" data-kept="${kept}" value="">`;
const FIRST = "2012-02-02 #1";
const SECOND = "2012-02-02 #2";

let asked: string[];
let answer: string;

function fieldsOf(list: string, line = ""): TransactionFields {
  document.body.innerHTML = `<form><div id="fields" data-type="sell"><select name="account_id"><option value="a1"></option></select>
<input name="symbol" value=""><input name="day" value="2012-05-18"><input name="time" value=""><div id="open-lots">${list}</div>
<input name="lots" value="${line}"></div></form>`;
  return new TransactionFields(document.querySelector("form") ?? document.createElement("form"));
}

const input = (name: string): HTMLInputElement =>
  document.querySelector<HTMLInputElement>(`[name="${name}"]`) ?? document.createElement("input");

function type(lots: OpenLots, name: string, value: string): void {
  input(name).value = value;
  lots.typed(input(name));
}

beforeEach(() => {
  asked = [];
  answer = `<div id="open-lots">${row(FIRST)}</div>`;
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(answer);
  });
});
afterEach(() => vi.unstubAllGlobals());

test("another instrument brings its lots, and the same one is not asked for again", async () => {
  const lots = new OpenLots(fieldsOf(""));
  await lots.ask();
  expect(asked).toEqual([]);
  input("symbol").value = "aapl";
  await lots.ask();
  await lots.ask();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("?type=sell&symbol=AAPL&account=a1&day=2012-05-18&time=");
  expect(input(`take:${FIRST}`).dataset["lot"]).toBe(FIRST);
});

test("units beside lots write the line, and a line that is typed clears the list", () => {
  const lots = new OpenLots(fieldsOf(row(FIRST) + row(SECOND)));
  type(lots, `take:${SECOND}`, " 5 ");
  type(lots, `take:${FIRST}`, "1");
  expect(input("lots").value).toBe(`${FIRST} 1; ${SECOND} 5`);
  type(lots, "lots", `${FIRST} 2`);
  expect([input(`take:${FIRST}`).value, input(`take:${SECOND}`).value]).toEqual(["", ""]);
});

test("what the line says when the page comes stands in the list, unless it says more than the list has", () => {
  new OpenLots(fieldsOf(row(FIRST) + row(SECOND, "5"), `${SECOND} 5`));
  expect(input(`take:${SECOND}`).value).toBe("5");
  new OpenLots(fieldsOf(row(FIRST) + row(SECOND, "5"), `${SECOND} 5; 2012-03-01 1`));
  expect(input(`take:${SECOND}`).value).toBe("");
});
