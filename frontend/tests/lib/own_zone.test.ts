// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { ownZone } from "../../src/lib/times";

test("times are read in one's own zone, and in the market's where nobody is signed in", () => {
  const { dataset } = document.documentElement;
  expect(ownZone()).toBe("UTC");
  dataset["zone"] = "America/New_York";
  expect(ownZone()).toBe("America/New_York");
  dataset["ownZone"] = "Europe/Berlin";
  expect(ownZone()).toBe("Europe/Berlin");
  delete dataset["zone"];
  delete dataset["ownZone"];
});
