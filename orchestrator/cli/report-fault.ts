import { redactFault } from "../io/redact/redact-fault.ts";
import { createRedactor } from "../io/redact/redactor.ts";
import { registerEnvironment } from "../io/redact/register-environment.ts";
import { createRuleScanner } from "../io/secret-scanner.ts";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import type { CliIo, StopSignal } from "./cli-io.ts";
import { programName } from "./command-spec.ts";
import { safeBlock } from "./text/safe-text.ts";

/**
 * A fault as it may be printed: credentials of the environment, and what looks like one, are replaced. Only our own rules are asked: the
 * preset takes a tenth of a second to load, and what a run throws has been through it.
 */
export function printableFault(error: unknown, environment: CliIo["environment"]): Promise<Error> {
  const redactor = createRedactor({ scanner: createRuleScanner([]) });
  registerEnvironment(redactor, environment);
  return redactFault(redactor, error);
}

/** A fault as the JSON document of a command that has no other answer. */
export function faultDocument(error: unknown, exitCode: number): unknown {
  const code = isOrchestratorError(error) ? error.code : "internal";
  const retryable = isOrchestratorError(error) && error.retryable;
  return { error: { code, message: messageOf(error), retryable, exit_code: exitCode } };
}

/** A fault in words. What is no known fault is a bug, and shows where it happened. */
export function faultText(error: unknown, stoppedBy: StopSignal | null, program = programName): string {
  if (stoppedBy !== null) return `${program}: stopped by ${stoppedBy} (${safeBlock(messageOf(error))})`;
  if (isOrchestratorError(error)) return `${program}: ${safeBlock(error.message)}`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${program}: an internal error, please report it\n${safeBlock(trace)}`;
}
