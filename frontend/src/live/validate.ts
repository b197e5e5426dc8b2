/** Small type guards that turn `unknown` into a message. Composed, never compiled: the content security policy allows no eval. */

/** Where a check is and what it found: the first problem wins. */
export interface Inspection {
  readonly strict: boolean;
  problem: string;
}

export type Check<T> = (value: unknown, at: string, inspection: Inspection) => value is T;

/** A check of a field that may be absent. */
type Optional<T> = Check<T> & { readonly absent: true };

export type Shape<T> = { readonly [K in keyof T]-?: Check<Exclude<T[K], undefined>> };

export type Parsed<T> =
  | { readonly kind: "message"; readonly message: T }
  | { readonly kind: "unknown type"; readonly type: string }
  | { readonly kind: "invalid"; readonly problem: string };

function expected(inspection: Inspection, at: string, what: string): false {
  inspection.problem ||= `Expected ${what} at ${at}.`;
  return false;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const text: Check<string> = (value, at, inspection): value is string =>
  typeof value === "string" || expected(inspection, at, "text");

export const integer: Check<number> = (value, at, inspection): value is number =>
  Number.isSafeInteger(value) || expected(inspection, at, "a whole number");

export const flag: Check<boolean> = (value, at, inspection): value is boolean =>
  typeof value === "boolean" || expected(inspection, at, "true or false");

export function literal<const T extends string>(wanted: T): Check<T> {
  return (value, at, inspection): value is T => value === wanted || expected(inspection, at, `"${wanted}"`);
}

export function oneOf<const T extends readonly string[]>(wanted: T): Check<T[number]> {
  const known = new Set<unknown>(wanted);
  return (value, at, inspection): value is T[number] =>
    known.has(value) || expected(inspection, at, `one of ${wanted.join(", ")}`);
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, at, inspection): value is T | null => value === null || check(value, at, inspection);
}

export function optional<T>(check: Check<T>): Optional<T> {
  const copy: Check<T> = (value, at, inspection): value is T => check(value, at, inspection);
  return Object.assign(copy, { absent: true } as const);
}

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at, inspection): value is readonly T[] =>
    Array.isArray(value)
      ? value.every((item: unknown, index) => check(item, `${at}[${index}]`, inspection))
      : expected(inspection, at, "a list");
}

export function recordOf<T>(check: Check<T>): Check<{ readonly [key: string]: T }> {
  return (value, at, inspection): value is { readonly [key: string]: T } =>
    isObject(value)
      ? Object.entries(value).every(([key, item]) => check(item, `${at}.${key}`, inspection))
      : expected(inspection, at, "an object");
}

/** An object with the fields of `shape`. Further fields are let through, or refused in a strict inspection. */
export function objectOf<T>(shape: Shape<T>): Check<T> {
  const fields = Object.entries<Check<unknown>>(shape);
  return (value, at, inspection): value is T => {
    if (!isObject(value)) return expected(inspection, at, "an object");
    for (const [key, check] of fields) {
      if (!Object.hasOwn(value, key)) {
        if (!("absent" in check)) return expected(inspection, `${at}.${key}`, "a value");
      } else if (!check(value[key], `${at}.${key}`, inspection)) return false;
    }
    return !inspection.strict || hasOnly(value, shape, at, inspection);
  };
}

function hasOnly(value: object, shape: object, at: string, inspection: Inspection): boolean {
  const extra = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
  return extra === undefined || expected(inspection, at, `no field "${extra}"`);
}

/** Reads one of `members` by its `type`. */
export function parsed<T>(value: unknown, members: { readonly [type: string]: Check<T> }, strict: boolean): Parsed<T> {
  if (!isObject(value) || typeof value["type"] !== "string") {
    return { kind: "invalid", problem: "Expected an object with a type." };
  }
  const type = value["type"];
  const check = Object.hasOwn(members, type) ? members[type] : undefined;
  if (check === undefined) return { kind: "unknown type", type };
  const inspection: Inspection = { strict, problem: "" };
  return check(value, type, inspection)
    ? { kind: "message", message: value }
    : { kind: "invalid", problem: inspection.problem };
}
