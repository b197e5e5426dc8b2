/** Pointing at a place of a chart by keys, in one way for all charts. */

/**
 * Where a key leads from the place that is pointed at: one further, with Shift ten, Home and End to the edges, always
 * within `count` places; null where it leaves the chart, undefined where the key is not of it. What is not pointed at
 * yet begins at the last place.
 */
export function steppedTo(event: KeyboardEvent, pointed: number | null, count: number): number | null | undefined {
  if (count === 0 || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const now = pointed ?? count - 1;
  const stride = event.shiftKey ? 10 : 1;
  const targets: { readonly [key: string]: number | null } = {
    ArrowLeft: pointed === null ? now : now - stride,
    ArrowRight: pointed === null ? now : now + stride,
    Home: 0,
    End: count - 1,
    Escape: null,
  };
  if (!Object.hasOwn(targets, event.key)) return undefined;
  const target = targets[event.key] ?? null;
  return target === null ? null : Math.min(Math.max(target, 0), count - 1);
}
