import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    reporters: ["default", "junit"],
    outputFile: { junit: "../test-output/vitest.xml" },
    sequence: { shuffle: true },
    restoreMocks: true,
    // What a busy machine may need; a test that passes never waits for it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["tests/patience.ts"],
  },
});
