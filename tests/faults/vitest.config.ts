import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The long form of what `npm test` samples. FAULT_KILLS and FAULT_SEED choose another number of kills, and other moments. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    globalSetup: ["tests/build-once.ts", "tests/faults/print-kills.ts"],
    include: ["tests/{faults,kill}/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    env: { FAULT_KILLS: process.env["FAULT_KILLS"] ?? "110", FAULT_SWEEP: "1" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    isolate: false,
  },
});
