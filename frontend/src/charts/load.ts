/** Loads a document from the server, validated. */

import { phrase } from "../lib/words";
import type { Check, Inspection } from "../live/validate";

/** Why a document could not be loaded: the server's code, or what went wrong on the way. */
export class LoadFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const PATIENCE_MS = 10_000;

/** The document at `address`, called `name` where something is wrong with it. */
export async function loaded<T>(address: string, check: Check<T>, name: string): Promise<T> {
  const response = await fetched(address);
  if (!response.ok)
    throw new LoadFailed(await codeOf(response), phrase("The server answered {status}.", { status: response.status }));
  const document: unknown = await response.json();
  const inspection: Inspection = { strict: false, problem: "" };
  if (!check(document, name, inspection)) throw new LoadFailed("unreadable_answer", inspection.problem);
  return document;
}

async function fetched(address: string): Promise<Response> {
  try {
    return await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new LoadFailed(
      isLate ? "timeout" : "offline",
      isLate ? phrase("No answer within 10 s.") : phrase("No connection."),
    );
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
