// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { daysData } from "../../src/charts/days_data";

const { data } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../tests/contract/performance_page.json"), "utf8"),
);

function element(content: unknown): Element {
  const script = document.createElement("script");
  script.type = "application/json";
  script.textContent = JSON.stringify(content);
  return script;
}

test("what the server writes is read as it is", () => {
  expect(daysData(element(data))).toEqual(data);
  const beside = { ...data, benchmark: { symbol: "IBM", index: [1, 1.5, 0.5] }, mwr: null, edge: null };
  expect(daysData(element(beside))).toEqual(beside);
});

test("a page without days has none", () => {
  expect(daysData(null)).toBeNull();
});

test.each([
  ["index", ["1"]],
  ["rows", [{ key: 1 }]],
  ["edge", { factor: 1 }],
  ["weight", null],
  ["benchmark", { symbol: "IBM" }],
])("%s of another form is told by name", (name, wrong) => {
  expect(() => daysData(element({ ...data, [name]: wrong }))).toThrow(name);
});
