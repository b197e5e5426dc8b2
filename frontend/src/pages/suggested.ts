/** Answers of the server to what a form asks as one types. They are unknown until they are looked at. */

export async function fetchJson(address: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await fetch(address, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
  if (!answer.ok) throw new Error(`Expected an answer, was status ${answer.status}.`);
  return answer.json();
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The named texts of an object; what is no text is a fault of the server. */
export function texts<N extends string>(value: unknown, names: readonly N[]): { readonly [name in N]: string } {
  if (!isRecord(value)) throw new TypeError("Expected an object.");
  const found = {} as { [name in N]: string };
  for (const name of names) {
    const text = value[name];
    if (typeof text !== "string") throw new TypeError(`Expected a text at ${name}.`);
    found[name] = text;
  }
  return found;
}

/** A text, or null where there is none. */
export function textOrNull(record: { readonly [key: string]: unknown }, name: string): string | null {
  const value = record[name];
  return typeof value === "string" ? value : null;
}
