import { describe, expect, test } from "vitest";
import { hoursText, type MarketHours } from "../../src/cells/hours";

const at = (moment: string): number => Date.parse(moment);
const NEW_YORK: MarketHours = {
  names: "Nasdaq, NYSE",
  zone: "America/New_York",
  sessions: [
    { opensAt: at("2012-05-21T13:30:00Z"), closesAt: at("2012-05-21T20:00:00Z") },
    { opensAt: at("2012-05-22T13:30:00Z"), closesAt: at("2012-05-22T20:00:00Z") },
  ],
};
const FRANKFURT: MarketHours = {
  names: "Xetra",
  zone: "Europe/Berlin",
  sessions: [{ opensAt: at("2012-05-21T07:00:00Z"), closesAt: at("2012-05-21T15:30:00Z") }],
};

describe("market hours", () => {
  test("an open market says when it closes, in its own time", () => {
    expect(hoursText([NEW_YORK], at("2012-05-21T14:00:00Z"))).toEqual({
      state: "New York open",
      note: "closes 16:00",
      lines: [{ names: "Nasdaq, NYSE, New York", state: "open, closes 16:00" }],
    });
  });

  test("a closed one says when it opens, with the day where that is another", () => {
    expect(hoursText([NEW_YORK], at("2012-05-21T13:00:00Z"))?.note).toBe("opens 09:30");
    const evening = hoursText([NEW_YORK], at("2012-05-21T20:00:01Z"));
    expect([evening?.state, evening?.note]).toEqual(["New York closed", "opens 22 May, 09:30"]);
  });

  test("several are named by what is open", () => {
    const both = [FRANKFURT, NEW_YORK];
    expect(hoursText(both, at("2012-05-21T10:00:00Z"))?.state).toBe("Berlin open");
    expect(hoursText(both, at("2012-05-21T15:00:00Z"))?.state).toBe("Berlin, New York open");
    expect(hoursText(both, at("2012-05-21T06:00:00Z"))?.state).toBe("Markets closed");
  });

  test("past the sessions that are known nothing is claimed", () => {
    expect(hoursText([NEW_YORK], at("2012-05-23T00:00:00Z"))).toBeNull();
    expect(hoursText([], at("2012-05-21T14:00:00Z"))).toBeNull();
  });
});
