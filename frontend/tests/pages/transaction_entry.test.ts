// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TransactionEntry } from "../../src/pages/transaction_entry";

const CURRENCIES = ["", "EUR", "USD", "JPY"].map((code) => `<option value="${code}">${code}</option>`).join("");
const INSTRUMENT = `<input name="symbol" value=""><div id="instruments" role="listbox" hidden></div><span id="symbol-note"></span>
<fieldset id="new-instrument" hidden><input type="checkbox" name="creates_instrument"><select name="instrument_currency">${CURRENCIES}</select></fieldset>`;
const TOTAL = `<p><span id="total-label"></span><output id="total-text"></output><span id="total-settled"></span></p>`;
const TRADE = `${INSTRUMENT}<input name="quantity"><input name="price"><input name="gross"><input name="fees"><input name="taxes">
<p id="price-advice"></p><p id="rate-gap"></p><select name="settlement_currency">${CURRENCIES}</select><input name="settlement_rate">
<input name="settlement_amount"><p id="rate-advice"></p>`;
const EXCHANGE = `<input name="amount"><select name="currency">${CURRENCIES}</select><input name="counter_amount">
<select name="counter_currency">${CURRENCIES}</select><p id="rate-advice"></p>`;

const APPLE = {
  symbol: "AAPL",
  name: "Apple Inc.",
  venue: "Nasdaq",
  currency: "USD",
  contract_size: "1",
  quote_unit: "1",
};

function formOf(kind: string, fields: string, mark = "."): HTMLFormElement {
  document.body.innerHTML = `<form data-mark="${mark}" data-coins="JPY:0" data-instruments="/i" data-price="/p" data-rate="/r" data-currency-a1="EUR">
<div id="fields" data-type="${kind}"><select name="account_id"><option value="a1">Broker</option></select>
<input name="day" value="2012-05-18"><input name="time" value="">${fields}${TOTAL}</div></form>`;
  return document.querySelector("form") ?? document.createElement("form");
}

