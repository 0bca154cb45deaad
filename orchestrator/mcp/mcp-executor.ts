import type { Clock } from "../io/clock.ts";
import { removeTree } from "../io/files.ts";
import type { CommandExecutor, FailedCall, ReadyCommand, StartOptions } from "../pipeline/command-executor.ts";
import {
  enforcementOf,
  type LocalExecutorParts,
  type PlannedCheck,
  planCheck,
  readPlannedCheck,
} from "../pipeline/local-executor.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { McpServer, RunAnswer, RunCall } from "../schema/mcp.ts";
import type { PipelineCommand } from "../schema/pipeline.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import { readFailedCall } from "./failed-call.ts";
import { keepAnswer } from "./keep-answer.ts";
import type { CallEnd, McpSession } from "./mcp-session.ts";

/** What commands are carried out with over an MCP server. */
export interface McpExecutorParts
  extends Pick<
    LocalExecutorParts,
    "folder" | "policy" | "environment" | "redactor" | "sandbox" | "reader" | "projects"
  > {
  readonly server: McpServer;
  /** The mark of each server that is started, and of all that it starts. */
  readonly lineage: string;
  /** Starts the server, or reaches it. Rejects with `mcp_server_failed`. */
  readonly connect: () => Promise<McpSession>;
  /** Beside a command's own time: for the server to end it, and to answer. */
  readonly marginMs: number;
  readonly clock: Clock;
}

/** A server that died is reached once more by one runner. */
const reconnectsMax = 1;

/** Commands over a server that is connected to when this resolves. Rejects as `connect` does, and where the policy wants a sandbox that a foreign server cannot prove. */
export async function openMcpExecutor(parts: McpExecutorParts): Promise<CommandExecutor> {
  refuseUnproven(parts);
  const link = await openLink(parts);
  return {
    prepare: async (command) => {
      await link.session();
      return prepare(parts, link, command);
    },
    close: () => link.close(),
  };
}

function refuseUnproven({ policy, server }: McpExecutorParts): void {
  if (!policy.require_sandbox || server.kind === "own") return;
  throw new OrchestratorError(
    "sandbox_unavailable",
    "the policy requires a sandbox, and whether a server that is not ours has one cannot be known; set mcp_server: { kind: own }",
  );
}

/** The connection, made anew where the server died. */
interface Link {
  /** Rejects with `mcp_server_failed` where it died too often. */
  session(): Promise<McpSession>;
  /** Gives the server up; the next session is with another one. */
  drop(reason: string): Promise<void>;
  close(): Promise<void>;
}

async function openLink({ connect }: McpExecutorParts): Promise<Link> {
  let session = await connect();
  let given: string | null = null;
  let reconnects = 0;
  return {
    session: async () => {
      const reason = given ?? session.lost();
      if (reason === null) return session;
      if (reconnects >= reconnectsMax) {
        throw new OrchestratorError(
          "mcp_server_failed",
          `the MCP server was lost again (${reason}), and one runner reaches it anew only once; resume the run`,
        );
      }
      reconnects += 1;
      await session.end();
      session = await connect();
      given = null;
      return session;
    },
    drop: async (reason) => {
      given = reason;
      await session.end();
    },
    close: () => session.end(),
  };
}

async function prepare(
  parts: McpExecutorParts,
  link: Link,
  command: PipelineCommand,
): Promise<ReadyCommand | { readonly missing: string }> {
  const planned = command.check === undefined ? null : await planCheck(parts, command.check, command);
  if (planned !== null && "missing" in planned) return planned;
  const call = callOf(parts, command, planned);
  const timeoutMs = call.timeout_ms ?? parts.policy.limits.command_timeout_ms;
  const [program = "", ...args] = planned?.plan.argv ?? command.argv ?? [];
  return {
    argv: [program, ...args],
    timeoutMs,
    enforcement: await enforcementAt(parts, command),
    lineage: parts.lineage,
    start: async (options) => {
      const session = await link.session();
      const report = planned?.plan.reportFile ?? null;
      if (report !== null) await removeTree(report);
      await options.onStarted(session.pid);
      const startedMs = parts.clock.monotonicMs();
      const end = await session.call(call, timeoutMs + parts.marginMs, options.signal);
      return ended(parts, link, end, {
        planned,
        options,
        timeoutMs,
        durationMs: parts.clock.monotonicMs() - startedMs,
      });
    },
  };
}

