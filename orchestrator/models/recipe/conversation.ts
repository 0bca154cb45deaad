import type { ModelRequest } from "@openai/agents-core";
import { z } from "zod";
import { OrchestratorError } from "../../schema/errors.ts";
import type { Json } from "../../schema/primitives.ts";

/** A tool call that was made, and what came back. */
export interface CallResult {
  readonly tool: string;
  readonly arguments: unknown;
  readonly result: string;
}

/** What a recipe sees of a request: the document it was handed, and its calls so far. */
export interface Conversation {
  readonly document: unknown;
  readonly results: readonly CallResult[];
}

/** A tool call that a recipe makes. */
export interface RecipeCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** What a recipe does next: call one tool, or several, or end with a document. */
export type Decision =
  | ({ readonly kind: "call" } & RecipeCall)
  | { readonly kind: "calls"; readonly calls: readonly RecipeCall[] }
  | { readonly kind: "finish"; readonly document: unknown };

const Call = z.object({
  type: z.literal("function_call"),
  callId: z.string(),
  name: z.string(),
  arguments: z.string(),
});
const Result = z.object({
  type: z.literal("function_call_result"),
  callId: z.string(),
  output: z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]),
});

/** Reads the document in the first message and the pairs of calls and results. Throws `model_misbehaved` for any other request. */
export function readConversation(request: ModelRequest): Conversation {
  const items: readonly unknown[] = typeof request.input === "string" ? [] : request.input;
  const text = typeof request.input === "string" ? request.input : textOf(items[0]);
  const results = new Map(
    items.flatMap((item) => parsed(Result, item)).map((result) => [result.callId, result.output]),
  );
  return {
    document: parseJson(text),
    results: items
      .flatMap((item) => parsed(Call, item))
      .map((call) => ({
        tool: call.name,
        arguments: parseJson(call.arguments),
        result: results.get(call.callId) ?? "",
      })),
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, item: unknown): z.infer<Schema>[] {
  const result = schema.safeParse(item);
  return result.success ? [result.data] : [];
}

function textOf(item: unknown): string {
  const message = z.object({ content: z.string() }).safeParse(item);
  if (message.success) return message.data.content;
  throw new OrchestratorError("model_misbehaved", "a recipe is handed one document as the first message");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrchestratorError("model_misbehaved", "a recipe was handed something that is not JSON", { cause: error });
  }
}
