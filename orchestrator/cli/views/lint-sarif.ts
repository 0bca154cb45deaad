import { sarifLog, sarifUri } from "../../io/documents/sarif-log.ts";
import type { LintFinding, LintReport, SkippedFile } from "../../schema/pattern-workbench.ts";
import { codeVersion } from "../../schema/version.ts";
import { escapeData, escapeProperty } from "../text/workflow-command.ts";

/** What `patterns lint` found as a SARIF 2.1.0 log; a file that the linter could not read makes the execution unsuccessful. */
export function lintSarif({ rules, findings, unread, skipped, root, outcome, linter }: LintReport): unknown {
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  return sarifLog({
    tool: {
      driver: {
        name: "codex-orchestrator patterns lint",
        version: codeVersion,
        rules: rules.map(({ id, version, title }) => ({
          id,
          shortDescription: { text: title },
          properties: { version },
        })),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: unread.length === 0,
        toolExecutionNotifications: [
          ...unread.map((file) => noteOf("error", file)),
          ...skipped.map((file) => noteOf("note", file)),
        ],
      },
    ],
    results: findings.map((finding) => resultOf(finding, indexOf.get(finding.rule) ?? -1)),
    properties: { root, outcome, linter: `${linter.name} ${linter.version}` },
  });
}

function resultOf(
  { rule, path, message, line, column, end_line, end_column }: LintFinding,
  ruleIndex: number,
): unknown {
  const region = { startLine: line, startColumn: column, endLine: end_line, endColumn: end_column };
  return {
    ruleId: rule,
    ruleIndex,
    level: "error",
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: { uri: sarifUri(path) }, region } }],
  };
}

function noteOf(level: "error" | "note", { path, reason }: SkippedFile): unknown {
  const locations = [{ physicalLocation: { artifactLocation: { uri: sarifUri(path) } } }];
  return { level, message: { text: reason }, locations };
}

/** What `patterns lint` found as workflow commands, which GitHub shows beside the lines of a change; the last line sums up. */
export function lintAnnotations({ findings, unread, files, outcome }: LintReport): string {
  return [
    ...findings.map(({ rule, path, line, column, message }) => {
      const place = `file=${escapeProperty(path)},line=${line},col=${column}`;
      return `::error title=${escapeProperty(rule)},${place}::${escapeData(message)}`;
    }),
    ...unread.map(({ path, reason }) => `::error title=not linted,file=${escapeProperty(path)}::${escapeData(reason)}`),
    `patterns lint: ${findings.length} findings in ${files} files, ${unread.length} not read: ${outcome}`,
  ].join("\n");
}
