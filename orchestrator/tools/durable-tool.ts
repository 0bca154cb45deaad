import { type Tool, tool } from "@openai/agents-core";
import type { Clock } from "../io/clock.ts";
import { hashJson, sha256 } from "../io/hash.ts";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import { randomHex } from "../io/ids.ts";
import { endMarked } from "../io/lineage.ts";
import type { StepSession } from "../models/step-session.ts";
import type { TapedCall } from "../models/tool-tape.ts";
import { type ErrorCode, isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import { jsonSchemaOf } from "../schema/json-schema.ts";
import type { CommandCall } from "../schema/process-port.ts";
import type { EventPayload } from "../schema/run-event.ts";
import { createInOrder } from "../workspace/in-order.ts";
import type { AgentTool, ToolAnswer } from "./agent-tool.ts";

/** A tool in the form that the Agents SDK calls. */
export type SdkTool = Extract<Tool, { type: "function" }>;

/** What a durable tool works with. */
export interface DurableToolOptions {
  readonly session: StepSession;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The hash of the workspace's files now. */
  readonly snapshot: () => Promise<string>;
  /** The result to give instead of running a command, where a recorded run is replayed. */
  readonly recorded?: (call: TapedCall) => { readonly runId: string; readonly finished: ToolFinished } | null;
  /** Keeps what a failed call left, as `errors/NN-<slug>.json`; resolves with the name. */
  readonly keepError: (slug: string, content: unknown) => Promise<string>;
}

type ToolFinished = EventPayload<"tool_finished">;

/** Faults that are an answer to the model: it asked for something that must not be, or cannot be. */
const refusals: readonly ErrorCode[] = [
  "path_refused",
  "command_refused",
  "edit_refused",
  "pattern_not_found",
  "document_invalid",
  "usage",
];

/** Characters of a result that a model is given. */
const resultLengthMax = 60_000;

/**
 * The tools of one step in the Agents SDK's form. A call whose result is recorded is not made again; one with an effect writes its
 * intent first; every result is recorded before the model sees it. A fault rejects, so it never turns into polite text. Calls that a
 * model makes at once are done one after the other: no edit lands in the middle of a command.
 */
export function createDurableTools(tools: readonly AgentTool[], options: DurableToolOptions): SdkTool[] {
  const inOrder = createInOrder();
  return tools.map((agentTool) =>
    createSdkTool(agentTool, (input, callId) => inOrder(() => invokeDurably(agentTool, options, input, callId))),
  );
}

/**
 * A tool whose arguments reach `run` as they came: what does not fit is an answer to the model, where the SDK's own check would make it a
 * fault. The schema is strict as `jsonSchemaOf` makes it, so the SDK is not asked to make it so once more,
 * for each tool of each step.
 */
export function createSdkTool(
  described: Pick<AgentTool, "name" | "description" | "parameters">,
  run: (input: string, callId: string) => Promise<string>,
): SdkTool {
  const sdkTool: SdkTool = tool({
    name: described.name,
    description: described.description,
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    errorFunction: null,
    execute: async () => "",
  });
  sdkTool.parameters = jsonSchemaOf(described.parameters);
  sdkTool.strict = true;
  // The SDK's own `needsApproval` stays: with any other one it takes arguments that are no JSON for a call to be approved.
  sdkTool.invoke = (_context, input, details) => run(input, details?.toolCall?.callId ?? "unnamed");
  return sdkTool;
}

/** Calls a tool on record: a recorded result is given again, an intent is written before an effect, a result before it is used. */
export async function invokeDurably(
  agentTool: AgentTool,
  options: DurableToolOptions,
  input: string,
  modelCallId: string,
): Promise<string> {
  const { session } = options;
  const callId = `${session.turn}.${modelCallId}`;
  const argumentsSha256 = sha256(input);
  const recorded = session.transcript.results.get(callId);
  if (recorded !== undefined) return replayed(recorded, argumentsSha256, session.stepId);
  const call = { step_id: session.stepId, call_id: callId, tool: agentTool.name };
  const interrupted = await settleInterrupted(agentTool, options, call);
  if (interrupted !== null) return record(options, call, argumentsSha256, interrupted, null, 0);
  const lineage = randomHex(16);
  if (agentTool.effect !== "none") {
    const tree = await options.snapshot();
    const taped = agentTool.effect === "command" ? recordedOf(options, call, argumentsSha256, tree) : null;
    await recordIntent(agentTool.effect, options, { call, argumentsSha256, tree, lineage });
    if (taped !== null) return record(options, call, argumentsSha256, taped.answer, tree, 0, taped.runId);
  }
  const startedMs = options.clock.monotonicMs();
  const answer = await answerOf(agentTool, input, { signal: options.signal, lineage });
  const tree = agentTool.effect === "none" ? null : await options.snapshot();
  return record(options, call, argumentsSha256, answer, tree, options.clock.monotonicMs() - startedMs);
}

/** What a recorded run says of such a command; the files were the same before it, and after it. */
function recordedOf(
  { recorded }: DurableToolOptions,
  { tool: name }: Call,
  argumentsSha256: string,
  tree: string,
): { readonly runId: string; readonly answer: ToolAnswer } | null {
  const found = recorded?.({ tool: name, argumentsSha256, tree }) ?? null;
  if (found === null) return null;
  const { outcome, result, check, cases, more_checks } = found.finished;
  const shown = {
    ...(check === null ? {} : { check }),
    ...(cases === undefined ? {} : { cases }),
    ...(more_checks === undefined ? {} : { more_checks }),
  };
  return { runId: found.runId, answer: { outcome, result, ...shown } };
}

type Call = { readonly step_id: string; readonly call_id: string; readonly tool: string };

function replayed(recorded: EventPayload<"tool_finished">, argumentsSha256: string, stepId: string): string {
  if (recorded.arguments_sha256 === argumentsSha256) return recorded.result;
  throw new OrchestratorError(
    "step_drifted",
    `call ${recorded.call_id} of ${stepId} was recorded with other arguments`,
  );
}

/**
 * The files are back at the tree before the call, and what it left running was ended before that (`endLeftovers`) where this system lets
 * it be found. What else a command did cannot be known, so it is not silently repeated.
 */
async function settleInterrupted(
  agentTool: AgentTool,
  options: DurableToolOptions,
  call: Call,
): Promise<ToolAnswer | null> {
  const interrupted = options.session.transcript.interrupted.get(call.call_id);
  if (interrupted === undefined) return null;
  const { intent, isSettled } = interrupted;
  const isAlone = await isEnded(intent);
  const running = isAlone ? "" : "; whether it still runs cannot be told from here";
  const settled = `files restored to the tree before the call${running}; ${agentTool.repeatable ? "made again" : "not repeated"}`;
  if (!isSettled)
    await options.session.append({
      event: "tool_interrupted",
      actor: options.session.actor,
      payload: { ...call, effect: intent.effect, settled },
    });
  if (agentTool.repeatable) return null;
  return {
    outcome: "failed",
    result: isAlone
      ? "interrupted: the process died inside this call. The files are as they were before it."
      : "interrupted: the process died inside this call. The files were put back to what they were before it; whether the command still runs cannot be told.",
  };
}

/** True where nothing that the call started is left for certain: an edit starts nothing. */
async function isEnded({ effect, lineage, runner }: EventPayload<"tool_started">): Promise<boolean> {
  if (effect === "edit") return true;
  if (lineage === undefined || runner === undefined) return false;
  return (await endMarked(lineage, runner, 0)).isGone;
}

/** What is on record before a call has an effect. */
interface Intent {
  readonly call: Call;
  readonly argumentsSha256: string;
  readonly tree: string;
  readonly lineage: string;
}

async function recordIntent(
  effect: "edit" | "command",
  options: DurableToolOptions,
  { call, argumentsSha256, tree, lineage }: Intent,
): Promise<void> {
  await options.session.append({
    event: "tool_started",
    actor: options.session.actor,
    payload: {
      ...call,
      arguments_sha256: argumentsSha256,
      effect,
      idempotency_key: hashJson([call.step_id, call.call_id, call.tool, argumentsSha256]),
      tree,
      ...(effect === "command" ? { lineage, ...(await ownIdentity()) } : {}),
    },
  });
}

async function ownIdentity(): Promise<{ readonly runner?: string }> {
  const identity = await identifyProcess();
  return identity.start === null ? {} : { runner: formatIdentity(identity) };
}

async function answerOf(agentTool: AgentTool, input: string, call: CommandCall): Promise<ToolAnswer> {
  try {
    return await agentTool.run(JSON.parse(input), call);
  } catch (error) {
    if (call.signal.aborted) throw new OrchestratorError("aborted", `${agentTool.name} was stopped`, { cause: error });
    if (error instanceof SyntaxError) return { outcome: "refused", result: "refused: the arguments are not JSON" };
    if (isOrchestratorError(error) && refusals.includes(error.code)) {
      return { outcome: "refused", result: `refused: ${messageOf(error)}` };
    }
    throw error;
  }
}

async function record(
  options: DurableToolOptions,
  call: Call,
  argumentsSha256: string,
  answer: ToolAnswer,
  tree: string | null,
  durationMs: number,
  replayedFrom?: string,
): Promise<string> {
  const result = cut(answer.result);
  const { cases: _cases, more_checks: more, ...rest } = answer;
  const told = more === undefined ? rest : { ...rest, more_checks: more.map(({ check }) => check) };
  const errorFile = answer.outcome === "failed" ? await options.keepError(call.tool, { ...call, ...told }) : null;
  const event = await options.session.append({
    event: "tool_finished",
    actor: options.session.actor,
    payload: {
      ...call,
      arguments_sha256: argumentsSha256,
      outcome: answer.outcome,
      result,
      tree,
      check: answer.check ?? null,
      ...(answer.cases === undefined ? {} : { cases: answer.cases }),
      ...(answer.more_checks === undefined ? {} : { more_checks: answer.more_checks }),
      error_file: errorFile,
      ...(replayedFrom === undefined ? {} : { replayed_from: replayedFrom }),
      ...(answer.pattern === undefined ? {} : { pattern: answer.pattern }),
      duration_ms: Math.round(durationMs),
    },
  });
  return event.event === "tool_finished" ? event.payload.result : result;
}

function cut(text: string): string {
  if (text.length <= resultLengthMax) return text;
  return `${text.slice(0, resultLengthMax)}\n[cut: ${text.length - resultLengthMax} more characters]`;
}
