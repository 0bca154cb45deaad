import { PassThrough } from "node:stream";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "../io/redact/redactor.ts";
import { readFailedCall } from "./failed-call.ts";
import { judge, openSession } from "./mcp-session.ts";
import { serveTools } from "./serve-tools.ts";

const never = new AbortController().signal;

test("whatever a tool's result holds, it is an answer or is kept as what it is", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("content", "structuredContent", "isError"), fc.jsonValue()), (result) => {
      const end = judge(result);
      if (end.kind === "unusable") expect(end.raw).toBe(JSON.stringify(result));
      else expect(end.kind).toBe("answered");
    }),
  );
});

test("an answer may stand in the text alone, and an exit without a code is none", () => {
  const answer = { status: "exited", exit_code: 0, output: "hi" };
  const inText = { content: [{ type: "text", text: JSON.stringify(answer) }] };
  expect(judge(inText)).toMatchObject({ kind: "answered", answer: { exit_code: 0, output_truncated: false } });
  expect(judge({ structuredContent: { ...answer, exit_code: null } })).toMatchObject({
    kind: "unusable",
    reason: "its answer does not fit: answer: exit_code is missing",
  });
  expect(judge({ structuredContent: { ...answer, status: "aborted" } }).kind).toBe("unusable");
});

test("a secret that stands where a payload is cut leaves no part of itself", async () => {
  const secret = "s3cret-value-".repeat(8);
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  redactor.register("TOKEN", secret);
  for (const before of [65_536 - 50, 81_920 - 50]) {
    const { raw } = await readFailedCall(redactor, {
      reason: "",
      raw: `${"x".repeat(before)}${secret}${"y".repeat(90_000)}`,
    });
    expect(raw.length).toBe(65_536);
    expect(raw).not.toContain("s3c");
  }
});

test("a call that is never answered ends at its deadline, and one that is stopped at once", async () => {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: "silent", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [{ name: "run", inputSchema: { type: "object" } }],
  }));
  server.setRequestHandler(CallToolRequestSchema, () => new Promise<never>(() => {}));
  await server.connect(theirs);
  const wire = { transport: ours, pid: null, hear: () => {}, lastSaid: () => "", end: () => ours.close() };
  const session = await openSession(wire, never);
  expect(await session.call({ argv: ["true"] }, 30, never)).toEqual({ kind: "late" });
  expect(await session.call({ argv: ["true"] }, 30_000, AbortSignal.abort())).toEqual({ kind: "aborted" });
  await session.end();
});

test("what asks for too much at once, or no tool that there is, does not end the server before its input does", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const redactor = { text: async (text: string) => text };
  const served = serveTools({ tools: [], redactor, input, output, signal: never });
  const ask = (id: number, method: string, params: object) =>
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  input.write("no message\n");
  ask(1, "tools/call", { name: "nothing", arguments: {} });
  ask(2, "tools/list", {});
  input.end();
  await served;
  const said = String(output.read()).trim().split("\n");
  expect(said).toHaveLength(2);
  expect(said.join()).toContain("there is no tool nothing");
});
