import type { ModelRequest } from "@openai/agents-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { hashJson } from "../io/hash.ts";
import { jsonSchemaOf } from "../schema/json-schema.ts";
import { createRequestHash } from "./request-hash.ts";

const schema = z.strictObject({
  path: z.string().describe("a \u20ac path"),
  deep: z.array(z.strictObject({ line: z.int() })),
});

function requestOf(open: JsonSchema): ModelRequest {
  const tool = {
    type: "function",
    name: "read",
    description: 'says "hi"',
    strict: true,
    needsApproval: false,
  } as const;
  return {
    systemInstructions: "work",
    input: [{ role: "user", content: "go on" }],
    tools: [
      { ...tool, parameters: jsonSchemaOf(schema) },
      { ...tool, name: "open", parameters: open },
    ],
    outputType: { type: "json_schema", name: "output", strict: true, schema: jsonSchemaOf(schema) },
    handoffs: [],
    tracing: false,
    modelSettings: { toolChoice: "required" },
  };
}

type JsonSchema = Extract<ModelRequest["tools"][number], { type: "function" }>["parameters"];

function openSchema(): JsonSchema {
  return { type: "object", properties: {}, required: [], additionalProperties: true };
}

function plainHash(request: ModelRequest): string {
  return hashJson({
    instructions: request.systemInstructions,
    input: request.input,
    tools: request.tools.map((tool) =>
      "parameters" in tool ? [tool.name, tool.description, tool.parameters] : tool.name,
    ),
    output: request.outputType,
    tool_choice: request.modelSettings.toolChoice,
  });
}

test("the hash is that of the canonical request, the first time and with what is kept", () => {
  const hash = createRequestHash();
  const request = requestOf(openSchema());
  expect(hash(request)).toBe(plainHash(request));
  expect(hash({ ...request, input: [] })).toBe(plainHash({ ...request, input: [] }));
});

test("a schema that somebody may change is read anew each time", () => {
  const hash = createRequestHash();
  const schemaOfTool = openSchema();
  const request = requestOf(schemaOfTool);
  const before = hash(request);
  schemaOfTool.properties["more"] = { type: "string" };
  expect(hash(request)).not.toBe(before);
  expect(hash(request)).toBe(plainHash(request));
});

test("a schema of ours cannot be changed, down to its innermost part", () => {
  const { properties } = jsonSchemaOf(schema);
  expect(Object.isFrozen(properties["deep"])).toBe(true);
  expect(Object.isFrozen(properties["deep"]?.["items"])).toBe(true);
});
