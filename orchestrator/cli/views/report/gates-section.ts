import type { RunManifest } from "../../../schema/run-manifest.ts";
import { indentText, layTable } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { shortHash } from "../../text/quantities.ts";
import { safeBlock, safeLine } from "../../text/safe-text.ts";
import { findingText } from "../event-line.ts";
import { markOfDecision } from "../marks.ts";
import { moreLine } from "./more-line.ts";

const findingsMax = 50;

/** Each verdict with the evidence that it pins, and the findings of those that refused. */
export function gatesSection({ gates }: RunManifest, paint: Paint, width: number): string {
  const rows = gates.map(({ step_id, verdict }) => [
    `${markOfDecision(verdict.decision, paint)} ${verdict.gate}`,
    verdict.decision,
    safeLine(step_id),
    `version ${safeLine(verdict.version)}`,
    `evidence ${shortHash(verdict.evidence_sha256)}`,
  ]);
  const lines = layTable(rows, 2).split("\n");
  return gates.flatMap(({ verdict }, index) => [lines[index] ?? "", ...verdictDetail(verdict, width)]).join("\n");
}

function verdictDetail(verdict: RunManifest["gates"][number]["verdict"], width: number): readonly string[] {
  if (verdict.decision === "pass") return (verdict.notes ?? []).map((note) => indentText(safeBlock(note), 6, width));
  if (verdict.decision === "ask") return [indentText(safeBlock(verdict.question), 6, width)];
  const shown = verdict.findings.slice(0, findingsMax).map((finding) => indentText(findingText(finding), 6, width));
  return [...shown, ...moreLine(verdict.findings.length - shown.length, "finding", 6)];
}
