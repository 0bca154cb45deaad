import { searchPath } from "../../io/find-program.ts";
import { createRedactor } from "../../io/redact/redactor.ts";
import { registerEnvironment } from "../../io/redact/register-environment.ts";
import { runProcess } from "../../io/run-process.ts";
import { createRuleScanner } from "../../io/secret-scanner.ts";
import { splitWords } from "../../pipeline/split-words.ts";
import type { ApplyRequest } from "../../schema/pattern-workbench.ts";
import type { CliIo } from "../cli-io.ts";

const outputBytesMax = 16_777_216;

/**
 * A check that runs a command line, without a shell, in the root of the changed files and with this process's environment; it passes where
 * the command exits with 0 in time. Throws `command_refused` for a line that needs a shell.
 */
export function patternCheck(
  line: string,
  timeoutMs: number,
  { environment, clock }: CliIo,
): NonNullable<ApplyRequest["check"]> {
  const argv = splitWords(line);
  const redactor = createRedactor({ scanner: createRuleScanner([]) });
  registerEnvironment(redactor, environment);
  return async (root, signal) => {
    const inherited = Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const env = { ...Object.fromEntries(inherited), PATH: searchPath(root, environment["PATH"]) };
    const command = { argv, cwd: root, env, timeoutMs, outputBytesMax, ...(signal === undefined ? {} : { signal }) };
    const { status, exitCode, detail, outputTail } = await runProcess(command, redactor, clock);
    const passed = status === "exited" && exitCode === 0;
    return { passed, detail: status === "exited" ? `${line}: exit code ${exitCode}` : detail, output: outputTail };
  };
}
