/** Loads the day so far from the server, validated. */

import { millis } from "../lib/times";
import { type Check, type Inspection, integer, listOf, nullable, objectOf, text } from "../live/validate";
import { type Minute, SessionLine } from "./session_line";

interface BarDocument {
  readonly starts_at: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

interface TodayDocument {
  readonly symbol: string;
  readonly session_day: string | null;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  readonly zone: string;
  readonly previous_close: string | null;
  readonly price_places: number;
  readonly bars: readonly BarDocument[];
}

const isToday: Check<TodayDocument> = objectOf<TodayDocument>({
  symbol: text,
  session_day: nullable(text),
  opens_at: nullable(text),
  closes_at: nullable(text),
  zone: text,
  previous_close: nullable(text),
  price_places: integer,
  bars: listOf(objectOf<BarDocument>({ starts_at: text, open: text, high: text, low: text, close: text })),
});

/** Why the day could not be loaded: the server's code, or what went wrong on the way. */
export class LoadFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const PATIENCE_MS = 10_000;

export async function loadToday(symbol: string): Promise<SessionLine> {
  const address = `/stocks/${encodeURIComponent(symbol)}/today.json`;
  const response = await fetched(address);
  if (!response.ok) throw new LoadFailed(await codeOf(response), `The server answered ${response.status}.`);
  const document: unknown = await response.json();
  const inspection: Inspection = { strict: false, problem: "" };
  if (!isToday(document, "today", inspection)) throw new LoadFailed("unreadable_answer", inspection.problem);
  return lineOf(document);
}

async function fetched(address: string): Promise<Response> {
  try {
    return await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new LoadFailed(isLate ? "timeout" : "offline", isLate ? "No answer within 10 s." : "No connection.");
  }
}

async function codeOf(response: Response): Promise<string> {
  try {
    const problem: unknown = await response.json();
    const isProblem = typeof problem === "object" && problem !== null && "code" in problem;
    return isProblem && typeof problem.code === "string" ? problem.code : `http_${response.status}`;
  } catch {
    return `http_${response.status}`;
  }
}

function lineOf(today: TodayDocument): SessionLine {
  const minutes = today.bars.map(minuteOf).filter((minute) => minute !== null);
  return new SessionLine(
    {
      symbol: today.symbol,
      sessionDay: today.session_day,
      opensAt: millis(today.opens_at),
      closesAt: millis(today.closes_at),
      zone: today.zone,
      previousClose: today.previous_close,
      pricePlaces: today.price_places,
    },
    minutes,
  );
}

function minuteOf(bar: BarDocument): Minute | null {
  const at = millis(bar.starts_at);
  return at === null ? null : { at, open: bar.open, high: bar.high, low: bar.low, close: bar.close };
}
