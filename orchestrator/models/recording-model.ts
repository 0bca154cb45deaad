import { isDeepStrictEqual } from "node:util";
import { type Model, type ModelRequest, type ModelResponse, Usage as SdkUsage } from "@openai/agents-core";
import type { Clock } from "../io/clock.ts";
import { sha256 } from "../io/hash.ts";
import type { Usage } from "../schema/budget.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { EventPayload, RecordedAnswer } from "../schema/run-event.ts";
import { answerOutput, recordableOutput } from "./answer-output.ts";
import { callWithRetries, type RetryPolicy } from "./call-with-retries.ts";
import { createMeteredModel, type MeteredModel, type ReserveCall } from "./metered-model.ts";
import type { NamedModel } from "./named-model.ts";
import type { HashRequest } from "./request-hash.ts";
import type { StepSession } from "./step-session.ts";

/** What a recording model works with. */
export interface RecordingOptions {
  readonly inner: NamedModel;
  readonly session: StepSession;
  readonly clock: Clock;
  readonly retry: RetryPolicy;
  readonly hashRequest: HashRequest;
  /** Asked before each try of a call that is really made. Throws `budget_spent` where it must not be. */
  readonly reserve: ReserveCall;
  readonly signal: AbortSignal;
}

/**
 * A model that first gives the recorded answers of its step and then asks the inner model, recording each answer before it is
 * used. Throws `step_drifted` where a recorded answer belongs to another request, `budget_spent`, and what the call throws.
 */
export function createRecordingModel(options: RecordingOptions): Model {
  return {
    getResponse: (request) => answer(options, request),
    getStreamedResponse: () => {
      throw new OrchestratorError(
        "model_misbehaved",
        "agents are run without streaming; the wire streams below this model",
      );
    },
  };
}

async function answer(options: RecordingOptions, request: ModelRequest): Promise<ModelResponse> {
  const { session } = options;
  const turn = session.turn + 1;
  const requestSha256 = options.hashRequest(request);
  const recorded = session.transcript.answers.get(turn);
  if (recorded !== undefined) {
    if (recorded.request_sha256 !== requestSha256) {
      throw new OrchestratorError("step_drifted", `turn ${turn} of ${session.stepId} was recorded for another request`);
    }
    session.turn = turn;
    return toResponse(recorded.answer, recorded.usage);
  }
  const response = await ask(options, request, turn, requestSha256);
  session.turn = turn;
  return response;
}

async function ask(
  options: RecordingOptions,
  request: ModelRequest,
  turn: number,
  requestSha256: string,
): Promise<ModelResponse> {
  const { session, inner, clock } = options;
  const startedMs = clock.monotonicMs();
  const metered = createMeteredModel(inner, options.reserve);
  const response = await callMetered(options, metered, request, turn);
  const usage = reportedUsage(inner, response);
  const payload: EventPayload<"model_answered"> = {
    step_id: session.stepId,
    agent: session.agent,
    turn,
    model: inner.name,
    request_sha256: requestSha256,
    answer: toRecord(response),
    usage: usage ?? metered.atMost(),
    ...(usage === null ? { usage_reported: false as const } : {}),
    duration_ms: Math.round(clock.monotonicMs() - startedMs),
  };
  const event = await session.append({ event: "model_answered", actor: session.actor, payload });
  await recordImpossibleCalls(session, request, response, turn);
  const { answer } = event.event === "model_answered" ? event.payload : payload;
  // What the record holds is what the agent gets: where redaction changed nothing, that is the answer as it came.
  return isDeepStrictEqual(answer, payload.answer) ? response : toResponse(answer, payload.usage);
}

/** Puts each failed try on record with what it can have used, the one that was stopped in the middle as well. */
async function callMetered(
  options: RecordingOptions,
  metered: MeteredModel,
  request: ModelRequest,
  turn: number,
): Promise<ModelResponse> {
  const { session } = options;
  const append: StepSession["append"] = (draft) => {
    const usage = draft.event === "model_call_failed" ? metered.takeLoss() : null;
    if (draft.event !== "model_call_failed" || usage === null) return session.append(draft);
    return session.append({ ...draft, payload: { ...draft.payload, usage } });
  };
  try {
    return await callWithRetries(metered.model, request, { ...options, session: { ...session, append } }, turn);
  } catch (error) {
    const usage = metered.takeLoss();
    if (usage !== null) await recordLoss(session, turn, usage, messageOf(error));
    throw error;
  }
}

async function recordLoss(session: StepSession, turn: number, usage: Usage, message: string): Promise<void> {
  const { stepId, agent, actor } = session;
  const payload = { step_id: stepId, agent, turn, message, status: null, retry_in_ms: null, usage };
  await session.append({ event: "model_call_failed", actor, payload });
}

/** Calls that the Agents SDK answers by itself, because no tool could be called: they stand in the record as refused. */
async function recordImpossibleCalls(
  session: StepSession,
  request: ModelRequest,
  response: ModelResponse,
  turn: number,
): Promise<void> {
  const known = new Set(request.tools.map(({ name }) => name));
  for (const item of response.output) {
    if (item.type !== "function_call") continue;
    const reason = known.has(item.name) ? jsonProblem(item.arguments) : `there is no tool '${item.name}'`;
    if (reason === null) continue;
    await session.append({
      event: "tool_finished",
      actor: session.actor,
      payload: {
        step_id: session.stepId,
        call_id: `${turn}.${item.callId}`,
        tool: item.name,
        arguments_sha256: sha256(item.arguments),
        outcome: "refused",
        result: `refused: ${reason}`,
        tree: null,
        check: null,
        error_file: null,
        duration_ms: 0,
      },
    });
  }
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return "the arguments are not JSON";
  }
}

function toRecord(response: ModelResponse): RecordedAnswer {
  return {
    output: recordableOutput(response.output),
    ...(response.responseId === undefined ? {} : { response_id: response.responseId }),
    ...(response.requestId === undefined ? {} : { request_id: response.requestId }),
  };
}

function toResponse(answer: RecordedAnswer, usage: Usage): ModelResponse {
  return {
    usage: new SdkUsage({
      requests: 1,
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      totalTokens: usage.input_tokens + usage.output_tokens,
    }),
    output: answerOutput(answer.output),
    ...(answer.response_id === undefined ? {} : { responseId: answer.response_id }),
  };
}

/** What the provider says that the call used, or null where it did not say: every call has a request, and an answer. */
function reportedUsage(inner: NamedModel, response: ModelResponse): Usage | null {
  const { inputTokens, outputTokens } = response.usage;
  const isCount = (tokens: number) => Number.isSafeInteger(tokens) && tokens >= (inner.usesTokens === false ? 0 : 1);
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null;
  return {
    turns: 1,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_usd: inner.costOf(inputTokens, outputTokens) ?? 0,
  };
}
