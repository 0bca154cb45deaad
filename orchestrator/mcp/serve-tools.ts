import type { Readable, Writable } from "node:stream";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
  ToolSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import type { Redactor } from "../schema/process-port.ts";
import { codeVersion } from "../schema/version.ts";
import { createInOrder } from "../workspace/in-order.ts";
import { messageBytesMax } from "./wire.ts";
import type { McpTool } from "./working-tools.ts";

/** What a server answers from, and over which streams. */
export interface ToolService {
  readonly tools: readonly McpTool[];
  readonly redactor: Pick<Redactor, "text">;
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Characters of a text that a client is given. */
const textLengthMax = 60_000;

/**
 * Serves tools until the input ends or `signal` aborts, one call after the other; what is under way then is stopped, and this resolves when
 * it has ended. Nothing else is ever written to the output.
 */
export async function serveTools({ tools, redactor, input, output, signal }: ToolService): Promise<void> {
  const closing = new AbortController();
  const inOrder = createInOrder();
  const server = new Server({ name: "codex-orchestrator", version: codeVersion }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describe) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal: stopped }) =>
    inOrder(() => answer(tools, redactor, params, AbortSignal.any([stopped, closing.signal]))),
  );
  const ended = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) input.once(event, () => resolve());
    server.onclose = resolve;
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
  });
  await server.connect(new StdioServerTransport(input, output, { maxBufferSize: messageBytesMax }));
  await ended;
  closing.abort();
  await inOrder(async () => {});
  await server.close();
  input.destroy();
}

function describe({ name, description, input, output }: McpTool): Tool {
  return {
    name,
    description,
    inputSchema: schemaOf(input),
    ...(output === undefined ? {} : { outputSchema: schemaOf(output) }),
  };
}

function schemaOf(schema: z.ZodType): Tool["inputSchema"] {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return ToolSchema.shape.inputSchema.parse({ ...converted, type: "object" });
}

/** What was asked wrongly, or must not be, is an answer; so is a fault: whoever asks decides what to do. */
async function answer(
  tools: readonly McpTool[],
  redactor: Pick<Redactor, "text">,
  { name, arguments: args = {} }: { name: string; arguments?: Record<string, unknown> | undefined },
  signal: AbortSignal,
): Promise<CallToolResult> {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) return refusal(redactor, `there is no tool ${name.slice(0, 100)}`);
  try {
    signal.throwIfAborted();
    const { outcome, result, structured } = await tool.call(args, signal);
    return {
      content: [{ type: "text", text: cut(await redactor.text(result)) }],
      ...(structured === undefined ? {} : { structuredContent: structured }),
      ...(outcome === "ok" ? {} : { isError: true }),
    };
  } catch (error) {
    if (error instanceof z.ZodError) return refusal(redactor, `the arguments do not fit: ${z.prettifyError(error)}`);
    if (isOrchestratorError(error)) return refusal(redactor, `${error.code}: ${messageOf(error)}`);
    throw error;
  }
}

async function refusal(redactor: Pick<Redactor, "text">, text: string): Promise<CallToolResult> {
  return { content: [{ type: "text", text: cut(await redactor.text(text)) }], isError: true };
}

function cut(text: string): string {
  if (text.length <= textLengthMax) return text;
  return `${text.slice(0, textLengthMax)}\n[cut: ${text.length - textLengthMax} more characters]`;
}
