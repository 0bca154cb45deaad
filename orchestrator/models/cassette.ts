import { join } from "node:path";
import { type Model, type ModelRequest, type ModelResponse, Usage as SdkUsage } from "@openai/agents-core";
import { z } from "zod";
import { appendLine } from "../io/append-line.ts";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../io/files.ts";
import { canonicalJson, sha256 } from "../io/hash.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { Role, Sha256 } from "../schema/primitives.ts";
import type { Redactor } from "../schema/process-port.ts";
import { eventPayloads, type KnownEvent, RecordedAnswer } from "../schema/run-event.ts";
import { answerOutput, recordableOutput } from "./answer-output.ts";
import type { ModelOfRole } from "./model-source.ts";
import type { NamedModel } from "./named-model.ts";
import { missMessage, type Part, type PartRef, partsOf } from "./request-parts.ts";
import { type ToolTape, tapedCommands, tapeOfCommands } from "./tool-tape.ts";

/** What a cassette is made from. */
export interface CassetteOptions {
  /** A folder of its own. */
  readonly folder: string;
  /**
   * What the answers come from, and every one of them is kept; what the folder holds is replaced. Left out: the folder alone answers, and
   * nobody is ever asked.
   */
  readonly models?: ModelOfRole;
  readonly redactor: Pick<Redactor, "json">;
}

/** The answers of models, and what commands did, kept so that the same work can be done again offline. */
export interface Cassette {
  /** The model of a role. While playing it throws `replay_missed` for a request that was not recorded, and says what differs. */
  readonly ofRole: ModelOfRole;
  /** Keeps what the commands of a run did. Does nothing while playing. */
  keepCommands(events: Iterable<KnownEvent>): void;
}

const fileName = "cassette.jsonl";
const bytesMax = 268_435_456;

const Line = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("cassette"), schema_version: z.literal(1) }),
  z.strictObject({
    ...{ kind: z.literal("model"), role: Role, name: z.string(), uses_tokens: z.boolean() },
    price: z.strictObject({ input_usd: z.number(), output_usd: z.number() }).nullable(),
  }),
  z.strictObject({ kind: z.literal("part"), sha256: Sha256, text: z.string() }),
  z.strictObject({
    ...{ kind: z.literal("answer"), role: Role, request_sha256: Sha256 },
    parts: z.array(z.strictObject({ name: z.string(), sha256: Sha256 })),
    answer: RecordedAnswer,
    usage: z.strictObject({ input_tokens: z.number(), output_tokens: z.number() }),
  }),
  z.strictObject({
    ...{ kind: z.literal("command"), tree: z.string() },
    finished: eventPayloads.tool_finished,
  }),
]);
type Line = z.infer<typeof Line>;
type Recorded<Kind extends Line["kind"]> = Extract<Line, { kind: Kind }>;

/**
 * Opens a cassette to record, or to play. Requests are redacted before they are hashed and kept, answers before they are kept. Throws
 * `document_invalid` where there is none to play, or a damaged one, and `disk_failed`.
 */
export async function openCassette(options: CassetteOptions): Promise<Cassette> {
  return options.models === undefined ? playCassette(options) : recordCassette(options, options.models);
}

async function recordCassette({ folder, redactor }: CassetteOptions, models: ModelOfRole): Promise<Cassette> {
  await ensureDirectory(folder);
  const path = join(folder, fileName);
  await writeFileAtomic(path, `${JSON.stringify({ kind: "cassette", schema_version: 1 } satisfies Line)}\n`);
  const write = (line: Line) => appendLine(path, JSON.stringify(line));
  const known = new Set<string>();
  const keepPart = ({ sha256: hash, text }: Part) => {
    if (!known.has(hash)) write({ kind: "part", sha256: hash, text });
    known.add(hash);
  };
  const made = new Map<Role, NamedModel>();
  const ofRole = async (role: Role): Promise<NamedModel> => {
    const before = made.get(role);
    if (before !== undefined) return before;
    const inner = await models(role);
    write({ kind: "model", role, name: inner.name, uses_tokens: inner.usesTokens !== false, price: priceOf(inner) });
    const getResponse = async (request: ModelRequest): Promise<ModelResponse> => {
      const response = await inner.model.getResponse(request);
      const parts = await partsOf(request, redactor);
      for (const part of parts) keepPart(part);
      write(await answerLine(role, parts, response, redactor));
      return response;
    };
    const named = { ...inner, model: { getResponse, getStreamedResponse: neverStreams } };
    made.set(role, named);
    return named;
  };
  return {
    ofRole,
    keepCommands: (events) => {
      for (const command of tapedCommands(events)) write({ kind: "command", ...command });
    },
  };
}

