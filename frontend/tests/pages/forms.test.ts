// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startForms, startFormsIn } from "../../src/pages/forms";
import { startToasts } from "../../src/pages/toasts";

describe("a form", () => {
  beforeEach(() => {
    document.body.innerHTML = `<div class="error-summary" tabindex="-1" autofocus></div><form data-once></form><form></form>`;
    startForms();
  });

  function isSent(form: Element | undefined): boolean {
    return form?.dispatchEvent(new SubmitEvent("submit", { cancelable: true })) ?? false;
  }

  test("the summary of errors takes the focus", () => {
    expect(document.activeElement?.className).toBe("error-summary");
  });

  test("a second click sends nothing", () => {
    const [once, often] = document.querySelectorAll("form");
    expect([isSent(once), isSent(once), isSent(often), isSent(often)]).toEqual([true, false, true, true]);
  });

  test("what is new is started, and what stands beside it is not started twice and can be sent still", () => {
    const main = document.createElement("main");
    main.innerHTML = "<form data-once></form>";
    document.body.append(main);
    startFormsIn(main);
    const [beside, , fresh] = document.querySelectorAll("form");
    expect([isSent(fresh), isSent(fresh), isSent(beside)]).toEqual([true, false, true]);
  });

  test("a page that comes back can be sent again", () => {
    const [once] = document.querySelectorAll("form");
    isSent(once);
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    expect(isSent(once)).toBe(true);
  });
});

describe("a toast", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = `<div id="toasts"><div class="toast">Booked</div><div class="toast toast-fault">Not saved</div></div>`;
    startToasts();
  });
  afterEach(() => vi.useRealTimers());

  const shown = (): (string | null)[] => [...document.querySelectorAll(".toast")].map((toast) => toast.textContent);

  test("goes after a while; an error stays", () => {
    vi.advanceTimersByTime(7_900);
    expect(shown()).toEqual(["Booked", "Not saved"]);
    vi.advanceTimersByTime(200);
    expect(shown()).toEqual(["Not saved"]);
  });

  test("stays as long as a pointer is on it", () => {
    const toast = document.querySelector(".toast");
    toast?.dispatchEvent(new Event("pointerenter"));
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["Booked", "Not saved"]);
    toast?.dispatchEvent(new Event("pointerleave"));
    vi.advanceTimersByTime(8_100);
    expect(shown()).toEqual(["Not saved"]);
  });
});
