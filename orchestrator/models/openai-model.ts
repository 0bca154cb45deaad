import type { Model, ModelRequest, ModelResponse, StreamEvent } from "@openai/agents-core";
import { Usage as SdkUsage } from "@openai/agents-core";
import { withoutListeners } from "../io/own-listeners.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { cutOffAnswer } from "./metered-model.ts";
import { takeOverTracing } from "./run-tracing.ts";

/** Where an OpenAI-compatible server is and how to be let in. */
export interface OpenAiOptions {
  readonly model: string;
  readonly baseUrl: string | null;
  readonly apiKey: string;
}

/**
 * A model behind the Responses API. The wire streams, so a cut connection is told from an answer; the caller gets whole
 * responses. The client's own retries are off: one place retries, and records it.
 */
export async function createOpenAiModel(options: OpenAiOptions): Promise<Model> {
  const [{ OpenAIResponsesModel }, { default: OpenAI }] = await Promise.all([importProvider(), import("openai")]);
  const client = new OpenAI({ apiKey: options.apiKey, maxRetries: 0, baseURL: options.baseUrl ?? undefined });
  const wire = new OpenAIResponsesModel(client, options.model);
  return {
    getResponse: (request) => collect(wire, request),
    getStreamedResponse: (request) => wire.getStreamedResponse(request),
  };
}

/** On import the provider puts the vendor's trace exporter in the place of every other, so tracing is taken over again. */
async function importProvider() {
  const provider = await withoutListeners(() => import("@openai/agents"));
  takeOverTracing();
  return provider;
}

async function collect(wire: Model, request: ModelRequest): Promise<ModelResponse> {
  for await (const event of wire.getStreamedResponse(request)) {
    // The raw event comes before the fault that the SDK makes of it, which no longer says why.
    if (isCutOff(event)) throw cutOffAnswer();
    if (event.type !== "response_done") continue;
    const { id, requestId, usage, output } = event.response;
    return {
      usage: new SdkUsage({
        requests: 1,
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        totalTokens: usage.totalTokens,
      }),
      output,
      responseId: id,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
  throw new OrchestratorError("model_unreachable", "the model's answer broke off before it was complete");
}

/** True for the event in which the provider says that the answer ended at the cap on its tokens. */
function isCutOff(event: StreamEvent): boolean {
  if (event.type !== "model") return false;
  const raw: unknown = event.event;
  if (typeof raw !== "object" || raw === null) return false;
  const response: unknown = Reflect.get(raw, "response");
  if (typeof response !== "object" || response === null) return false;
  return Reflect.get(response, "status") === "incomplete";
}
