import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * What evaluates for real: the shipped evaluations by the built program, samples with real tools, the page in a real browser. What is not
 * installed is skipped, and says so. EVAL_KILLS chooses another number of kills: 50 are the whole sweep.
 */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    globalSetup: ["tests/build-once.ts"],
    include: ["tests/evaluation/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
