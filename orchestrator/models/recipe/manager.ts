import { ManagerInput } from "../../schema/handoff.ts";
import { type Delegate, Delegate as DelegateSchema } from "../../schema/primitives.ts";
import type { Conversation, Decision } from "./conversation.ts";

const briefs: Readonly<Record<Delegate, string>> = {
  planner: "Plan the task with patterns from the library that serve its goal.",
  builder: "Apply the patterns of the plan, item by item.",
  tester: "Run every check that the repository has.",
  reviewer: "Check the change against the plan, the patterns' rules and the test report.",
};

/**
 * Takes the first legal delegate: the flow lists the builder before the planner. What the plan alone can mend goes to the planner: the
 * builder would do the same again.
 */
export function decideAsManager({ document }: Conversation): Decision {
  const { legal, history } = ManagerInput.parse(document);
  const needsPlan = history.at(-1)?.findings.some(({ rule }) => rule === "test/check-changed") === true;
  const role = needsPlan && legal.includes("planner") ? "planner" : DelegateSchema.parse(legal[0]);
  return { kind: "call", tool: `delegate_to_${role}`, arguments: { brief: briefs[role] } };
}
