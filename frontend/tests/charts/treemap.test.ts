import fc from "fast-check";
import { expect, test } from "vitest";
import { heatOf, looksTheSame, squarified } from "../../src/charts/treemap";

const ROOM = { x: 10, y: 20, width: 600, height: 400 };

function area(box: { readonly width: number; readonly height: number } | undefined): number {
  return box === undefined ? 0 : box.width * box.height;
}

test("the example of the paper: 6, 6, 4, 3, 2, 2 and 1 in a room of 6 by 4", () => {
  const weights = [6, 6, 4, 3, 2, 2, 1].map((weight, index) => ({ key: `${index}`, weight }));
  const boxes = squarified(weights, { x: 0, y: 0, width: 6, height: 4 });
  expect(boxes.get("0")).toEqual({ x: 0, y: 0, width: 3, height: 2 });
  expect(boxes.get("1")).toEqual({ x: 0, y: 2, width: 3, height: 2 });
  expect(area(boxes.get("6"))).toBeCloseTo(1);
});

test("law: areas are as weights, and all boxes are within the room", () => {
  const weights = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(weights, (all) => {
      const total = all.reduce((sum, each) => sum + each, 0);
      const boxes = squarified(
        all.map((weight, index) => ({ key: `${index}`, weight })),
        ROOM,
      );
      expect(boxes.size).toBe(all.length);
      for (const [index, weight] of all.entries()) {
        const box = boxes.get(`${index}`);
        expect(area(box)).toBeCloseTo((weight / total) * 240_000, 3);
        expect(box?.x).toBeGreaterThanOrEqual(10 - 1e-6);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(610 + 1e-6);
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(420 + 1e-6);
      }
    }),
  );
});

test("what weighs nothing has no box, and without room there are none", () => {
  expect(squarified([{ key: "a", weight: 0 }], ROOM).size).toBe(0);
  expect(
    squarified(
      [
        { key: "a", weight: -5 },
        { key: "b", weight: 1 },
      ],
      ROOM,
    ),
  ).toEqual(new Map([["b", ROOM]]));
  expect(squarified([{ key: "a", weight: 1 }], { ...ROOM, width: 0 }).size).toBe(0);
});

test("three steps each way", () => {
  expect([0.004, 0.1, 0.5, 1.99, 2, -0.1, -0.5, -7].map(heatOf)).toEqual([
    "h-0",
    "h-p1",
    "h-p2",
    "h-p2",
    "h-p3",
    "h-n1",
    "h-n2",
    "h-n3",
  ]);
  expect(heatOf(null)).toBe("h-0");
});

test("what moved by less than can be seen stands still", () => {
  const before = new Map([
    ["a", 0.5],
    ["b", 0.5],
  ]);
  expect(looksTheSame(before, new Map(before).set("a", 0.501), 0.002)).toBe(true);
  expect(looksTheSame(before, new Map(before).set("a", 0.503), 0.002)).toBe(false);
  expect(looksTheSame(before, new Map([["a", 0.5]]), 0.002)).toBe(false);
  expect(
    looksTheSame(
      before,
      new Map([
        ["a", 0.5],
        ["c", 0.5],
      ]),
      0.002,
    ),
  ).toBe(false);
});
