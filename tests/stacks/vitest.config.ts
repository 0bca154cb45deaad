import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The adapters with the real tools of their stacks. Those of a stack whose tools are not installed are skipped, and say so. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["adapters/**/*.stack.test.ts", "tests/stacks/**/*.stack.test.ts"],
    testTimeout: 400_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
