import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What evaluates for real: shipped datasets with real tools, reports in a real browser. What is not installed is skipped, and says so. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["tests/evaluation/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
