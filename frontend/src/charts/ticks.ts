/** Where the lines and labels of the axes stand: round steps, five to eight of them. */

const HOUR_MS = 3_600_000;
const TIME_STEPS_MS: readonly number[] = [0.25, 0.5, 1, 2, 3, 4, 6, 12, 24].map((hours) => hours * HOUR_MS);
const MOST_PLACES = 6;
const ROUND: readonly number[] = [1, 2, 2.5, 5, 10];

/** Round values from `low` to `high`, about `wanted` of them. For positions only: the labels are written from these. */
export function valueTicks(low: number, high: number, wanted: number): readonly number[] {
  if (!(high > low) || wanted < 1) return [];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (ROUND.find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}

/** How far the ticks are from one another; 0 where there is only one. */
export function tickStep([first, second]: readonly number[]): number {
  return first === undefined || second === undefined ? 0 : second - first;
}

/** How many decimals a multiple of `step` needs, so that no two ticks have the same label and none is beside its own. */
export function placesOf(step: number): number {
  let places = 0;
  while (places < MOST_PLACES && !isWhole(step * 10 ** places)) places += 1;
  return places;
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

export interface TimeTick {
  readonly at: number;
  /** Whether the label begins at the tick, is centred on it or ends there. */
  readonly anchor: "start" | "middle" | "end";
}

/**
 * The times to label from `from` to `to` on an axis of `width` px: the beginning, then round hours of the exchange's clock.
 *
 * `offsetMs` is how far that clock is ahead of UTC; `labelWidth` is the room that a label needs.
 */
export function timeTicks(
  from: number,
  to: number,
  width: number,
  { offsetMs, labelWidth }: { readonly offsetMs: number; readonly labelWidth: number },
): readonly TimeTick[] {
  if (to <= from || width < labelWidth) return [];
  const room = width / (to - from);
  const step = TIME_STEPS_MS.find((each) => each * room >= labelWidth * 1.9) ?? 24 * HOUR_MS;
  const ticks: TimeTick[] = [{ at: from, anchor: "start" }];
  const first = Math.floor((from + offsetMs) / step + 1) * step - offsetMs;
  for (let at = first; at <= to; at += step) {
    const isClear = (at - from) * room >= labelWidth * 1.6;
    const fitsCentred = (to - at) * room >= labelWidth / 2;
    if (isClear) ticks.push({ at, anchor: fitsCentred ? "middle" : "end" });
  }
  return ticks;
}

/** How far the clock of `zone` is ahead of UTC at `at`. */
export function offsetOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const match = /([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
