import { sarifLog, sarifUri } from "../../io/documents/sarif-log.ts";
import type { AppliedEdit, ApplyReport, ChangedFile, SkippedFile } from "../../schema/pattern-workbench.ts";
import { codeVersion } from "../../schema/version.ts";

/** The report as a SARIF 2.1.0 log: a result with its fix for each edit, and a note for each file that was left alone. */
export function patternSarif(report: ApplyReport): unknown {
  const { patterns, changed, skipped, root, outcome } = report;
  const indexOf = (id: string) => patterns.findIndex((pattern) => pattern.id === id);
  return sarifLog({
    tool: {
      driver: {
        name: "codex-orchestrator patterns",
        version: codeVersion,
        rules: patterns.map(({ id, version }) => ({ id, properties: { version } })),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: outcome !== "refused" && outcome !== "rolled_back",
        toolExecutionNotifications: skipped.map(noteOf),
      },
    ],
    results: changed.flatMap((file) => file.edits.map((edit) => resultOf(file, edit, indexOf(edit.pattern)))),
    properties: { root, outcome },
  });
}

function resultOf({ path }: ChangedFile, { pattern, reason, line, replaces }: AppliedEdit, ruleIndex: number): unknown {
  const artifactLocation = { uri: sarifUri(path) };
  return {
    ruleId: pattern,
    ruleIndex,
    level: "note",
    message: { text: reason },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine: line } } }],
    ...(replaces === null
      ? {}
      : { fixes: [{ artifactChanges: [{ artifactLocation, replacements: [replacementOf(replaces)] }] }] }),
  };
}

function replacementOf({ start, end, text }: NonNullable<AppliedEdit["replaces"]>): unknown {
  return { deletedRegion: { charOffset: start, charLength: end - start }, insertedContent: { text } };
}

function noteOf({ path, reason, pattern }: SkippedFile): unknown {
  return {
    level: "note",
    message: { text: reason },
    locations: [{ physicalLocation: { artifactLocation: { uri: sarifUri(path) } } }],
    ...(pattern === undefined ? {} : { associatedRule: { id: pattern } }),
  };
}
