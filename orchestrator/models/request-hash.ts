import type { ModelRequest } from "@openai/agents-core";
import { canonicalJson, sha256 } from "../io/hash.ts";

/** The hash of everything in a request that can change the answer; the model's name is not part of it, so that a record can be replayed. */
export type HashRequest = (request: ModelRequest) => string;

/**
 * Hashes requests by the canonical JSON (RFC 8785) of `{ input, instructions, output, tool_choice, tools }`. The text of a tool's schema is
 * kept for the next request, since it is most of one and never changes: only of schemas that are frozen, as `jsonSchemaOf` gives them.
 */
export function createRequestHash(): HashRequest {
  const schemas = new WeakMap<object, string>();
  const schemaText = (schema: object): string => {
    const text = schemas.get(schema) ?? canonicalJson(schema);
    if (Object.isFrozen(schema)) schemas.set(schema, text);
    return text;
  };
  const toolText = (tool: ModelRequest["tools"][number]): string =>
    "parameters" in tool
      ? `[${canonicalJson(tool.name)},${canonicalJson(tool.description)},${schemaText(tool.parameters)}]`
      : canonicalJson(tool.name);
  return (request) => {
    const input = canonicalJson(request.input);
    const instructions = canonicalJson(request.systemInstructions ?? null);
    const output = canonicalJson(request.outputType);
    const choice = canonicalJson(request.modelSettings.toolChoice ?? null);
    const tools = request.tools.map(toolText).join(",");
    return sha256(
      `{"input":${input},"instructions":${instructions},"output":${output},"tool_choice":${choice},"tools":[${tools}]}`,
    );
  };
}
