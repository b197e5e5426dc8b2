// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { sayGone } from "../../src/pages/gone";

test("what may no longer be seen is off the page, and the notice is where a reader is", () => {
  document.body.innerHTML = `<p><span id="print-name">Long term · </span>Tickfolio</p><div id="portfolio">12,345.67</div><p id="portfolio-gone" tabindex="-1" hidden>Gone</p>`;
  const shown = document.querySelector("#portfolio");
  const notice = document.querySelector<HTMLElement>("#portfolio-gone");
  if (shown === null) throw new Error("no portfolio");
  sayGone(shown);
  expect(document.body.textContent).not.toContain("12,345.67");
  expect(document.body.textContent).not.toContain("Long term");
  expect(notice?.hidden).toBe(false);
  expect(document.activeElement).toBe(notice);
  expect(document.title).toBe("No longer shared · Tickfolio");
  expect(() => sayGone(shown)).not.toThrow();
});
