// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { MinuteTable } from "../../src/charts/minute_table";
import { VALUE_WORDS } from "../../src/charts/portfolio_day";
import { MINUTE_MS, type SessionFrame, SessionLine } from "../../src/charts/session_line";

const OPENS = Date.parse("2012-05-21T13:30:00Z");
const FRAME: SessionFrame = {
  symbol: "AAPL",
  sessionDay: "2012-05-21",
  opensAt: OPENS,
  closesAt: null,
  zone: "America/New_York",
  previousClose: "100.00",
  pricePlaces: 2,
};

function lineOf(frame: Partial<SessionFrame>): SessionLine {
  const first = { at: OPENS, open: "101.00", high: "103.00", low: "100.50", close: "102.00" };
  const second = { at: OPENS + MINUTE_MS, open: "102.00", high: "102.00", low: "99.00", close: "99.00" };
  return new SessionLine({ ...FRAME, ...frame }, [first, second]);
}

function rows(table: MinuteTable): readonly (readonly string[])[] {
  return [...table.element.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ""),
  );
}

describe("the table of the day", () => {
  test("a price has its range in each minute, the newest first", () => {
    const table = new MinuteTable();
    table.show(lineOf({}));
    expect(rows(table)).toEqual([
      ["Time", "Open", "High", "Low", "Close", "Change"],
      ["09:31", "102.00", "102.00", "99.00", "99.00", "\u22121.00 %"],
      ["09:30", "101.00", "103.00", "100.50", "102.00", "+2.00 %"],
    ]);
  });

  test("the value of a portfolio is one figure a minute", () => {
    const table = new MinuteTable();
    table.show(lineOf({ symbol: "Long term", words: VALUE_WORDS, hasOneValue: true }));
    expect(rows(table)).toEqual([
      ["Time", "Value", "Change"],
      ["09:31", "99.00", "\u22121.00 %"],
      ["09:30", "102.00", "+2.00 %"],
    ]);
  });
});
