import type { Model, ModelRequest, ModelResponse } from "@openai/agents-core";
import { z } from "zod";
import type { NamedModel } from "../../../orchestrator/index.ts";
import { withoutListeners } from "../../../orchestrator/io/own-listeners.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import { BuilderInput, ManagerInput, TesterInput } from "../../../orchestrator/schema/handoff.ts";
import type { Role } from "../../../orchestrator/schema/primitives.ts";
import { TaskSpec } from "../../../orchestrator/schema/task-spec.ts";
import type { Script, ScriptedTurn } from "../../schema/workflow.ts";

/** A model of one role that says what a script has for it. The same conversation always gets the same answer. */
export async function createScriptedModel(role: Role, script: Script): Promise<NamedModel> {
  const { Usage } = await withoutListeners(() => import("@openai/agents-core"));
  const { input_tokens: inputTokens, output_tokens: outputTokens } = script.usage;
  const getResponse = async (request: ModelRequest): Promise<ModelResponse> => {
    const usage = new Usage({ requests: 1, inputTokens, outputTokens, totalTokens: inputTokens + outputTokens });
    const { turn, document } = readRequest(request);
    return { usage, output: outputOf(turnOf(role, script, turn, document), turn) };
  };
  const getStreamedResponse: Model["getStreamedResponse"] = () => {
    throw new OrchestratorError("model_misbehaved", "a scripted model does not stream");
  };
  return { name: "script", model: { getResponse, getStreamedResponse }, costOf: () => 0 };
}

const Answered = z.union([
  z.object({ type: z.literal("function_call"), callId: z.string() }),
  z.object({ type: z.literal("message"), role: z.literal("assistant") }),
]);
const First = z.object({ content: z.string() });

/** The document that the role was handed, and how often it answered before. */
function readRequest({ input }: ModelRequest): { readonly turn: number; readonly document: unknown } {
  const items: readonly unknown[] = typeof input === "string" ? [{ content: input }] : input;
  const isAnswer = items.map((item) => Answered.safeParse(item).success);
  // Calls of one turn stand side by side.
  const turn = isAnswer.filter((is, index) => is && isAnswer[index - 1] !== true).length;
  return { turn, document: JSON.parse(First.parse(items[0]).content) };
}

function turnOf(role: Role, script: Script, turn: number, document: unknown): ScriptedTurn {
  const turns = script[role] ?? [];
  const endless = turns.findIndex((each) => "call" in each && each.forever);
  const said = turns[endless === -1 ? turn : Math.min(turn, endless)];
  return said ?? ending[role](document, turn - turns.length, script);
}

const ending: Readonly<Record<Role, (document: unknown, turn: number, script: Script) => ScriptedTurn>> = {
  manager: (document) => {
    const [role] = ManagerInput.parse(document).legal;
    return { call: `delegate_to_${role}`, arguments: { brief: "Go on." }, forever: false };
  },
  planner: (document) => ({ say: planOf(taskOf(document)) }),
  builder: (document) => {
    const { plan } = BuilderInput.parse(document);
    return { say: { summary: "All is done.", items_done: plan.items.map(({ id }) => id), items_left: [] } };
  },
  tester: (document, turn, { tester }) => {
    const goal = tester === undefined ? TesterInput.parse(document).goals[turn] : undefined;
    if (goal !== undefined) return { call: "run_check", arguments: { goal }, forever: false };
    return { say: { summary: "Every check passed.", claim: "passed" } };
  },
  reviewer: (document) => {
    const criteria = taskOf(document).acceptance_criteria.map(({ id }) => id);
    return { say: { decision: "approve", summary: "As it should be.", criteria_met: criteria, findings: [] } };
  },
};

function taskOf(document: unknown): TaskSpec {
  return z.object({ task: TaskSpec }).parse(document).task;
}

function planOf({ goal, acceptance_criteria, scope }: TaskSpec) {
  const criteria = acceptance_criteria.map(({ id }) => id);
  const item = { id: "all", description: goal, criteria, paths: scope.include, pattern: null, depends_on: [] };
  return { summary: "One piece of work.", items: [item] };
}

function outputOf(said: ScriptedTurn, turn: number): ModelResponse["output"] {
  if ("say" in said) {
    const text = typeof said.say === "string" ? said.say : JSON.stringify(said.say);
    return [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text }] }];
  }
  return ("calls" in said ? said.calls : [said]).map(({ call, arguments: args }, index) => ({
    type: "function_call",
    callId: `script-${turn + 1}-${index + 1}`,
    name: call,
    arguments: JSON.stringify(args),
    status: "completed",
  }));
}
