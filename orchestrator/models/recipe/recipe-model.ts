import { type Model, type ModelRequest, type ModelResponse, Usage as SdkUsage } from "@openai/agents-core";
import { OrchestratorError } from "../../schema/errors.ts";
import type { Role } from "../../schema/primitives.ts";
import { decideAsBuilder } from "./builder.ts";
import { type Conversation, type Decision, type RecipeCall, readConversation } from "./conversation.ts";
import { decideAsManager } from "./manager.ts";
import { decideAsPlanner } from "./planner.ts";
import { decideAsReviewer } from "./reviewer.ts";
import { decideAsTester } from "./tester.ts";

const decide: Readonly<Record<Role, (conversation: Conversation) => Decision>> = {
  manager: decideAsManager,
  planner: decideAsPlanner,
  builder: decideAsBuilder,
  tester: decideAsTester,
  reviewer: decideAsReviewer,
};

/**
 * A model that needs no network: it follows the pattern library by fixed rules. The same conversation always gets the same
 * answer, with no tokens used.
 */
export function createRecipeModel(role: Role): Model {
  return {
    getResponse: async (request) => respond(role, request),
    getStreamedResponse: () => {
      throw new OrchestratorError("model_misbehaved", "the recipe model does not stream");
    },
  };
}

function respond(role: Role, request: ModelRequest): ModelResponse {
  const conversation = readConversation(request);
  const decision = decide[role](conversation);
  return { usage: new SdkUsage({ requests: 1 }), output: outputOf(decision, conversation.results.length) };
}

function outputOf(decision: Decision, index: number): ModelResponse["output"] {
  if (decision.kind === "call") return [callOf(decision, index)];
  if (decision.kind === "calls") return decision.calls.map((call, more) => callOf(call, index + more));
  return [
    {
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: JSON.stringify(decision.document) }],
    },
  ];
}

function callOf({ tool, arguments: args }: RecipeCall, index: number): ModelResponse["output"][number] {
  return {
    type: "function_call",
    callId: `recipe-${index + 1}`,
    name: tool,
    arguments: JSON.stringify(args),
    status: "completed",
  };
}
