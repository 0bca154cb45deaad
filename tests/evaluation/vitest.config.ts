import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The shipped evaluations, by the built program. EVAL_KILLS chooses another number of kills: 50 are the whole sweep. */
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