/** Our own server finds and reads a check by itself; a foreign one is told the program. */
function callOf(parts: McpExecutorParts, command: PipelineCommand, planned: PlannedCheck | null): RunCall {
  const { environment, policy, server } = parts;
  const most = policy.limits.command_timeout_ms;
  const named = command.env.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = Object.fromEntries(named);
  const bounds = { sandbox: command.sandbox, network: command.network };
  const timeout = command.timeout_ms === undefined ? {} : { timeout_ms: Math.min(command.timeout_ms, most) };
  if (planned === null) return { argv: command.argv, cwd: command.cwd, env, ...bounds, timeout_ms: most, ...timeout };
  if (server.kind === "own") {
    const { check, project, adapter } = command;
    const place = { ...(project === undefined ? {} : { project }), ...(adapter === undefined ? {} : { adapter }) };
    return { check, ...place, cwd: ".", env, ...bounds, ...timeout };
  }
  const { argv, cwd, env: variables, timeoutMs } = planned.plan;
  return {
    argv: [...argv],
    cwd,
    env: { ...env, ...variables },
    ...bounds,
    timeout_ms: Math.min(timeoutMs, most),
    ...timeout,
  };
}

async function enforcementAt(parts: McpExecutorParts, command: PipelineCommand): Promise<ReadyCommand["enforcement"]> {
  if (parts.server.kind === "own") return enforcementOf(parts, command);
  const environment_filtered = parts.server.kind === "stdio";
  return { sandbox: "unknown", network_blocked: false, writes_confined: false, environment_filtered };
}

interface Called {
  readonly planned: PlannedCheck | null;
  readonly options: StartOptions;
  readonly timeoutMs: number;
  /** From the call to its end. */
  readonly durationMs: number;
}

async function ended(
  parts: McpExecutorParts,
  link: Link,
  end: CallEnd,
  called: Called,
): ReturnType<ReadyCommand["start"]> {
  switch (end.kind) {
    case "answered":
      return answered(parts, end.answer, called);
    case "unusable":
      return failed(await readFailedCall(parts.redactor, end), called);
    case "lost":
      return { interrupted: `its MCP server died inside it (${end.reason})` };
    case "aborted":
      await link.close();
      return { interrupted: stoppedBy(parts.server) };
    case "late": {
      const reason = `the MCP server did not answer within ${called.timeoutMs + parts.marginMs} ms`;
      await link.drop(reason);
      const { durationMs } = called;
      return {
        outcome: { ...noOutcome, status: "timed_out", detail: reason, durationMs },
        check: null,
        failedCall: null,
      };
    }
  }
}

function stoppedBy({ kind }: McpServer): string {
  return kind === "http"
    ? "stopped with its runner; its server was asked to end it, and whether it did cannot be told from here"
    : "stopped with its runner, and ended with its server";
}

const noOutcome: CommandOutcome = {
  status: "exited",
  exitCode: null,
  signal: null,
  durationMs: 0,
  outputTail: "",
  outputBytes: 0,
  outputTruncated: false,
  detail: "",
};

function failed(failedCall: FailedCall, { durationMs }: Called): Awaited<ReturnType<ReadyCommand["start"]>> {
  return { outcome: { ...noOutcome, detail: failedCall.summary, durationMs }, check: null, failedCall };
}

async function answered(parts: McpExecutorParts, answer: RunAnswer, called: Called): ReturnType<ReadyCommand["start"]> {
  const { planned, options, durationMs } = called;
  const isOwn = parts.server.kind === "own";
  if (isOwn && planned !== null && answer.status === "exited" && answer.check === null) {
    const raw = JSON.stringify(answer);
    return failed(
      await readFailedCall(parts.redactor, { reason: "it does not say what the check showed", raw }),
      called,
    );
  }
  const outcome = await keepAnswer(parts, { duration_ms: durationMs, ...answer }, options.outputFile);
  if (planned === null) return { outcome, check: null, failedCall: null };
  return { outcome, check: isOwn ? answer.check : await readPlannedCheck(planned, outcome), failedCall: null };
}
