import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What evaluations cost too much time for in `npm test`: real runs under the real gates. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["tests/evaluation/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
