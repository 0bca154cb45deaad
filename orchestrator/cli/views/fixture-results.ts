import type { FixtureResult } from "../../schema/pattern-workbench.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";

/** What `patterns test` says of fixtures: its JSON document, and its lines with the verdict first in the last of them. */
export interface FixtureSummary {
  readonly passed: boolean;
  readonly lines: readonly string[];
  readonly verdict: string;
  readonly counts: string;
}

/** Sums results up. Where nothing was run, nothing has passed; patterns that could not be tested are named with the reason. */
export function summariseFixtures(results: readonly FixtureResult[]): FixtureSummary {
  const run = results.filter(({ untested }) => untested === undefined);
  const failed = run.filter(({ problems }) => problems.length > 0);
  const passed = run.length > 0 && failed.length === 0;
  const mutants = run.reduce((sum, { noticed }) => sum + noticed, 0);
  const others = results.length === run.length ? "" : `; ${countOf(results.length - run.length, "pattern")} not tested`;
  return {
    passed,
    lines: [...failed.flatMap(linesOf), ...untestedLines(results)],
    verdict: passed ? "passed" : run.length === 0 ? "there are no fixtures" : `${formatCount(failed.length)} failed`,
    counts: `${countOf(run.length, "fixture")}, which noticed ${countOf(mutants, "mutant")}${others}`,
  };
}

function linesOf({ pattern, fixture, problems }: FixtureResult): readonly string[] {
  return problems.map((problem) => `${safeLine(pattern)}/${safeLine(fixture)}: ${safeLine(problem)}`);
}

/** One line for each reason. */
function untestedLines(results: readonly FixtureResult[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { pattern, untested } of results) {
    if (untested !== undefined) reasons.set(untested, [...(reasons.get(untested) ?? []), safeLine(pattern)]);
  }
  return [...reasons].map(([reason, patterns]) => `not tested: ${patterns.join(", ")}: ${safeLine(reason)}`);
}
