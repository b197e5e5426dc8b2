// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startCopies } from "../../src/pages/copies";

const PAGE = `<input id="new-token" readonly value="tkf_x"><div><button data-copies="new-token">Copy</button><span role="status"></span></div>`;

describe("a button that copies a field", () => {
  afterEach(() => vi.unstubAllGlobals());

  beforeEach(() => {
    document.body.innerHTML = PAGE;
    startCopies();
  });

  test("puts what it holds on the clipboard and says so", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    document.querySelector("button")?.click();
    await vi.waitFor(() => expect(document.querySelector("[role=status]")?.textContent).toBe("Copied."));
    expect(writeText).toHaveBeenCalledExactlyOnceWith("tkf_x");
  });

  test("selects it where the browser gives no clipboard", async () => {
    vi.stubGlobal("navigator", {});
    document.querySelector("button")?.click();
    await vi.waitFor(() => expect(document.querySelector("[role=status]")?.textContent).toContain("It is selected"));
    expect(document.activeElement?.id).toBe("new-token");
  });
});
