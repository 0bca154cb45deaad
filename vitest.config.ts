import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const exclude = [
  "**/fixtures/**",
  "**/node_modules/**",
  "tests/faults/**",
  // Half a minute: a step of its own in `.ci/run`, and a part of `npm run test:faults`.
  "tests/kill/killed-run.test.ts",
  "tests/evaluation/**",
  "**/*.stack.test.ts",
];

export default defineConfig({
  test: {
    globalSetup: ["tests/build-once.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Many tests wait for child processes and clocks, so that one worker more than there are cores leaves none idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["{orchestrator,patterns,adapters,evaluation,scripts,tests}/**/*.test.ts"],
          exclude: [...exclude, "**/*.isolated.test.ts"],
          // No module keeps state, so that test files can share a process; a process for each takes a third longer.
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", include: ["orchestrator/**/*.isolated.test.ts"], exclude } },
    ],
  },
});
