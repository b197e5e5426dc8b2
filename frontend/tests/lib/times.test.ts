import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Latencies } from "../../src/lib/latencies";
import { ENGLISH, GERMAN, writeAs } from "../../src/lib/notation";
import { ServerClock } from "../../src/lib/server_clock";
import { ageText, cityOf, clockOf, millis } from "../../src/lib/times";

interface Days {
  readonly days: readonly { readonly value: string; readonly text: string; readonly german: string }[];
}

const opening = Date.parse("2012-05-21T13:30:00.000Z");

test("a moment is told in the exchange's zone", () => {
  const newYork = clockOf("America/New_York");
  expect([newYork.minute(opening), newYork.second(opening), newYork.day(opening), newYork.shortDay(opening)]).toEqual([
    "09:30",
    "09:30:00",
    "21 May 2012",
    "21 May",
  ]);
});

test("a day is told in figures to who writes it so, like the server does", () => {
  const { days }: Days = JSON.parse(
    readFileSync(new URL("../../../tests/contract/figures.json", import.meta.url), "utf8"),
  );
  const told = (): readonly string[] => days.map(({ value }) => clockOf("UTC").day(Date.parse(`${value}T12:00:00Z`)));
  expect(told()).toEqual(days.map(({ text }) => text));
  writeAs(GERMAN);
  expect(told()).toEqual(days.map(({ german }) => german));
  writeAs(ENGLISH);
});

test("midnight is told as 00:00", () => {
  expect(clockOf("UTC").minute(Date.parse("2012-05-21T00:00:00Z"))).toBe("00:00");
});

test("a zone is named after its city", () => {
  expect([cityOf("America/New_York"), cityOf("UTC")]).toEqual(["New York", "UTC"]);
});

test("an age is told in the largest unit that says enough", () => {
  const minute = 60_000;
  expect([-5, 42_000, 21 * minute, 60 * minute, 185 * minute, 72 * 60 * minute].map(ageText)).toEqual([
    "0 s",
    "42 s",
    "21 min",
    "1 h",
    "3 h 5 min",
    "3 days",
  ]);
});

test("a moment that cannot be read is no moment", () => {
  expect([millis("2012-05-21T13:30:00.000Z"), millis("soon"), millis(null), millis(undefined)]).toEqual([
    opening,
    null,
    null,
    null,
  ]);
});

test("the server's clock is taken from the exchange with the shortest round trip", () => {
  const clock = new ServerClock();
  expect(clock.serverTime(0)).toBeNull();
  clock.exchanged(1_000, 1_400, 6_350);
  clock.exchanged(2_000, 2_010, 7_005);
  clock.exchanged(3_000, 3_300, 8_000);
  expect(clock.offset).toBe(5_000);
  expect(clock.serverTime(4_000)).toBe(9_000);
});

test("an exchange that seems to end before it began is not believed", () => {
  const clock = new ServerClock();
  clock.exchanged(2_000, 1_000, 5_000);
  expect(clock.offset).toBeNull();
});

test("percentiles are of the last ticks by the nearest rank", () => {
  const latencies = new Latencies();
  expect(latencies.percentiles()).toBeNull();
  for (let ms = 1; ms <= 100; ms += 1) latencies.add(ms);
  expect(latencies.percentiles()).toEqual({ p50: 50, p95: 95 });
  for (let tick = 0; tick < 240; tick += 1) latencies.add(-3);
  expect(latencies.percentiles()).toEqual({ p50: 0, p95: 0 });
});
