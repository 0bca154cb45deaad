import { z } from "zod";
import type { CheckReading } from "../schema/adapter-port.ts";
import { listCases } from "../schema/compare-tests.ts";
import { GitHash } from "../schema/primitives.ts";
import type { CommandCall } from "../schema/process-port.ts";
import { CheckGoal, type CheckResult, type TestCase } from "../schema/test-report.ts";
import type { Workbench } from "../schema/workspace-port.ts";
import { type AgentTool, defineTool, type ToolAnswer } from "./agent-tool.ts";
import { type DurableToolOptions, invokeDurably } from "./durable-tool.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const RunCheck = z.strictObject({ goal: CheckGoal });
const RunBaseTests = z.strictObject({ tree: GitHash });

/** The name under which a run of the base's tests is on record. */
export const baseTestsTool = "run_base_tests";

/** Characters that are kept of what a check printed when all went well; the report is what counts. */
const goodTailMax = 600;
/** Cases that an answer names. */
const casesShownMax = 50;

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

/**
 * Runs the tests of the base for the runner itself, on record like a call of an agent: in the same workspace, with the same dependencies
 * and bounds. The files are those of the change again when it is done. `nth` tells the runs of one step apart.
 */
export async function runBaseTestsDurably(
  bench: Workbench,
  baseTree: string,
  nth: number,
  options: DurableToolOptions,
): Promise<void> {
  const tool = defineTool({
    name: baseTestsTool,
    description: "Runs the repository's own tests on the files of the base.",
    parameters: RunBaseTests,
    effect: "command",
    run: ({ tree }, call) => runBaseTests(bench, tree, call),
  });
  await invokeDurably(tool, options, JSON.stringify({ tree: baseTree }), `runner-base-${nth}`);
}

async function runBaseTests(bench: Workbench, tree: string, call: CommandCall): Promise<ToolAnswer> {
  const { workspace } = bench;
  const changed = await workspace.snapshot();
  await workspace.restore(tree);
  try {
    const { first, more } = recordsOf(await bench.check("test", call), bench);
    const reasons = [first, ...more].map(({ check }) => nameOf(check, check.reason));
    return { outcome: "ok", result: `the tests of the base: ${reasons.join("; ")}`, ...answered(first, more) };
  } finally {
    await workspace.restore(changed);
  }
}

async function runCheck(bench: Workbench, goal: CheckGoal, call: CommandCall): Promise<ToolAnswer> {
  if (!bench.prepared.goals.includes(goal)) {
    return { outcome: "refused", result: `refused: the repository has no ${goal} command` };
  }
  const { first, more } = recordsOf(await bench.check(goal, call), bench);
  const all = [first, ...more].map(({ check }) => check);
  const isGood = all.every(({ verdict }) => verdict === "passed");
  const verdict = isGood ? "passed" : "failed";
  const result =
    more.length === 0 ? shown(first.check, bench, casesShownMax) : { goal, verdict, projects: showAll(all, bench) };
  return { outcome: isGood ? "ok" : "failed", result: JSON.stringify(result), ...answered(first, more) };
}

/** Those that failed come first, since a long answer is cut. */
function showAll(checks: readonly CheckResult[], bench: Workbench) {
  const most = Math.ceil(casesShownMax / checks.length);
  const failedFirst = [...checks].sort((one, other) => one.verdict.localeCompare(other.verdict));
  return failedFirst.map((check) => {
    const { goal: _goal, ...told } = shown(check, bench, most);
    const { root = ".", adapter } = check;
    return { root, ...(adapter === undefined ? {} : { adapter }), ...told };
  });
}

function nameOf({ root }: CheckResult, text: string): string {
  return root === undefined ? text : `in ${root}: ${text}`;
}

function recordsOf(readings: readonly CheckReading[], bench: Workbench) {
  const [first, ...more] = readings.map((reading) => recordOf(reading, bench));
  if (first === undefined) throw new TypeError("a check of a goal that there is has no result");
  return { first, more };
}

type KeptCheck = Required<Pick<ToolAnswer, "check">> & Pick<ToolAnswer, "cases">;

function answered(first: KeptCheck, more: KeptCheck[]): Pick<ToolAnswer, "check" | "cases" | "more_checks"> {
  return { ...first, ...(more.length === 0 ? {} : { more_checks: more }) };
}

/** What is kept of a check: the result, and apart from it all cases of its report. */
function recordOf(reading: CheckReading, bench: Workbench): KeptCheck {
  const { cases, ...result } = reading;
  const check = steadied(result, bench);
  const isGood = check.verdict === "passed";
  return {
    check: isGood ? { ...check, output_tail: check.output_tail.slice(-goodTailMax) } : check,
    ...(cases === undefined ? {} : { cases: listCases(cases.map((each) => steadiedCase(each, bench))) }),
  };
}

/** What findings and documents are made of is the same wherever the check ran, so that a record of it can be replayed elsewhere. */
function steadied(check: CheckResult, bench: Workbench): CheckResult {
  const not_passed = check.not_passed?.map((each) => ({
    ...steadiedCase(each, bench),
    ...(each.message === undefined ? {} : { message: bench.steady(each.message) }),
  }));
  const { reason, output_tail } = check;
  return {
    ...check,
    reason: bench.steady(reason),
    not_passed: not_passed ?? null,
    output_tail: bench.steady(output_tail),
  };
}

function steadiedCase(each: TestCase, { steady }: Workbench): TestCase {
  return {
    ...each,
    suite: steady(each.suite),
    name: steady(each.name),
    ...(each.file === undefined ? {} : { file: steady(each.file).replace(/^<workspace>\//, "") }),
  };
}

function shown(check: CheckResult, bench: Workbench, casesMax: number) {
  const { goal, verdict, reason, counts, not_passed } = check;
  const cases = (not_passed ?? []).slice(0, casesMax).map(({ suite, name, outcome, message }) => ({
    name: `${suite} ${name}`.trim(),
    outcome,
    message: bench.steady(message ?? "").slice(0, 2000),
  }));
  const output = verdict === "passed" ? "" : bench.steady(check.output_tail);
  return { goal, verdict, reason: bench.steady(reason), counts, not_passed: cases, output };
}
