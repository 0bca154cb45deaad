import {
  Agent,
  MaxTurnsExceededError,
  type Model,
  ModelBehaviorError,
  Runner,
  type Tool,
  ToolCallError,
  type ToolToFinalOutputFunction,
  UserError,
} from "@openai/agents-core";
import { z } from "zod";
import { OrchestratorError } from "../schema/errors.ts";
import { jsonSchemaOf } from "../schema/json-schema.ts";
import type { Role } from "../schema/primitives.ts";
import { instructions } from "./instructions.ts";

/** One agent at work on one document. */
export interface AgentRun {
  readonly role: Role;
  readonly model: Model;
  readonly tools: readonly Tool[];
  /** What the agent is handed, as the JSON of one document. */
  readonly input: unknown;
  readonly turnsMax: number;
  readonly signal: AbortSignal;
  /** Groups the agent's spans with those of its run. */
  readonly traceGroup: string;
}

/** How an agent ended: with a document, or without one for a reason of its own. Faults are thrown. */
export type AgentOutcome<Output> =
  | { readonly kind: "document"; readonly document: Output }
  | { readonly kind: "gave_up"; readonly code: "turns_used_up" | "misbehaved"; readonly message: string };

/** Runs a role of the workflow until it answers with its document. Throws what its model or a tool threw. */
export async function runAgent<Schema extends z.ZodObject>(
  run: AgentRun,
  schema: Schema,
): Promise<AgentOutcome<z.infer<Schema>>> {
  const outputType = { type: "json_schema", name: "output", strict: true, schema: jsonSchemaOf(schema) } as const;
  const agent = new Agent({ ...describe(run), outputType });
  return settle(async () => {
    const result = await createRunner(run).run(agent, JSON.stringify(run.input), options(run));
    const document = schema.safeParse(result.finalOutput);
    if (document.success) return document.data;
    throw new ModelBehaviorError(
      `the answer is not the document that was asked for: ${z.prettifyError(document.error)}`,
    );
  });
}

/** Runs the manager until one of its delegations was carried out; `isDone` tells that from a tool's answer. */
export async function runManager(run: AgentRun, isDone: (output: string) => boolean): Promise<AgentOutcome<string>> {
  const stop: ToolToFinalOutputFunction = (_context, results) => {
    const done = results.find((result) => result.type === "function_output" && isDone(String(result.output)));
    if (done?.type !== "function_output") return { isFinalOutput: false, isInterrupted: undefined };
    return { isFinalOutput: true, isInterrupted: undefined, finalOutput: String(done.output) };
  };
  const agent = new Agent({ ...describe(run), toolUseBehavior: stop, modelSettings: { toolChoice: "required" } });
  return settle(async () => {
    const result = await createRunner(run).run(agent, JSON.stringify(run.input), options(run));
    return result.finalOutput ?? "";
  });
}

function describe(run: AgentRun) {
  return { name: run.role, instructions: instructions[run.role], model: run.model, tools: [...run.tools] };
}

function createRunner(run: AgentRun): Runner {
  return new Runner({
    workflowName: run.role,
    groupId: run.traceGroup,
    traceIncludeSensitiveData: false,
  });
}

function options(run: AgentRun) {
  return {
    maxTurns: run.turnsMax,
    signal: run.signal,
    // One at a time, since a tool may change the files that the next one reads.
    toolExecution: { maxFunctionToolConcurrency: 1 },
    toolNotFoundBehavior: "return_error_to_model" as const,
    toolNameCollisionPolicy: "error" as const,
  };
}

async function settle<Output>(work: () => Promise<Output>): Promise<AgentOutcome<Output>> {
  try {
    return { kind: "document", document: await work() };
  } catch (thrown) {
    const error = unwrap(thrown);
    if (error instanceof MaxTurnsExceededError)
      return { kind: "gave_up", code: "turns_used_up", message: error.message };
    if (error instanceof ModelBehaviorError) return { kind: "gave_up", code: "misbehaved", message: error.message };
    throw error;
  }
}

/** The SDK wraps what a tool threw; the cause is what counts. */
function unwrap(error: unknown): unknown {
  if (error instanceof ToolCallError) return error.error;
  if (error instanceof UserError) return new OrchestratorError("model_misbehaved", error.message, { cause: error });
  if (error instanceof Error && error.name === "AbortError") {
    return new OrchestratorError("aborted", "the agent was stopped", { cause: error });
  }
  return error;
}