describe("the form of a transaction", () => {
  let answers: { [path: string]: unknown };
  let asked: string[];
  let entry: TransactionEntry;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = {
      "/i": { instruments: [APPLE] },
      "/p": { price: "530.38", text: "AAPL closed at 530.38 USD on 18 May 2012 (replay history)" },
      "/r": { rate: "0.7867", text: "ECB rate of 18 May 2012: 0.7867 EUR for 1 USD" },
    };
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      const answer = answers[address.split("?")[0] ?? ""];
      return answer === undefined ? new Response("", { status: 503 }) : Response.json(answer);
    });
  });
  afterEach(() => {
    entry.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const field = (name: string): HTMLInputElement =>
    document.querySelector<HTMLInputElement>(`[name="${name}"]`) ?? document.createElement("input");
  const text = (id: string): string => document.getElementById(id)?.textContent ?? "";

  async function type(name: string, value: string): Promise<void> {
    field(name).value = value;
    field(name).dispatchEvent(new Event("input", { bubbles: true }));
    field(name).dispatchEvent(new Event("change", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(200);
  }

  test("a purchase whose rate into the base currency is not known is warned of until it says what was paid", async () => {
    answers["/r"] = {
      rate: null,
      text: "No rate to suggest.",
      gap: "No exchange rate of USD is known before 4 January 1999.",
    };
    const form = formOf("buy", TRADE);
    form.dataset["base"] = "EUR";
    entry = new TransactionEntry(form);
    await type("symbol", "AAPL");
    expect(text("rate-gap")).toBe("No exchange rate of USD is known before 4 January 1999.");
    expect(asked.some((address) => address.includes("base=USD&quote=EUR") && address.includes("settles="))).toBe(true);
    await type("settlement_currency", "EUR");
    expect(text("rate-gap")).toBe("");
  });

  test("what comes beside a known symbol is recorded where no feed knows it, and only then", async () => {
    const ofOther = INSTRUMENT.replace('id="new-instrument"', 'id="new-instrument" data-of="new_symbol"');
    entry = new TransactionEntry(formOf("spin_off", `${ofOther}<input name="new_symbol">`));
    const box = (): boolean => document.querySelector<HTMLElement>("#new-instrument")?.hidden === true;
    await type("symbol", "AAPL");
    expect(box()).toBe(true);
    await type("new_symbol", "newco");
    expect(box()).toBe(false);
    (field("creates_instrument") as HTMLInputElement).checked = true;
    await type("symbol", "AAPL");
    expect([box(), field("creates_instrument").checked]).toEqual([false, true]);
    await type("new_symbol", "aapl");
    expect([box(), field("creates_instrument").checked]).toEqual([true, false]);
    await type("new_symbol", "");
    expect(box()).toBe(true);
  });

  test("a payment of an instrument that is made is in the currency that is chosen for it", async () => {
    const fields = `${INSTRUMENT}<input name="gross"><select name="currency">${CURRENCIES}</select>`;
    entry = new TransactionEntry(formOf("dividend", fields));
    await type("symbol", "ZZZ");
    await type("gross", "5");
    expect(text("total-text")).toBe("+5.00 EUR");
    field("creates_instrument").checked = true;
    await type("instrument_currency", "JPY");
    expect(text("total-text")).toBe("+5 JPY");
    await type("currency", "USD");
    expect(text("total-text")).toBe("+5.00 USD");
  });

  test("a trade is counted by the contract of its instrument, known or new", async () => {
    const contract = '<input name="contract_size"><input name="quote_unit">';
    entry = new TransactionEntry(formOf("buy", `${TRADE}${contract}`));
    await type("symbol", "OPT");
    await type("quantity", "1");
    await type("price", "2.5");
    await type("contract_size", "100");
    expect(text("total-text")).toBe("−2.50");
    field("creates_instrument").checked = true;
    await type("instrument_currency", "USD");
    expect(text("total-text")).toBe("−250.00 USD");
    answers["/i"] = { instruments: [{ ...APPLE, contract_size: "10", quote_unit: "100" }] };
    await type("symbol", "AAPL");
    expect(text("total-text")).toBe("−0.25 USD");
  });

  test("what a part of the cost stands for is said as one types it", async () => {
    const share = '<input name="cost_share"><span id="cost-share-note"></span>';
    entry = new TransactionEntry(formOf("spin_off", `${INSTRUMENT}${share}`));
    await type("cost_share", "20 %");
    expect(text("cost-share-note")).toBe("20 % of the cost goes, 80 % stays.");
    await type("cost_share", "0.2");
    expect(text("cost-share-note")).toBe("0.2 % of the cost goes, 99.8 % stays.");
    await type("cost_share", "120");
    expect(text("cost-share-note")).toBe("");
  });

  test("the total is computed as one types, exact and signed, in the instrument's currency", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    expect(text("total-text")).toBe("—");
    await type("symbol", "aapl");
    await type("quantity", "0.333");
    await type("price", "12.345678");
    expect([text("total-label"), text("total-text")]).toEqual(["To pay", "−4.111110774 USD"]);
    await type("fees", "1,5");
    expect(text("total-text")).toBe("−5.611110774 USD");
    await type("fees", "1,500");
    expect(text("total-text")).toBe("−1,504.111110774 USD");
    await type("fees", "1,5,0");
    expect(text("total-text")).toBe("−4.111110774 USD");
    await type("quantity", "-2");
    expect(text("total-text")).toBe("—");
  });

  test("the price of the day is filled in where nobody has typed, with its day and source", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    expect(field("price").value).toBe("530.38");
    expect(text("price-advice")).toBe("AAPL closed at 530.38 USD on 18 May 2012 (replay history); filled in.");
    expect(asked.some((each) => each.startsWith("/p?symbol=AAPL&day=2012-05-18"))).toBe(true);
    answers["/p"] = { price: "534.50", text: "AAPL closed at 534.50 USD on 17 May 2012 (replay history)" };
    await type("day", "2012-05-17");
    expect(field("price").value).toBe("534.50");
  });

  test("what a person has typed is never replaced, but the suggestion can be taken", async () => {
    entry = new TransactionEntry(formOf("sell", TRADE, ","));
    await type("price", "531");
    await type("symbol", "aapl");
    expect(field("price").value).toBe("531");
    const button = document.querySelector<HTMLButtonElement>("#price-advice button");
    expect(button?.textContent).toBe("Use 530,38");
    button?.click();
    expect(field("price").value).toBe("530,38");
    expect(text("price-advice")).toBe("AAPL closed at 530.38 USD on 18 May 2012 (replay history); filled in.");
  });

  test("an amount takes back the price that was filled in, and keeps it out until the amount is gone", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    await type("quantity", "3");
    expect([field("price").value, text("total-text")]).toEqual(["530.38", "−1,591.14 USD"]);
    await type("gross", "100");
    expect([field("price").value, text("total-text")]).toEqual(["", "−100.00 USD"]);
    expect(text("price-advice")).toBe("AAPL closed at 530.38 USD on 18 May 2012 (replay history).");
    answers["/p"] = { price: "534.50", text: "AAPL closed at 534.50 USD on 17 May 2012 (replay history)" };
    await type("day", "2012-05-17");
    expect(field("price").value).toBe("");
    await type("gross", "");
    expect([field("price").value, text("total-text")]).toEqual(["534.50", "−1,603.50 USD"]);
  });

  test("an amount leaves the price that a person has typed", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    await type("price", "33.34");
    await type("gross", "100");
    await type("quantity", "3");
    expect([field("price").value, text("total-text")]).toEqual(["33.34", "−100.00 USD"]);
  });

  test("an amount that is typed before the price is known keeps it out", async () => {
    entry = new TransactionEntry(formOf("sell", TRADE));
    await type("gross", "100");
    await type("symbol", "aapl");
    expect(field("price").value).toBe("");
  });

  test("nothing is put under the keys of who is in the field; left empty, it is filled in", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    field("price").focus();
    await type("symbol", "aapl");
    expect(field("price").value).toBe("");
    expect(document.querySelector("#price-advice button")?.textContent).toBe("Use 530.38");
    field("price").blur();
    field("price").dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(10);
    expect(field("price").value).toBe("530.38");
  });

  test("a day without a price takes back what was filled in and says why", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    answers["/p"] = { price: null, text: "No price to suggest: the market has not reached that moment yet." };
    await type("day", "2012-12-03");
    expect([field("price").value, text("price-advice")]).toEqual([
      "",
      "No price to suggest: the market has not reached that moment yet.",
    ]);
  });

  test("a settlement in another currency is filled by the rate of the day and rounded to whole coins", async () => {
    entry = new TransactionEntry(formOf("sell", TRADE));
    await type("symbol", "aapl");
    await type("quantity", "4");
    await type("fees", "1.25");
    await type("settlement_currency", "EUR");
    expect(field("settlement_rate").value).toBe("0.7867");
    expect([text("total-text"), text("total-settled")]).toEqual(["+2,120.27 USD", "settled as +1,668.02 EUR"]);
    await type("settlement_amount", "1600");
    expect(text("total-settled")).toBe("settled as +1,600.00 EUR");
  });

  test("what an exchange bought follows from the rate of the day, and the rate really paid is shown", async () => {
    answers["/r"] = { rate: "1.2711", text: "ECB rate of 18 May 2012: 1.2711 USD for 1 EUR" };
    entry = new TransactionEntry(formOf("currency_exchange", EXCHANGE));
    await type("amount", "1000");
    await type("counter_currency", "USD");
    expect(asked.at(-1)).toContain("base=EUR&quote=USD");
    expect(field("counter_amount").value).toBe("1271.10");
    await type("amount", "2000");
    expect(field("counter_amount").value).toBe("2542.20");
    await type("amount", "1000");
    await type("counter_amount", "1265");
    expect([text("total-label"), text("total-text")]).toEqual(["Rate paid", "1.2650 USD for 1 EUR"]);
  });

  test("an instrument is named when it is known", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    expect([text("symbol-note"), document.getElementById("new-instrument")?.hidden]).toEqual([
      "Apple Inc., Nasdaq, USD",
      true,
    ]);
  });

  test("a symbol that no feed knows can be made an instrument of the portfolio", async () => {
    answers["/i"] = { instruments: [] };
    entry = new TransactionEntry(formOf("buy", TRADE));
    field("symbol").focus();
    field("symbol").value = "wine";
    field("symbol").dispatchEvent(new Event("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(200);
    field("symbol").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(field("symbol").value).toBe("WINE");
    expect([text("symbol-note"), document.getElementById("new-instrument")?.hidden]).toEqual([
      "WINE was not found.",
      false,
    ]);
    expect(field("creates_instrument").checked).toBe(true);
    expect(asked.some((each) => each.startsWith("/p"))).toBe(false);
  });

  test("while the server cannot be asked the form works without suggestions", async () => {
    answers = {};
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    await type("quantity", "2");
    await type("price", "3");
    expect([text("price-advice"), text("total-text")]).toEqual(["", "−6.00"]);
  });

  test("what was typed goes along to the fields of another type, what was filled in does not", async () => {
    entry = new TransactionEntry(formOf("buy", TRADE));
    await type("symbol", "aapl");
    await type("quantity", "2");
    const kept = entry.kept();
    expect([kept.get("symbol"), kept.get("quantity"), kept.get("day"), kept.has("price")]).toEqual([
      "aapl",
      "2",
      "2012-05-18",
      false,
    ]);
  });
});
