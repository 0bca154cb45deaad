import { filteredEnvironment } from "../../orchestrator/io/sandbox.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Solver } from "../solver.ts";

/** A program that works on the folder it is started in. */
export interface CommandSolverOptions {
  readonly id: string;
  readonly argv: readonly [string, ...string[]];
  /** Raise it when the program changes: results of an older version are not taken from the cache. */
  readonly version: string;
  readonly network?: boolean;
  readonly isDeterministic?: boolean;
}

const timeoutMs = 86_400_000;
const outputBytesMax = 1_048_576;

/**
 * Runs a program in the copy, in the sandbox that there is. It is told `EVAL_SAMPLE`, `EVAL_GOAL`, `EVAL_PATTERN` and `EVAL_SEED`. Whatever its
 * exit code, what it left is scored. A program that cannot be started throws `process_failed`.
 */
export function createCommandSolver(options: CommandSolverOptions): Solver {
  const { id, argv, version, network = false, isDeterministic = false } = options;
  return {
    id,
    fingerprint: { argv: [...argv], version, network },
    isDeterministic,
    solve: async ({ sample, root, seed, signal, machine }) => {
      const told = { EVAL_SAMPLE: sample.id, EVAL_GOAL: sample.goal ?? "", EVAL_PATTERN: sample.pattern ?? "" };
      const env = filteredEnvironment(machine.environment, { ...told, EVAL_SEED: String(seed) });
      const sandbox = await machine.sandbox();
      const bounds = { writable: [root], readOnly: [], network };
      const outcome = await sandbox.run({ argv, cwd: root, env, timeoutMs, outputBytesMax, signal }, bounds);
      if (outcome.status === "failed_to_start") throw new OrchestratorError("process_failed", outcome.detail);
      const ending = outcome.status === "exited" ? `exit code ${outcome.exitCode}` : outcome.detail;
      return { note: ending, output: outcome.outputTail };
    },
  };
}
