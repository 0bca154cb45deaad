import { z } from "zod";
import type { CommandCall } from "../schema/process-port.ts";
import { CheckGoal, type CheckResult } from "../schema/test-report.ts";
import type { Workbench } from "../schema/workspace-port.ts";
import { type AgentTool, defineTool, type ToolAnswer } from "./agent-tool.ts";
import { type DurableToolOptions, invokeDurably } from "./durable-tool.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const RunCheck = z.strictObject({ goal: CheckGoal });

/** Characters that are kept of what a check printed when all went well; the report is what counts. */
const goodTailMax = 600;

/** The tool that runs one of the repository's own checks. It answers in JSON, and the files are as before when it is done. */
export function checkTools({ bench }: Pick<ToolEnvironment, "bench">): readonly AgentTool[] {
  return [
    defineTool({
      name: "run_check",
      description: "Runs the repository's own build, lint or test command and says what it showed.",
      parameters: RunCheck,
      effect: "command",
      run: ({ goal }, call) => runCheck(bench, goal, call),
    }),
  ];
}

/** Runs a check for the runner itself, on record like a call of an agent. */
export async function runCheckDurably(bench: Workbench, goal: CheckGoal, options: DurableToolOptions): Promise<void> {
  const [tool] = checkTools({ bench });
  if (tool !== undefined) await invokeDurably(tool, options, JSON.stringify({ goal }), `runner-${goal}`);
}

async function runCheck(bench: Workbench, goal: CheckGoal, call: CommandCall): Promise<ToolAnswer> {
  if (!bench.prepared.goals.includes(goal)) {
    return { outcome: "refused", result: `refused: the repository has no ${goal} command` };
  }
  const check = steadied(await bench.check(goal, call), bench);
  const isGood = check.verdict === "passed";
  const kept = isGood ? { ...check, output_tail: check.output_tail.slice(-goodTailMax) } : check;
  return { outcome: isGood ? "ok" : "failed", result: JSON.stringify(shown(check, bench)), check: kept };
}

/** What findings and documents are made of is the same wherever the check ran, so that a record of it can be replayed elsewhere. */
function steadied(check: CheckResult, { steady }: Workbench): CheckResult {
  const not_passed = check.not_passed?.map((each) => ({
    ...each,
    suite: steady(each.suite),
    name: steady(each.name),
    ...(each.message === undefined ? {} : { message: steady(each.message) }),
    ...(each.file === undefined ? {} : { file: steady(each.file).replace(/^<workspace>\//, "") }),
  }));
  const { reason, output_tail } = check;
  return { ...check, reason: steady(reason), not_passed: not_passed ?? null, output_tail: steady(output_tail) };
}

function shown(check: CheckResult, bench: Workbench) {
  const { goal, verdict, reason, counts, not_passed } = check;
  const cases = (not_passed ?? []).slice(0, 50).map(({ suite, name, outcome, message }) => ({
    name: `${suite} ${name}`.trim(),
    outcome,
    message: bench.steady(message ?? "").slice(0, 2000),
  }));
  const output = verdict === "passed" ? "" : bench.steady(check.output_tail);
  return { goal, verdict, reason: bench.steady(reason), counts, not_passed: cases, output };
}
