/** What is waited for may take as long as a busy machine needs: a second, which is usual, is less than it may rest. */

import { vi } from "vitest";

const waitFor = vi.waitFor;

vi.waitFor = (check, options) =>
  waitFor(check, { timeout: 20_000, ...(typeof options === "number" ? { timeout: options } : options) });
