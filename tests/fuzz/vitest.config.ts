import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The long form of the fuzz that `npm test` samples. FUZZ_RUNS and FUZZ_SEED choose another number and other sources. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["patterns/codemods/fuzz.test.ts"],
    env: { FUZZ_RUNS: process.env["FUZZ_RUNS"] ?? "5000" },
    pool: "forks",
    isolate: false,
  },
});
