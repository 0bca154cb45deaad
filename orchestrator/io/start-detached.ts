import { spawn } from "node:child_process";
import { messageOf, OrchestratorError } from "../schema/errors.ts";

/** A program that lives on when this process ends. */
export interface DetachedProgram {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Starts a program in a session of its own, without input and output. Resolves with its process id; throws `process_failed`. */
export function startDetached({ argv: [program, ...args], cwd, env }: DetachedProgram): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: "ignore" });
    child.once("error", (error) => {
      reject(
        new OrchestratorError("process_failed", `${program} cannot be started: ${messageOf(error)}`, { cause: error }),
      );
    });
    child.once("spawn", () => {
      child.unref();
      resolve(child.pid ?? 0);
    });
  });
}
