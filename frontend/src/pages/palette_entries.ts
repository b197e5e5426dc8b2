/** What the command palette offers for what is typed: instruments, what can be done with the first, pages, and actions. */

import { phrase } from "../lib/words";
import { type LinesRead, mayBeLine } from "./palette_line";
import { isRecord, texts } from "./suggested";

export interface Entry {
  readonly icon: string;
  readonly name: string;
  /** What it belongs to, quieter. */
  readonly detail: string;
  /** The key that does the same; empty where none does. */
  readonly keys: string;
  /** Where it leads, or what it does. */
  readonly does: string | (() => void);
}

export interface FoundInstrument {
  readonly symbol: string;
  readonly name: string;
  readonly venue: string;
  /** The portfolio that alone knows it; empty for one that everybody may know. */
  readonly portfolio: string;
}

export interface Place {
  readonly name: string;
  readonly address: string;
  /** The portfolio that it is of; empty for pages of no portfolio. */
  readonly portfolio: string;
  readonly of: string;
}

export interface Answer {
  readonly instruments: readonly FoundInstrument[];
  readonly portfolios: readonly { readonly id: string; readonly name: string; readonly mayWrite: boolean }[];
  readonly places: readonly Place[];
}

const MOST_INSTRUMENTS = 6;
const MOST_PLACES = 12;
/** Before anything is typed. */
const MOST_HERE = 5;
const MOST_ELSEWHERE = 4;
const MOST_OF_NONE = 4;
/** Portfolios in which the first hit may be bought. */
const MOST_WRITTEN = 2;

export function answerOf(value: unknown): Answer {
  if (!isRecord(value)) throw new TypeError("Expected an object.");
  return {
    instruments: list(value["instruments"]).map((each) => texts(each, ["symbol", "name", "venue", "portfolio"])),
    portfolios: list(value["portfolios"]).map((each) => ({
      ...texts(each, ["id", "name"]),
      mayWrite: isRecord(each) && each["may_write"] === true,
    })),
    places: list(value["places"]).map((each) => texts(each, ["name", "address", "portfolio", "of"])),
  };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("Expected a list.");
  return value;
}

export interface Around {
  /** What can be done on any page. */
  readonly actions: readonly Entry[];
  /** The portfolio at hand. */
  readonly at: string | null;
  /** Puts a symbol on a watchlist; null where nobody is signed in. */
  readonly watch: ((symbol: string) => void) | null;
  /** What was read of a line; null before anything was. */
  readonly read: LinesRead | null;
}

/** Everything for `typed`, the best first; `at` is the portfolio at hand, whose pages go before those of others. */
export function entriesFor(
  typed: string,
  answer: Answer | null,
  { actions, at, watch, read }: Around,
): readonly Entry[] {
  const wanted = words(typed);
  const found = wanted.length === 0 ? [] : (answer?.instruments ?? []).slice(0, MOST_INSTRUMENTS);
  const [first, ...others] = found;
  const places = (answer?.places ?? []).filter((place) => isMeant(`${place.name} ${place.of}`, wanted));
  if (wanted.length === 0) return [...brief(places, at).map(placed), ...actions];
  const near = [
    ...places.filter(({ portfolio }) => portfolio === at),
    ...places.filter(({ portfolio }) => portfolio !== at),
  ];
  const entries = [
    ...(first === undefined ? [] : [opened(first, at), ...withInstrument(first, answer, at), ...watched(first, watch)]),
    ...others.map((other) => opened(other, at)),
    ...near.slice(0, MOST_PLACES).map(placed),
    ...actions.filter(({ name, detail }) => isMeant(`${name} ${detail}`, wanted)),
  ];
  return entries.length > 0 ? entries : asTransaction(typed.trim(), answer, at, read);
}

