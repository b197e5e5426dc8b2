/** The options of a list that a field opens: one of them is marked, and the field says which to a screen reader. */

/** The place after going round: before the first comes the last. -1 where there is none. */
export function around(at: number, count: number): number {
  return count === 0 ? -1 : (at + count) % count;
}

/** Marks the option at that place alone, none where it is -1; in sight, unless `scrolls` is false. */
export function markOption(input: Element, options: Iterable<Element>, at: number, scrolls = true): void {
  const all = [...options];
  for (const [place, option] of all.entries()) option.setAttribute("aria-selected", `${place === at}`);
  const marked = all[at];
  if (marked === undefined) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  input.setAttribute("aria-activedescendant", marked.id);
  if (scrolls) marked.scrollIntoView({ block: "nearest" });
}
