import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    reporters: ["default", "junit"],
    outputFile: { junit: "../test-output/vitest.xml" },
    sequence: { shuffle: true },
    restoreMocks: true,
  },
});
