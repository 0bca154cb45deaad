import { sarifLog, sarifUri } from "../../io/documents/sarif-log.ts";
import type { GoalReport } from "../../schema/adapter-bench.ts";
import { isFailing, titleOf } from "../../schema/test-case.ts";
import type { Finding } from "../../schema/verdict.ts";
import { codeVersion } from "../../schema/version.ts";

/**
 * What the commands of a goal found as a SARIF 2.1.0 log: findings of linters and compilers, and tests that failed. A command that failed and
 * names nothing is a result of its own, so that an empty log means that all passed.
 */
export function goalSarif({ folder, goal, runs }: GoalReport): unknown {
  const results = runs.flatMap(({ verdict, findings, result, adapter, root, reason }) => {
    const failed = (result?.not_passed ?? []).filter(({ outcome }) => isFailing(outcome));
    const cases = failed.map((test): Finding => {
      const { outcome, message, file, line } = test;
      const text = `${titleOf(test)} ${outcome}${message === undefined ? "" : `: ${message}`}`;
      return { rule: `test/${outcome}`, message: text, ...(file === undefined ? {} : { path: file, line }) };
    });
    const all = [...findings, ...cases];
    if (all.length > 0 || verdict === "passed") return all;
    return [{ rule: `${goal}/failed`, message: `${adapter} in ${root}: ${reason}` }];
  });
  const rules = [...new Set(results.map(({ rule }) => rule))].sort();
  return sarifLog({
    tool: {
      driver: { name: "codex-orchestrator adapters run", version: codeVersion, rules: rules.map((id) => ({ id })) },
    },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: runs.every(({ status }) => status === "exited") }],
    results: results.map((finding) => resultOf(finding, rules.indexOf(finding.rule))),
    properties: { folder, goal },
  });
}

function resultOf({ rule, message, path, line }: Finding, ruleIndex: number): unknown {
  const region = line === undefined ? {} : { region: { startLine: line } };
  const locations =
    path === undefined
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: { uri: sarifUri(path) }, ...region } }] };
  return { ruleId: rule, ruleIndex, level: "error", message: { text: message }, ...locations };
}
