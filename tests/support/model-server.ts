import { type ChatCompletionRequest, type Fixture, LLMock } from "@copilotkit/aimock";
import { onTestFinished } from "vitest";
import { instructions } from "../../orchestrator/agents/instructions.ts";
import { Role } from "../../orchestrator/schema/primitives.ts";

/** One request, as a role's script sees it. */
export interface Asked {
  readonly role: Role;
  /** What the agent was handed. */
  readonly document: unknown;
  /** How often the model answered in this conversation before, from 0. */
  readonly turn: number;
  /** What the last tool calls brought, in the order of the calls. */
  readonly results: readonly string[];
}

/** What the server's model says: tool calls, or a last text. Arguments that are text go out as they are. */
export type Said =
  | { readonly calls: readonly { readonly name: string; readonly arguments: unknown }[] }
  | { readonly text: string };

export type Script = (asked: Asked) => Said;

/** How the wire misbehaves for one request of a role. */
export type Fault =
  | { readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string }
  | { readonly cutAfterEvents: number }
  | { readonly silentForMs: number };

/** A server on loopback that speaks the Responses API and plays every role by a script. */
export interface ModelServer {
  readonly baseUrl: string;
  /** Lets the next `times` requests of a role fail. */
  fail(role: Role, fault: Fault, times?: number): void;
  /** Every request that came, in order: its status, its role and its text as JSON. */
  requests(): readonly { readonly role: Role; readonly status: number; readonly body: string }[];
  stop(): Promise<void>;
}

const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };

/** Starts a server; it ends with the test. */
export async function startModelServer(
  scripts: Readonly<Record<Role, Script>>,
  { reportsUsage = true }: { readonly reportsUsage?: boolean } = {},
): Promise<ModelServer> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", strict: true, journalMaxEntries: 0 });
  for (const role of Role.options) mock.addFixture((reportsUsage ? fixtureOf : withoutUsage)(role, scripts[role]));
  await mock.start();
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await mock.stop();
    isStopped = true;
  };
  onTestFinished(stop);
  return {
    baseUrl: `${mock.url}/v1`,
    fail: (role, fault, times = 1) => {
      for (let index = 0; index < times; index += 1) mock.prependFixture(faultOf(role, scripts[role], fault));
    },
    requests: () =>
      mock.getRequests().map(({ body, response }) => {
        const request = chatRequest(body);
        return { role: roleOf(request), status: response.status, body: JSON.stringify(body) };
      }),
    stop,
  };
}

/** A tool call. */
export function call(name: string, args: unknown = {}): Said {
  return { calls: [{ name, arguments: args }] };
}

/** A last answer: a document, or prose. */
export function say(document: unknown): Said {
  return { text: typeof document === "string" ? document : JSON.stringify(document) };
}

/** A script that says one thing after the other, and the last one for ever. */
export function inTurns(...said: readonly [Said, ...Said[]]): Script {
  return ({ turn }) => said[Math.min(turn, said.length - 1)] ?? said[0];
}

function fixtureOf(role: Role, script: Script): Fixture {
  return { match: { predicate: isOf(role) }, response: (request) => responseOf(script(askedOf(role, request))) };
}

/** Answers as a server does that does not say what they used. */
function withoutUsage(role: Role, script: Script): Fixture {
  const response: Fixture["response"] = (request) => {
    const { usage: _usage, ...answer } = responseOf(script(askedOf(role, request)));
    return answer;
  };
  return { match: { predicate: isOf(role) }, response };
}

function faultOf(role: Role, script: Script, fault: Fault): Fixture {
  const match = { predicate: isOf(role), sequenceIndex: 0 };
  if ("cutAfterEvents" in fault) {
    return { ...fixtureOf(role, script), match, truncateAfterChunks: fault.cutAfterEvents, chunkSize: 5 };
  }
  if ("silentForMs" in fault) return { ...fixtureOf(role, script), match, latency: fault.silentForMs };
  const { status, retryAfterSeconds, message = `a fault of status ${status}` } = fault;
  return {
    match,
    response: {
      error: { message },
      status,
      ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
    },
  };
}

function responseOf(said: Said) {
  if ("text" in said) return { content: said.text, usage };
  const toolCalls = said.calls.map(({ name, arguments: args }) => ({
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  }));
  return { toolCalls, usage };
}

function isOf(role: Role): (request: ChatCompletionRequest) => boolean {
  return ({ messages }) => messages[0]?.role === "system" && messages[0].content === instructions[role];
}

function roleOf(request: ChatCompletionRequest): Role {
  const role = Role.options.find((each) => isOf(each)(request));
  if (role === undefined) throw new Error("a request came from none of the roles");
  return role;
}

function askedOf(role: Role, { messages }: ChatCompletionRequest): Asked {
  const first = messages.find((message) => message.role === "user");
  const answers = messages.filter(
    (message, index) => message.role === "assistant" && messages[index - 1]?.role !== "assistant",
  );
  const last = messages.findLastIndex(({ role: speaker }) => speaker !== "tool");
  return {
    role,
    document: JSON.parse(textOf(first?.content)),
    turn: answers.length,
    results: messages.slice(last + 1).map(({ content }) => textOf(content)),
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return JSON.stringify(content ?? null);
}

function chatRequest(body: unknown): ChatCompletionRequest {
  if (isChatRequest(body)) return body;
  throw new Error("a request came that is none to the Responses API");
}

function isChatRequest(body: unknown): body is ChatCompletionRequest {
  return typeof body === "object" && body !== null && "messages" in body && Array.isArray(body.messages);
}
