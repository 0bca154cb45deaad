import type { Model, ModelRequest, ModelResponse } from "@openai/agents-core";
import type { Usage } from "../schema/budget.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { NamedModel } from "./named-model.ts";

/** What one try of a model call is allowed. */
export interface CallAllowance {
  readonly outputTokensMax: number;
  /** What an answer is that does not fit: a spent budget, or null where a setting, and not the budget, keeps it this short. */
  readonly spent: OrchestratorError | null;
}

/** Lets the next try of a call be made, or throws `budget_spent`. `inputTokens` is the most that its request can come to. */
export type ReserveCall = (inputTokens: number) => CallAllowance;

/** A model that asks for each try whether the budget still holds it, and remembers what the try can have used at most. */
export interface MeteredModel {
  readonly model: Model;
  /** The most that the try under way, or the last one, can have used. */
  atMost(): Usage;
  /** The same where the last try failed and may have been charged; null where it was refused before it began. Forgets it. */
  takeLoss(): Usage | null;
}

/**
 * Puts the budget before every try of a call, also before those that are made again: the output is capped to what is left. An
 * answer that such a cap cut off is a spent budget.
 */
export function createMeteredModel(inner: NamedModel, reserve: ReserveCall): MeteredModel {
  let most: Usage = usageOf(inner, 0, 0, 0);
  let loss: Usage | null = null;
  const getResponse = async (request: ModelRequest): Promise<ModelResponse> => {
    const inputTokens = inner.usesTokens === false ? 0 : inputTokensMax(request);
    const { outputTokensMax, spent } = reserve(inputTokens);
    most = usageOf(inner, 1, inputTokens, inner.usesTokens === false ? 0 : outputTokensMax);
    // Until the answer is there, the provider may have begun to charge for it.
    const mine = { ...most, turns: 0 };
    loss = mine;
    const forgive = () => {
      if (loss === mine) loss = null;
    };
    try {
      const response = await inner.model.getResponse(capped(inner, request, outputTokensMax));
      forgive();
      return response;
    } catch (error) {
      if (wasRefused(error)) forgive();
      if (spent !== null && isCutOff(error)) throw spent;
      throw error;
    }
  };
  return {
    model: { getResponse, getStreamedResponse: (request) => inner.model.getStreamedResponse(request) },
    atMost: () => most,
    takeLoss: () => {
      const taken = loss;
      loss = null;
      return taken;
    },
  };
}

const cutOff = "the answer ended at the cap on its output tokens";

/** The fault of an answer that ended at the cap on its output tokens. */
export function cutOffAnswer(): OrchestratorError {
  const message = "the model's answer was cut off before it was complete; raise `settings.model_output_tokens_max`";
  return new OrchestratorError("model_misbehaved", message, { cause: cutOff });
}

function isCutOff(error: unknown): error is OrchestratorError {
  return isOrchestratorError(error, "model_misbehaved") && error.cause === cutOff;
}

function capped(inner: NamedModel, request: ModelRequest, outputTokensMax: number): ModelRequest {
  if (inner.usesTokens === false) return request;
  return { ...request, modelSettings: { ...request.modelSettings, maxTokens: outputTokensMax } };
}

/**
 * More tokens than a request can come to: no tokenizer makes two tokens of one byte, and the few that a provider adds to frame
 * a message are fewer than the bytes of its frame in JSON.
 */
function inputTokensMax({ systemInstructions, input, tools, outputType }: ModelRequest): number {
  return Buffer.byteLength(JSON.stringify([systemInstructions, input, tools, outputType]));
}

function usageOf(inner: NamedModel, turns: number, inputTokens: number, outputTokens: number): Usage {
  return {
    turns,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_usd: inner.costOf(inputTokens, outputTokens) ?? 0,
  };
}

/** A provider that answers with a status began no work. */
function wasRefused(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  return typeof Reflect.get(error, "status") === "number";
}
