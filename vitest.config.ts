import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{orchestrator,patterns,adapters,evaluation,scripts,tests}/**/*.test.ts"],
    exclude: ["**/fixtures/**", "**/node_modules/**"],
    globalSetup: ["tests/build-once.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Many tests wait for child processes, so that a worker per core leaves none idle; the default is one fewer.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