async function answerLine(
  role: Role,
  parts: readonly Part[],
  { output, usage, responseId }: ModelResponse,
  redactor: CassetteOptions["redactor"],
): Promise<Line> {
  const answer = { output: recordableOutput(output), ...(responseId === undefined ? {} : { response_id: responseId }) };
  return {
    kind: "answer",
    role,
    request_sha256: hashOf(role, parts),
    parts: parts.map(({ name, sha256: hash }) => ({ name, sha256: hash })),
    answer: await redactor.json(answer),
    usage: { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
  };
}

/** Prices are lines through zero: two points are all of one. */
function priceOf({ costOf }: NamedModel): Recorded<"model">["price"] {
  const [input, output] = [costOf(1_000_000, 0), costOf(0, 1_000_000)];
  return input === null || output === null ? null : { input_usd: input, output_usd: output };
}

async function playCassette({ folder, redactor }: CassetteOptions): Promise<Cassette> {
  const lines = await readLines(join(folder, fileName));
  const tape = tapeOfCommands("cassette", ofKind(lines, "command"));
  const made = new Map<Role, NamedModel>();
  return {
    ofRole: async (role) => {
      const model = made.get(role) ?? playedModel(role, lines, tape, redactor);
      made.set(role, model);
      return model;
    },
    keepCommands: () => {},
  };
}

function playedModel(
  role: Role,
  lines: readonly Line[],
  tape: ToolTape,
  redactor: CassetteOptions["redactor"],
): NamedModel {
  const recorded = ofKind(lines, "model").find((line) => line.role === role);
  const answers = ofKind(lines, "answer").filter((line) => line.role === role);
  const texts = new Map(ofKind(lines, "part").map(({ sha256: hash, text }) => [hash, text]));
  const price = recorded === undefined ? { input_usd: 0, output_usd: 0 } : recorded.price;
  const given = new Map<string, number>();
  const getResponse = async (request: ModelRequest): Promise<ModelResponse> => {
    const parts = await partsOf(request, redactor);
    const key = hashOf(role, parts);
    const fitting = answers.filter(({ request_sha256 }) => request_sha256 === key);
    const count = given.get(key) ?? 0;
    given.set(key, count + 1);
    const found = fitting[Math.min(count, fitting.length - 1)];
    if (found === undefined) throw new OrchestratorError("replay_missed", missMessage(role, parts, answers, texts));
    const { input_tokens: inputTokens, output_tokens: outputTokens } = found.usage;
    return {
      usage: new SdkUsage({ requests: 1, inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }),
      output: answerOutput(found.answer.output),
    };
  };
  return {
    name: recorded?.name ?? "cassette",
    model: { getResponse, getStreamedResponse: neverStreams },
    costOf: (input, output) =>
      price === null ? null : (input * price.input_usd + output * price.output_usd) / 1_000_000,
    usesTokens: recorded?.uses_tokens ?? true,
    tape,
  };
}

const neverStreams: Model["getStreamedResponse"] = () => {
  throw new OrchestratorError("model_misbehaved", "a recorded model does not stream");
};

function hashOf(role: Role, parts: readonly PartRef[]): string {
  return sha256(canonicalJson([role, parts.map(({ name, sha256: hash }) => [name, hash])]));
}

function ofKind<Kind extends Line["kind"]>(lines: readonly Line[], kind: Kind): readonly Recorded<Kind>[] {
  return lines.filter((line): line is Recorded<Kind> => line.kind === kind);
}

async function readLines(path: string): Promise<readonly Line[]> {
  const bytes = await readFileIfThere(path, bytesMax);
  if (bytes === null) {
    const message = `there is no cassette ${path}: this try was never recorded, so record it first`;
    throw new OrchestratorError("document_invalid", message);
  }
  // What follows the last line break is empty, or was cut off.
  const texts = bytes.toString("utf8").split("\n").slice(0, -1);
  return texts.map((text, index) => {
    try {
      return Line.parse(JSON.parse(text));
    } catch (error) {
      const message = `${path}:${index + 1} is no line of a cassette; record it anew`;
      throw new OrchestratorError("document_invalid", message, { cause: error });
    }
  });
}
