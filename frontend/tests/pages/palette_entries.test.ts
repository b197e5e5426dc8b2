import { describe, expect, test } from "vitest";
import { type Answer, answerOf, type Entry, entriesFor, lineAskedOf } from "../../src/pages/palette_entries";
import { previewOf } from "../../src/pages/palette_line";

const LONG = "11111111-1111-1111-1111-111111111111";
const SHARED = "22222222-2222-2222-2222-222222222222";
const ANSWER: Answer = answerOf({
  instruments: [
    { symbol: "AAPL", name: "Apple Inc.", venue: "NASDAQ", portfolio: "" },
    { symbol: "AP/OWN", name: "A boat", venue: "", portfolio: LONG },
  ],
  portfolios: [
    { id: SHARED, name: "Ours", may_write: false },
    { id: LONG, name: "Long term", may_write: true },
  ],
  places: [
    { name: "Performance", address: "/portfolios/s/performance/", portfolio: SHARED, of: "Ours" },
    { name: "Performance", address: "/portfolios/l/performance/", portfolio: LONG, of: "Long term" },
    { name: "Preferences", address: "/preferences/", portfolio: "", of: "" },
  ],
});
const HIDE: Entry = { icon: "mask", name: "Hide amounts", detail: "Privacy mode", keys: "Shift P", does: () => {} };

function offered(typed: string, answer: Answer | null = ANSWER, at: string | null = LONG): readonly string[] {
  return entriesFor(typed, answer, { actions: [HIDE], at, watch: null, read: null }).map(({ name, detail }) =>
    `${name} ${detail}`.trim(),
  );
}

test("instruments come first, then what can be done with the first of them where one may", () => {
  const entries = entriesFor("ap", ANSWER, { actions: [HIDE], at: LONG, watch: null, read: null });
  expect(entries.map(({ name, detail, does }) => [name, detail, does])).toEqual([
    ["AAPL", "Apple Inc., NASDAQ", `/portfolios/${LONG}/instruments/AAPL/`],
    ["Buy AAPL", "in Long term", `/portfolios/${LONG}/transactions/new/?type=buy&symbol=AAPL`],
    ["Sell AAPL", "in Long term", `/portfolios/${LONG}/transactions/new/?type=sell&symbol=AAPL`],
    ["AP/OWN", "A boat", `/portfolios/${LONG}/instruments/AP%2FOWN/`],
  ]);
});

test("where no portfolio is at hand an instrument has a page of its own", () => {
  const [first] = entriesFor("ap", ANSWER, { actions: [HIDE], at: null, watch: null, read: null });
  expect(first?.does).toBe("/instruments/AAPL/");
});

test("every word typed begins a word of a page, and the pages of the portfolio at hand go first", () => {
  const places = { ...ANSWER, instruments: [] };
  expect(offered("perf", places)).toEqual(["Performance Long term", "Performance Ours"]);
  expect(offered("perf our", places)).toEqual(["Performance Ours"]);
  expect(offered("privacy", places)).toEqual(["Hide amounts Privacy mode"]);
  expect(offered("zzz", places)).toEqual([]);
});

test("before anything is typed pages and actions are offered, and before any answer actions alone", () => {
  expect(offered("")).toEqual([
    "Performance Long term",
    "Performance Ours",
    "Preferences",
    "Hide amounts Privacy mode",
  ]);
  expect(offered("", null)).toEqual(["Hide amounts Privacy mode"]);
});

test("before anything is typed each portfolio has its first page, and the one at hand a few", () => {
  const page = (at: string, name: string) => ({ name, address: `/${at}/${name}/`, portfolio: at, of: at });
  const pages = ["1", "2", "3", "4", "5", "6"].map((name) => page("here", name));
  const answer = { ...ANSWER, places: [page("there", "1"), page("there", "2"), ...pages] };
  expect(offered("", answer, "here")).toEqual([
    ...["1 here", "2 here", "3 here", "4 here", "5 here"],
    ...["1 there", "Hide amounts Privacy mode"],
  ]);
});

test("an instrument that one portfolio alone knows is bought nowhere else", () => {
  const [, own] = ANSWER.instruments;
  if (own === undefined) throw new Error("none");
  const elsewhere = { ...ANSWER, instruments: [{ ...own, portfolio: SHARED }], places: [] };
  expect(offered("ap", elsewhere)).toEqual(["AP/OWN A boat"]);
});

test("an answer that is none is a fault", () => {
  expect(() => answerOf({ instruments: {}, portfolios: [], places: [] })).toThrow("Expected a list.");
  expect(() => answerOf(null)).toThrow("Expected an object.");
});

test("the first hit can be watched by who is signed in, unless a portfolio alone knows it", () => {
  const watched: string[] = [];
  const around = { actions: [], at: null, watch: (symbol: string) => void watched.push(symbol), read: null };
  const entry = entriesFor("ap", ANSWER, around).find(({ name }) => name === "Watch AAPL");
  if (typeof entry?.does !== "function") throw new Error("Expected something that it does.");
  entry.does();
  expect(watched).toEqual(["AAPL"]);
  const own = { ...ANSWER, instruments: ANSWER.instruments.filter(({ portfolio }) => portfolio !== "") };
  expect(entriesFor("boat", own, around).filter(({ name }) => name.startsWith("Watch"))).toEqual([]);
});

describe("what names nothing and has a figure", () => {
  const nothing = { ...ANSWER, instruments: [] };
  const line = "buy 10 aapl @ 500";
  const badge = { hint: "", put: "", state: "read", is_private: false };
  const said = {
    badges: [
      { ...badge, text: "Buy" },
      { ...badge, text: "557.43 USD", state: "suggested" },
    ],
    pieces: [],
    choices: [],
    understood: true,
  };
  const around = (answer: unknown, of = line) => ({
    actions: [HIDE],
    at: null,
    watch: null,
    read: { line: of, previews: new Map([[LONG, previewOf(answer)]]) },
  });

  test("may be entered as a transaction where it was read as one, with what it was read as", () => {
    const [entry, ...others] = entriesFor(` ${line} `, nothing, around(said));
    expect([entry?.name, entry?.detail, others]).toEqual([
      "Enter as a transaction",
      "in Long term: Buy · suggested: 557.43 USD",
      [],
    ]);
    expect(entry?.does).toBe(`/portfolios/${LONG}/transactions/new/?line=buy+10+aapl+%40+500`);
  });

  test("is none where something is left over, or before it was read", () => {
    const left = { ...said, understood: false, pieces: [[["Did not understand “at ten”.", false]]] };
    expect(previewOf({ ...left, type: "buy" }).text).toBe("Did not understand “at ten”.");
    expect(previewOf({ ...left, type: "" }).text).toBe("");
    expect(entriesFor(line, nothing, around(left))).toEqual([]);
    expect(entriesFor(line, nothing, around(said, "buy 1 aapl"))).toEqual([]);
    expect(entriesFor(line, nothing, { ...around(said), read: null })).toEqual([]);
  });

  test("is asked for where one may write, of words and a figure alone", () => {
    expect(lineAskedOf(line, nothing, null).map(({ id }) => id)).toEqual([LONG]);
    for (const text of ["zzz yyy", "2012"]) expect(lineAskedOf(text, nothing, null)).toEqual([]);
    expect(lineAskedOf(line, null, null)).toEqual([]);
  });
});
