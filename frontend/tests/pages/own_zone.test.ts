// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { fillOwnZone } from "../../src/pages/own_zone";

test("the zone of the browser is sent with the form that asks for it", () => {
  document.body.innerHTML = `<input type="hidden" name="time_zone" data-own-zone=""><input name="email" value="">`;
  fillOwnZone();
  const [zone, email] = [...document.querySelectorAll("input")];
  expect(zone?.value).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(email?.value).toBe("");
});
