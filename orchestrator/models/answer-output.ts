import { type ModelResponse, protocol } from "@openai/agents-core";
import { OrchestratorError } from "../schema/errors.ts";

type Output = ModelResponse["output"];

/** Output items as plain JSON, without members that are undefined. */
export function recordableOutput(output: Output): Record<string, unknown>[] {
  const items: unknown = JSON.parse(JSON.stringify(output));
  if (Array.isArray(items) && items.every(isItem)) return items;
  throw new OrchestratorError("model_misbehaved", "a model's answer is no list of items");
}

/** Recorded items as the Agents SDK's own type, kept as they are. Throws `run_damaged` for what the SDK would not understand. */
export function answerOutput(items: readonly Record<string, unknown>[]): Output {
  const checked: unknown = items;
  if (isOutput(checked)) return checked;
  throw new OrchestratorError("run_damaged", "a recorded model answer is not one that the Agents SDK understands");
}

function isItem(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOutput(value: unknown): value is Output {
  return Array.isArray(value) && value.every((item) => protocol.OutputModelItem.safeParse(item).success);
}
