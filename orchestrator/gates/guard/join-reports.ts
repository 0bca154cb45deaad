import type { GuardFinding, GuardReport, WaivedFinding } from "./guard-report.ts";

/** What two looks at one change found together: what the second adds is marked, and either refuses for both. */
export function joinReports(first: GuardReport, second: GuardReport, mark: string): GuardReport {
  const keyOf = ({ id, path, line, message }: GuardFinding) => JSON.stringify([id, path, line, message]);
  const found = new Set(first.findings.map(keyOf));
  const waived = new Set(first.waived.map(keyOf));
  const marked = <Item extends GuardFinding | WaivedFinding>(item: Item): Item => ({
    ...item,
    message: `${mark}: ${item.message}`,
  });
  return {
    findings: [...first.findings, ...second.findings.filter((each) => !found.has(keyOf(each))).map(marked)],
    waived: [...first.waived, ...second.waived.filter((each) => !waived.has(keyOf(each))).map(marked)],
    decision: first.decision === "pass" ? second.decision : first.decision,
  };
}
