// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Cell, CellBoard } from "../../src/cells/board";
import {
  changeCell,
  gainCell,
  moneyCell,
  percentCell,
  priceCell,
  sinceText,
  tickOf,
  weightCell,
} from "../../src/cells/figures";
import { qualityMark, shortMark } from "../../src/cells/quality";
import { row } from "../live/frames";
import { held, unpriced } from "./held";

describe("the board", () => {
  let element: HTMLElement;
  let board: CellBoard;
  let cell: Cell;

  beforeEach(() => {
    vi.useFakeTimers();
    element = document.createElement("span");
    element.className = "flat num";
    element.textContent = "534.50";
    board = new CellBoard();
    cell = new Cell(element);
  });

  afterEach(() => vi.useRealTimers());

  test("of many values between two frames the newest is written, once", () => {
    const text = element.firstChild;
    for (const value of ["1.00", "2.00", "3.00"]) board.set(cell, { text: value });
    expect(element.textContent).toBe("534.50");
    vi.advanceTimersToNextFrame();
    expect(element.textContent).toBe("3.00");
    expect(element.firstChild).toBe(text);
  });

  test("the arrow's class follows the direction and leaves the others", () => {
    board.set(cell, { text: "+1.00 %", direction: "up" });
    vi.advanceTimersToNextFrame();
    expect([...element.classList].sort()).toEqual(["num", "up"]);
  });

  test("a tint begins with a tick, is left to fade, and ends", () => {
    board.set(cell, { text: "2.00", tick: "up" });
    vi.advanceTimersToNextFrame();
    expect(element.dataset["tick"]).toBe("up");
    board.set(cell, { text: "1.00", tick: "down" });
    vi.advanceTimersToNextFrame();
    expect([element.dataset["tick"], element.textContent]).toEqual(["up", "1.00"]);
    vi.advanceTimersByTime(1_400);
    expect(element.hasAttribute("data-tick")).toBe(false);
  });

  test("rows are arranged before the figures of the same frame are written", () => {
    const seen: string[] = [];
    board.set(cell, { text: "2.00" });
    board.arrange(() => {
      seen.push(element.textContent ?? "");
      board.set(cell, { text: "3.00" });
    });
    expect(seen).toEqual([]);
    vi.advanceTimersToNextFrame();
    expect([...seen, element.textContent]).toEqual(["534.50", "3.00"]);
  });

  test("what is arranged twice before a frame runs once in it, and again in the next", () => {
    const work = vi.fn();
    board.arrange(work);
    board.arrange(work);
    vi.advanceTimersToNextFrame();
    expect(work).toHaveBeenCalledTimes(1);
    board.arrange(work);
    vi.advanceTimersToNextFrame();
    expect(work).toHaveBeenCalledTimes(2);
  });

  test("a tick is not lost where a value without one comes in the same frame", () => {
    board.set(cell, { text: "2.00", tick: "up" });
    board.set(cell, { text: "2.00" });
    vi.advanceTimersToNextFrame();
    expect(element.dataset["tick"]).toBe("up");
  });
});

describe("figures of a row", () => {
  test("a price that rose ticks up, one that fell ticks down, by value and not by text", () => {
    const before = row({ price: "99.90" });
    expect(tickOf(before, row({ price: "100.00" }))).toBe("up");
    expect(tickOf(before, row({ price: "99.80" }))).toBe("down");
    expect(tickOf(before, row({ price: "99.900" }))).toBeUndefined();
    expect(tickOf(undefined, row())).toBeUndefined();
    expect(tickOf(row({ price: null }), row())).toBeUndefined();
  });

  test("price and change are plain text", () => {
    expect(priceCell(row({ price: "557.4" }), "up")).toEqual({ text: "557.40", tick: "up" });
    expect(changeCell(row({ change_percent: "-5.10" }))).toEqual({ text: "−5.10 %", direction: "down" });
    expect(changeCell(row({ change_percent: null }))).toEqual({ text: "—", direction: "none" });
  });

  test("what stands beside the change says since when, or why there is none", () => {
    expect(sinceText(row())).toBe("+4.12 since the previous close of 530.38");
    expect(sinceText(row({ change: null, previous_close: null }))).toBe("No previous close is known.");
    expect(sinceText(row({ price: null }))).toBe("No price yet: the feed has not said one.");
  });
});

describe("quality", () => {
  const zone = "America/New_York";
  const opening = Date.parse("2012-05-21T13:30:00Z");

  test("a fresh price is told with its time at the exchange", () => {
    expect(qualityMark(row(), { marketTime: opening, isCurrent: true, zone })).toEqual({
      quality: "replay",
      text: "replay, 09:30:00",
    });
  });

  test("a price that the feed calls stale carries its age", () => {
    const mark = qualityMark(row({ quality: "stale" }), { marketTime: opening + 21 * 60_000, isCurrent: true, zone });
    expect(mark).toEqual({ quality: "stale", text: "stale since 09:30:00, 21 min old" });
  });

  test("while the line is dead no price looks live", () => {
    const mark = qualityMark(row(), { marketTime: opening, isCurrent: false, zone });
    expect(mark).toEqual({ quality: "stale", text: "stale since 09:30:00" });
  });

  test("a close stays a close, and one of another day names it", () => {
    const marketTime = opening + 48 * 3_600_000;
    expect(qualityMark(row({ quality: "closed" }), { marketTime, isCurrent: false, zone })).toEqual({
      quality: "closed",
      text: "close 21 May, 09:30",
    });
  });

  test("no price is no quality", () => {
    expect(qualityMark(row({ price: null }), { marketTime: opening, isCurrent: true, zone }).quality).toBe("unpriced");
  });
});

describe("amounts", () => {
  test("a value has no arrow, a gain has its sign and arrow, and both tick where they moved", () => {
    expect(moneyCell("145479.20", "145000.00")).toEqual({ text: "145,479.20", tick: "up" });
    expect(gainCell("-99.45", "-90.00")).toEqual({ text: "−99.45", direction: "down", tick: "down" });
    expect(gainCell("0.00", null)).toEqual({ text: "0.00", direction: "flat", tick: undefined });
    expect(gainCell(null, "1.00")).toEqual({ text: "—", direction: "none", tick: undefined });
  });

  test("a percentage and a weight are written by the shared rules", () => {
    expect(percentCell("0.43")).toEqual({ text: "+0.43 %", direction: "up" });
    expect(weightCell("34213.40", "145479.20")).toEqual({ text: "23.5 %" });
  });
});

describe("the short mark of a price", () => {
  const at = { marketTime: Date.parse("2012-05-21T18:31:10Z"), isCurrent: true, zone: "America/New_York" };

  test("a fresh price needs no word", () => {
    expect(shortMark(held(), at)).toEqual({ quality: "replay", text: "" });
  });

  test("a stale one tells its age, and so does every one while the line is dead", () => {
    const stale = held({ quality: "stale", source_time: "2012-05-21T18:10:00.000Z" });
    expect(shortMark(stale, at)).toEqual({ quality: "stale", text: "21 min" });
    expect(shortMark(held(), { ...at, isCurrent: false })).toEqual({ quality: "stale", text: "3 s" });
    expect(shortMark(held({ quality: "closed" }), { ...at, isCurrent: false }).quality).toBe("closed");
  });

  test("one that was typed tells its day, and none is said to be none", () => {
    const typed = held({ quality: "manual", source_time: "2012-03-31T20:00:00.000Z" });
    expect(shortMark(typed, at)).toEqual({ quality: "manual", text: "31 Mar" });
    expect(shortMark(unpriced(), at)).toEqual({ quality: "unpriced", text: "no price" });
  });
});
