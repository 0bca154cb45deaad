import type { Model, ModelRequest, ModelResponse } from "@openai/agents-core";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { StepSession } from "./step-session.ts";

/** How often and how long a model call is tried. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly retries: number;
  /** Wait before the second try; doubles each time, at most 30 s. A provider's own `retry-after` wins, within the same bound. */
  readonly firstDelayMs: number;
  /** A hard deadline for one try. */
  readonly timeoutMs: number;
}

const delayMaxMs = 30_000;

/** What a failed call tells: whether trying again can help. */
interface CallFailure {
  readonly passing: boolean;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly message: string;
}

/**
 * Calls a model under a deadline, again after failures that pass (429, 408, 409, 5xx, a broken connection). Each failure is an
 * event. Throws `model_unreachable` when the tries are used up, `model_refused` for a failure that will not pass, `aborted`.
 */
export async function callWithRetries(
  model: Model,
  request: ModelRequest,
  options: { readonly session: StepSession; readonly retry: RetryPolicy; readonly signal: AbortSignal },
  turn: number,
): Promise<ModelResponse> {
  const { retry, signal } = options;
  for (let tries = 0; ; tries += 1) {
    try {
      return await callOnce(model, request, retry.timeoutMs, signal);
    } catch (error) {
      if (signal.aborted) throw new OrchestratorError("aborted", "the model call was stopped", { cause: error });
      if (error instanceof OrchestratorError && !error.retryable) throw error;
      const failure = classify(error);
      const delayMs = failure.passing && tries < retry.retries ? delayOf(retry, tries, failure) : null;
      await recordFailure(options.session, turn, failure, delayMs);
      if (delayMs === null) throw fault(failure, tries, error);
      await wait(delayMs, signal);
    }
  }
}

/** Races the call against its deadline, since a model that ignores its signal would never settle. */
function callOnce(model: Model, request: ModelRequest, timeoutMs: number, signal: AbortSignal): Promise<ModelResponse> {
  const stopper = new AbortController();
  return new Promise((resolve, reject) => {
    const end = <Outcome>(settle: (outcome: Outcome) => void) => {
      return (outcome: Outcome) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        settle(outcome);
      };
    };
    const stop = end((fault: OrchestratorError) => {
      reject(fault);
      stopper.abort(fault);
    });
    const onAbort = () => stop(new OrchestratorError("aborted", "the model call was stopped"));
    const onTime = () =>
      stop(new OrchestratorError("model_unreachable", `the model did not answer within ${timeoutMs} ms`));
    const timer = setTimeout(onTime, timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    else ask(model, { ...request, signal: stopper.signal }).then(end(resolve), end(reject));
  });
}

/** A model that throws at once rejects like any other. */
async function ask(model: Model, request: ModelRequest): Promise<ModelResponse> {
  return model.getResponse(request);
}

async function recordFailure(
  session: StepSession,
  turn: number,
  failure: CallFailure,
  delayMs: number | null,
): Promise<void> {
  await session.append({
    event: "model_call_failed",
    actor: session.actor,
    payload: {
      step_id: session.stepId,
      agent: session.agent,
      turn,
      message: failure.message,
      status: failure.status,
      retry_in_ms: delayMs,
    },
  });
}

function fault(failure: CallFailure, tries: number, cause: unknown): OrchestratorError {
  if (failure.passing) {
    return new OrchestratorError("model_unreachable", `the model failed ${tries + 1} times: ${failure.message}`, {
      cause,
    });
  }
  return new OrchestratorError("model_refused", `the model refused the request: ${failure.message}`, { cause });
}

function classify(error: unknown): CallFailure {
  const status = numberIn(error, "status");
  const passing =
    status === null ? isConnectionFailure(error) : status === 408 || status === 409 || status === 429 || status >= 500;
  return { passing, status, retryAfterMs: retryAfterMs(error), message: messageOf(error).slice(0, 2000) };
}

/** Without a status nothing was answered; only what is plainly a wrong use of the SDK will not pass. */
function isConnectionFailure(error: unknown): boolean {
  return (
    !(error instanceof TypeError && !/fetch|terminated|network/i.test(error.message)) &&
    !/UserError/.test(nameOf(error))
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : "";
}

function numberIn(error: unknown, key: string): number | null {
  if (typeof error !== "object" || error === null || !(key in error)) return null;
  const value: unknown = Reflect.get(error, key);
  return typeof value === "number" ? value : null;
}

function retryAfterMs(error: unknown): number | null {
  const headers: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "headers") : undefined;
  if (!(headers instanceof Headers)) return null;
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

function delayOf(retry: RetryPolicy, tries: number, failure: CallFailure): number {
  const wanted = failure.retryAfterMs ?? retry.firstDelayMs * 2 ** tries;
  return Math.max(0, Math.min(delayMaxMs, wanted));
}

function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new OrchestratorError("aborted", "stopped while waiting to call the model again"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