/** What names nothing may be a transaction: it is one where it was read as one, with nothing left over. */
function asTransaction(
  line: string,
  answer: Answer | null,
  at: string | null,
  read: LinesRead | null,
): readonly Entry[] {
  return lineAskedOf(line, answer, at).flatMap(({ id, name }) => {
    const preview = read?.line === line ? read.previews.get(id) : undefined;
    if (preview?.isOne !== true) return [];
    const place = phrase("in {name}", { name });
    return [
      {
        icon: "plus",
        name: phrase("Enter as a transaction"),
        detail: `${place}: ${preview.text}`,
        keys: "",
        does: `/portfolios/${id}/transactions/new/?${new URLSearchParams({ line })}`,
      },
    ];
  });
}

/** The portfolios in which what is typed may be a transaction. */
export function lineAskedOf(line: string, answer: Answer | null, at: string | null): Answer["portfolios"] {
  return mayBeLine(line) ? writableNear(answer, at, "") : [];
}

/** The portfolios that may be written into, the one at hand first; of what one alone knows that one. */
function writableNear(answer: Answer | null, at: string | null, alone: string): Answer["portfolios"] {
  const writable = (answer?.portfolios ?? []).filter(({ id, mayWrite }) => mayWrite && ["", id].includes(alone));
  const near = [...writable.filter(({ id }) => id === at), ...writable.filter(({ id }) => id !== at)];
  return near.slice(0, MOST_WRITTEN);
}

/** Before anything is typed: the first pages of the portfolio at hand, the first one of each other, and those of none. */
function brief(places: readonly Place[], at: string | null): readonly Place[] {
  const here = places.filter(({ portfolio }) => portfolio === at && portfolio !== "").slice(0, MOST_HERE);
  const seen = new Set([at, ""]);
  const elsewhere = places
    .filter(({ portfolio }) => !seen.has(portfolio) && seen.add(portfolio))
    .slice(0, MOST_ELSEWHERE);
  return [...here, ...elsewhere, ...places.filter(({ portfolio }) => portfolio === "").slice(0, MOST_OF_NONE)];
}

/** An instrument by the portfolio at hand, if one is; one that a portfolio alone knows, by that. */
function opened({ symbol, name, venue, portfolio }: FoundInstrument, at: string | null): Entry {
  const code = encodeURIComponent(symbol);
  const page = at ? `/portfolios/${at}/instruments/${code}/` : `/instruments/${code}/`;
  const does = portfolio === "" ? page : `/portfolios/${portfolio}/instruments/${code}/`;
  return {
    icon: "layers",
    name: symbol,
    detail: [name, venue].filter((part) => part !== "").join(", "),
    keys: "",
    does,
  };
}

/** Buying and selling the first hit, where one may; the portfolio at hand first. */
function withInstrument(
  { symbol, portfolio }: FoundInstrument,
  answer: Answer | null,
  at: string | null,
): readonly Entry[] {
  const code = encodeURIComponent(symbol);
  return writableNear(answer, at, portfolio).flatMap(({ id, name }) =>
    (["buy", "sell"] as const).map((kind) => ({
      icon: kind === "buy" ? "plus" : "out",
      name: kind === "buy" ? phrase("Buy {symbol}", { symbol }) : phrase("Sell {symbol}", { symbol }),
      detail: phrase("in {name}", { name }),
      keys: "",
      does: `/portfolios/${id}/transactions/new/?type=${kind}&symbol=${code}`,
    })),
  );
}

/** What a portfolio alone knows is on no watchlist. */
function watched({ symbol, portfolio }: FoundInstrument, watch: Around["watch"]): readonly Entry[] {
  if (watch === null || portfolio !== "") return [];
  const name = phrase("Watch {symbol}", { symbol });
  return [{ icon: "star", name, detail: phrase("Watchlists"), keys: "", does: () => watch(symbol) }];
}

function placed({ name, address, of }: Place): Entry {
  return { icon: "right", name, detail: of, keys: "", does: address };
}

function words(typed: string): readonly string[] {
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Whether each word typed begins a word of the name. */
function isMeant(name: string, wanted: readonly string[]): boolean {
  const parts = name.toLowerCase().split(/[\s,&()]+/);
  return wanted.every((word) => parts.some((part) => part.startsWith(word)));
}
