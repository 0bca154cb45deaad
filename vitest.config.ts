import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{orchestrator,patterns,adapters,evaluation,scripts,tests}/**/*.test.ts"],
    exclude: ["**/fixtures/**", "**/node_modules/**"],
    globalSetup: ["tests/build-once.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
