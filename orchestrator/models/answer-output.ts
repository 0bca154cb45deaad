import { type ModelResponse, protocol } from "@openai/agents-core";
import { z } from "zod";
import { OrchestratorError } from "../schema/errors.ts";

type Output = ModelResponse["output"];

/** Output items as plain JSON, without members that are undefined. */
export function recordableOutput(output: Output): Record<string, unknown>[] {
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(JSON.stringify(output)));
}

/** Recorded items as the Agents SDK's own type, kept as they are. Throws `run_damaged` for what the SDK would not understand. */
export function answerOutput(items: readonly Record<string, unknown>[]): Output {
  const checked: unknown = items;
  if (isOutput(checked)) return checked;
  throw new OrchestratorError("run_damaged", "a recorded model answer is not one that the Agents SDK understands");
}

function isOutput(value: unknown): value is Output {
  return Array.isArray(value) && value.every((item) => protocol.OutputModelItem.safeParse(item).success);
}
