import { join } from "node:path";
import type { z } from "zod";
import { isCommandAllowed } from "../gates/command-rule.ts";
import { ensureDirectory, readFileIfThere, removeTree } from "../io/files.ts";
import { registerEnvironment } from "../io/redact/register-environment.ts";
import { createLocalExecutor, type LocalExecutorParts } from "../pipeline/local-executor.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { RunAnswer, RunCall } from "../schema/mcp.ts";
import { PipelineCommand } from "../schema/pipeline.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import type { CheckResult } from "../schema/test-report.ts";
import { refuseFolderOutside } from "../workspace/resolve-inside.ts";
import type { McpTool } from "./working-tools.ts";

/** What the tool `run` works with. */
export interface RunToolParts extends LocalExecutorParts {
  /** Runs any program, as one who starts a pipeline may. Otherwise what the policy lets agents run, and the repository's checks. */
  readonly anyCommand: boolean;
  /** The mark for all that a command starts. */
  readonly lineage: string;
}

/** So much of an output is in an answer: with every byte escaped it still fits into a message. */
const outputBytesMax = 1_048_576;
/** Characters of an answer, beyond which its output is left out. */
const answerLengthMax = 7_500_000;

type Answer = z.input<typeof RunAnswer>;

/** One command of a pipeline: a program or a check, with folder, variables and a deadline; all that it started ends with it. */
export function runTool(parts: RunToolParts): McpTool {
  const most = Math.min(parts.policy.limits.output_bytes_max, outputBytesMax);
  const policy = { ...parts.policy, limits: { ...parts.policy.limits, output_bytes_max: most } };
  return {
    name: "run",
    description: parts.anyCommand
      ? "Runs one program, or one of the repository's own checks, without a shell."
      : `Runs one of the repository's own checks (build, lint, test), or a program that the policy allows: ${allowed(parts)}.`,
    input: RunCall,
    output: RunAnswer,
    call: async (args, signal) => {
      const call = RunCall.parse(args);
      if (!parts.anyCommand) await refuseBeyondPolicy(parts, call);
      const answer = await run({ ...parts, policy }, call, signal);
      const head = answer.status === "exited" ? `exit code ${answer.exit_code}` : `${answer.status}: ${answer.detail}`;
      return { outcome: "ok", result: `${head}\n${answer.output_tail ?? answer.output}`, structured: fitting(answer) };
    },
  };
}

function allowed({ policy }: RunToolParts): string {
  return policy.commands.map((command) => command.join(" ")).join(", ") || "none";
}

/** Variables could turn an allowed program into any other one; how it is bounded is the policy's to say. */
async function refuseBeyondPolicy({ policy, root }: RunToolParts, call: RunCall): Promise<void> {
  const refuse = (why: string) => new OrchestratorError("command_refused", why);
  const isAllowedCheck = policy.tools === null || policy.tools.includes("run_check");
  if (call.argv === undefined && !isAllowedCheck) throw refuse("the policy does not allow checks");
  if (call.argv !== undefined && !isCommandAllowed(policy, call.argv)) {
    throw refuse(`'${call.argv.join(" ")}' is not allowed by the policy; see 'commands' in orchestrator.config.yaml`);
  }
  if (!call.sandbox || call.network || Object.keys(call.env).length > 0) {
    throw refuse("sandbox, network and env are not yours to say here; leave them out");
  }
  await refuseFolderOutside(root, call.cwd);
}

async function run(parts: RunToolParts, call: RunCall, signal: AbortSignal): Promise<Answer> {
  const { env, ...rest } = call;
  registerEnvironment(parts.redactor, env);
  const command = PipelineCommand.parse({ ...rest, name: "run", env: Object.keys(env) });
  const executor = createLocalExecutor({ ...parts, environment: { ...parts.environment, ...env } });
  // The sandbox shows it read-only, so that no command can plant a run; that needs it to be there.
  await ensureDirectory(join(parts.root, ".runs"));
  const ready = await executor.prepare(command);
  if ("missing" in ready) return missing(ready.missing);
  const outputFile = join(parts.folder, "output.log");
  await ensureDirectory(parts.folder);
  const onStarted = async () => {};
  const { outcome, check } = await ready.start({ lineage: parts.lineage, outputFile, signal, onStarted });
  if (outcome.status === "aborted")
    throw new OrchestratorError("aborted", "the call was stopped, and the command ended");
  const output = await readFileIfThere(outputFile, outputBytesMax + 1);
  await removeTree(outputFile);
  return answerOf(outcome, check, output?.toString("utf8") ?? "");
}

function missing(detail: string): Answer {
  return { status: "failed_to_start", exit_code: null, detail, output: "" };
}

function answerOf(outcome: CommandOutcome, check: CheckResult | null, output: string): Answer {
  const { status, exitCode, signal, durationMs, detail, outputTail, outputBytes, outputTruncated } = outcome;
  if (status === "aborted") throw new TypeError("a command that was stopped has no answer");
  return {
    status,
    exit_code: exitCode,
    signal,
    duration_ms: durationMs,
    detail,
    output,
    ...(outputTruncated ? { output_tail: outputTail } : {}),
    output_bytes: outputBytes,
    output_truncated: outputTruncated,
    check,
  };
}

function fitting(answer: Answer): Record<string, unknown> {
  if (JSON.stringify(answer).length <= answerLengthMax) return { ...answer };
  return { ...answer, output: "", output_truncated: true };
}
