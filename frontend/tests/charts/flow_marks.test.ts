// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { flowMarks } from "../../src/charts/flow_marks";

const at = (day: number): number => day;

test("each mark is a ring above its point, and never outside of the plot", () => {
  const drawn = flowMarks(
    [
      { day: 20, kind: "deposit", count: 1 },
      { day: 60, kind: "sell", count: 1 },
    ],
    at,
    (day) => (day === 20 ? 100 : 5),
  );
  expect(drawn.map((ring) => [ring.getAttribute("transform"), ring.textContent])).toEqual([
    ["translate(20.0 82.0)", "+"],
    ["translate(60.0 8.5)", "S"],
  ]);
  expect(drawn[1]?.querySelector("rect")?.getAttribute("class")).toBe("mark mark-sell");
});

test("those that are closer than their width are one with a count", () => {
  const marks = [
    { day: 20, kind: "buy", count: 1 },
    { day: 30, kind: "withdrawal", count: 2 },
  ];
  expect(flowMarks(marks, at, () => 100).map((ring) => ring.textContent)).toEqual(["3"]);
});
