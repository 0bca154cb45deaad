import { z } from "zod";
import { ManagerInput, TesterInput } from "../../orchestrator/schema/handoff.ts";
import type { Plan } from "../../orchestrator/schema/plan.ts";
import type { Role } from "../../orchestrator/schema/primitives.ts";
import { call, inTurns, type Script, say } from "./model-server.ts";

/** The work on the sample package that the honest team does: a pattern, an exact edit and a diff, one for each plan item. */
export const samplePlan: Plan = {
  summary: "Three small changes.",
  items: [
    item("prefix", "src/paths.js", "node-protocol"),
    item("comma", "src/greet.js", null),
    item("length", "src/count.js", null),
  ],
};

const diff = `--- a/src/count.js
+++ b/src/count.js
@@ -1,5 +1,1 @@
-exports.count = (list) => {
-  let total = 0;
-  for (const _ of list) total += 1;
-  return total;
-};
+exports.count = (list) => list.length;
`;

/** The edit of `src/greet.js`. */
export const greeting = call("edit_file", { path: "src/greet.js", before: '"Hello "', after: '"Hello, "' });

/** What the builder says at last, with a phrase that no one else is told. */
export const buildSummary = {
  summary: "All three, and a remark for nobody but the builder.",
  items_done: ["prefix", "comma", "length"],
  items_left: [],
};

/** Says which delegate is the first legal one. */
export const manage: Script = ({ document }) => {
  const [role] = ManagerInput.parse(document).legal;
  return call(`delegate_to_${role}`, { brief: `Go on, ${role}.` });
};

/** Runs each check once and says what came of them. */
const runChecks: Script = ({ document, turn, results }) => {
  const { goals } = TesterInput.parse(document);
  const next = goals[turn];
  if (next !== undefined) return call("run_check", { goal: next });
  const last = z.object({ verdict: z.enum(["passed", "failed"]) }).parse(JSON.parse(results[0] ?? "{}"));
  return say({ summary: "Ran the checks.", claim: last.verdict });
};

/** Looks at one file and approves. */
const approve = inTurns(
  call("read_file", { path: "src/greet.js", from_line: null }),
  say({ decision: "approve", summary: "As planned.", criteria_met: ["done"], findings: [] }),
);

/** A team that does its work on the sample package as it should. */
export const honestTeam: Readonly<Record<Role, Script>> = {
  manager: manage,
  planner: inTurns(
    call("list_files", { glob: "src/**" }),
    call("read_file", { path: "src/greet.js", from_line: null }),
    say(samplePlan),
  ),
  builder: inTurns(
    call("apply_pattern", { pattern: "node-protocol", paths: ["src/paths.js"] }),
    greeting,
    call("apply_diff", { diff }),
    say(buildSummary),
  ),
  tester: runChecks,
  reviewer: approve,
};

function item(id: string, path: string, pattern: string | null): Plan["items"][number] {
  return { id, description: `Change ${path}.`, criteria: ["done"], paths: [path], pattern, depends_on: [] };
}
