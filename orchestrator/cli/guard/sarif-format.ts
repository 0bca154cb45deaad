import type { GuardFinding, WaivedFinding } from "../../gates/guard/guard-report.ts";
import { guardRules } from "../../gates/guard/guard-rules.ts";
import { sarifLog, sarifUri } from "../../io/documents/sarif-log.ts";
import { codeVersion } from "../../schema/version.ts";
import { type GuardResult, rulesPage } from "./guard-result.ts";

/** The result as a SARIF 2.1.0 log. */
export function resultSarif(result: GuardResult): unknown {
  const { findings, waived } = result.report;
  return sarifLog({
    tool: {
      driver: {
        name: "spec-guard",
        version: codeVersion,
        rules: guardRules.map(ruleOf),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: true, exitCode: result.verdictCode }],
    results: [...findings.map(resultOf), ...waived.map(waivedResult)],
    properties: { base: result.base, head: result.head, worktree: result.worktree, judged_on: result.today },
  });
}

/** A fault as a SARIF log without results: nothing could be told. */
export function faultSarif(message: string, exitCode: number): unknown {
  const toolExecutionNotifications = [{ level: "error", message: { text: message } }];
  return sarifLog({
    tool: { driver: { name: "spec-guard", version: codeVersion } },
    invocations: [{ executionSuccessful: false, exitCode, toolExecutionNotifications }],
    results: [],
  });
}

function ruleOf({ id, name, severity, title, why, mend }: (typeof guardRules)[number]): unknown {
  return {
    id,
    name,
    shortDescription: { text: title },
    fullDescription: { text: `${title} ${why}` },
    help: { text: `${mend} See ${rulesPage}#${id.toLowerCase()}.` },
    defaultConfiguration: { level: severity },
  };
}

function resultOf({ id, severity, message, path, line }: GuardFinding): Record<string, unknown> {
  const uri = path === undefined ? null : sarifUri(path);
  return {
    ruleId: id,
    ruleIndex: guardRules.findIndex((rule) => rule.id === id),
    level: severity,
    message: { text: message },
    ...(uri === null
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line ?? 1 } } }] }),
  };
}

function waivedResult(finding: WaivedFinding): unknown {
  const { id, owner, reason, expires } = finding.waiver;
  const justification = `${id} of ${owner} until ${expires}: ${reason}`;
  return { ...resultOf(finding), suppressions: [{ kind: "external", status: "accepted", justification }] };
}
