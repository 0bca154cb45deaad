import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  ErrorCode,
  ListToolsResultSchema,
  McpError,
  type Result,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { RunAnswer, type RunCall } from "../schema/mcp.ts";
import { codeVersion } from "../schema/version.ts";
import type { UnusableAnswer, Wire } from "./wire.ts";

/** How a call of the tool `run` ended. */
export type CallEnd =
  | { readonly kind: "answered"; readonly answer: RunAnswer }
  /** It was refused, or what came is no answer of the tool. */
  | ({ readonly kind: "unusable" } & UnusableAnswer)
  /** The server died, or the way to it. */
  | { readonly kind: "lost"; readonly reason: string }
  /** No answer came in time. */
  | { readonly kind: "late" }
  | { readonly kind: "aborted" };

/** A server that was connected to, and has the tool `run`. */
export interface McpSession {
  /** Of the server's process; null where it is not ours. */
  readonly pid: number | null;
  /** Why the server is gone; null while it is there. */
  lost(): string | null;
  /** One call at a time. Never rejects. */
  call(call: z.input<typeof RunCall>, timeoutMs: number, signal: AbortSignal): Promise<CallEnd>;
  /** Ends the server where it is ours, with all that it started. Never rejects. */
  end(): Promise<void>;
}

const connectTimeoutMs = 20_000;
const toolPagesMax = 20;
/** Characters of what a server says that stand in a message. */
const saidLength = 300;

/** Connects and looks for the tool. Throws `mcp_server_failed`, and ends the server then. */
export async function openSession(wire: Wire, signal: AbortSignal): Promise<McpSession> {
  const client = new Client({ name: "codex-orchestrator", version: codeVersion }, { capabilities: {} });
  const heard = { lost: "", unusable: "" };
  wire.hear({
    lost: (reason) => {
      heard.lost = reason;
    },
    unusable: ({ reason, raw }) => {
      heard.unusable = `${reason}: ${raw.slice(0, saidLength)}`;
    },
  });
  try {
    await client.connect(wire.transport, { timeout: connectTimeoutMs, signal });
    await assertTool(client, signal);
  } catch (error) {
    const why = heard.lost || heard.unusable || messageOf(error);
    await wire.end();
    if (signal.aborted) throw new OrchestratorError("aborted", "stopped while connecting to the MCP server");
    throw new OrchestratorError("mcp_server_failed", `the MCP server cannot be used: ${why}`, { cause: error });
  }
  return createSession(client, wire);
}

async function assertTool(client: Client, signal: AbortSignal): Promise<void> {
  const names: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < toolPagesMax; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const options = { timeout: connectTimeoutMs, signal };
    const found = await client.request({ method: "tools/list", params }, ListToolsResultSchema, options);
    names.push(...found.tools.map(({ name }) => name));
    if (names.includes("run")) return;
    cursor = found.nextCursor;
    if (cursor === undefined) break;
  }
  throw new Error(`it has no tool "run"; it has ${names.join(", ").slice(0, saidLength) || "none"}`);
}

function createSession(client: Client, wire: Wire): McpSession {
  let lost: string | null = null;
  let cutOff: ((end: CallEnd) => void) | null = null;
  wire.hear({
    unusable: (answer) => cutOff?.({ kind: "unusable", ...answer }),
    lost: (reason) => {
      lost ??= reason;
      cutOff?.({ kind: "lost", reason });
    },
  });
  return {
    pid: wire.pid,
    lost: () => lost,
    call: async (call, timeoutMs, signal) => {
      if (lost !== null) return { kind: "lost", reason: lost };
      const stop = new AbortController();
      let end: CallEnd | null = null;
      cutOff = (why) => {
        end ??= why;
        stop.abort();
      };
      const onAbort = () => cutOff?.({ kind: "aborted" });
      const timer = setTimeout(() => cutOff?.({ kind: "late" }), timeoutMs);
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      try {
        const asked = await ask(client, wire, call, timeoutMs, stop.signal);
        return end ?? asked;
      } finally {
        cutOff = null;
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      }
    },
    end: () => wire.end(),
  };
}

async function ask(
  client: Client,
  wire: Wire,
  call: z.input<typeof RunCall>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CallEnd> {
  const request = { method: "tools/call", params: { name: "run", arguments: { ...call } } } as const;
  try {
    // The deadline is ours, since a server could answer with the code that the SDK gives for its own.
    return judge(await client.request(request, ResultSchema, { signal, timeout: timeoutMs + connectTimeoutMs }));
  } catch (error) {
    if (!(error instanceof McpError)) {
      return { kind: "unusable", reason: `its answer is no message: ${messageOf(error)}`, raw: wire.lastSaid() };
    }
    if (error.code === ErrorCode.ConnectionClosed) return { kind: "lost", reason: "the connection was closed" };
    const raw = JSON.stringify({ code: error.code, message: error.message, data: error.data });
    return { kind: "unusable", reason: `it refused: ${error.message.slice(0, saidLength)}`, raw };
  }
}

const Told = z.object({
  isError: z.boolean().optional(),
  structuredContent: z.unknown().optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })).default([]),
});

/** What the tool's result says; the answer is its structured content or, where there is none, JSON in its first text. */
export function judge(result: Result): CallEnd {
  const raw = JSON.stringify(result);
  const told = Told.safeParse(result);
  if (!told.success) return unusable(told.error, raw);
  const { isError = false, structuredContent, content } = told.data;
  const text = content[0]?.text ?? "";
  if (isError) return { kind: "unusable", reason: `it refused: ${text.slice(0, saidLength)}`, raw };
  const parsed = RunAnswer.safeParse(structuredContent ?? readJson(text));
  return parsed.success ? { kind: "answered", answer: parsed.data } : unusable(parsed.error, raw);
}

function unusable(error: z.ZodError, raw: string): CallEnd {
  const [issue] = error.issues;
  const where = issue?.path.join(".") ?? "";
  return { kind: "unusable", reason: `its answer does not fit: ${where || "answer"}: ${issue?.message ?? ""}`, raw };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
