import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const TOKENS = readFileSync(new URL("../../src/styles/tokens.css", import.meta.url), "utf8");
const FIGURES = readFileSync(new URL("../../src/styles/figures.css", import.meta.url), "utf8");

/** The light and the dark colour of a token. */
function colours(token: string): readonly string[] {
  const found = TOKENS.match(new RegExp(`--${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`));
  if (found === null) throw new Error(`Expected a token --${token}, was none.`);
  return found.slice(1);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe("the tint of a figure that moved", () => {
  test("a figure with a sign has one tint, whichever way it moved", () => {
    expect(FIGURES).toContain(":is(.up, .down, .flat)[data-tick] { animation-name: tick-signed; }");
    expect(FIGURES).toMatch(/@keyframes tick-signed \{[^}]*var\(--flash\);/);
  });

  test.each(["gain", "loss", "neutral"])("%s can be read on it, in the light and in the dark", (token) => {
    const tints = colours("flash");
    const ratios = colours(token).map((colour, index) => contrast(colour, tints[index] ?? ""));
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
  });
});
