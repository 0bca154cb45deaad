import type { GuardFinding } from "../../gates/guard/guard-report.ts";
import { guardRules } from "../../gates/guard/guard-rules.ts";
import { escapeXml } from "../../io/documents/xml-text.ts";
import { countsOf, type GuardResult } from "./guard-result.ts";

/** The result as JUnit XML: one case for each finding, and one for each rule that found nothing. */
export function resultJunit(result: GuardResult): string {
  const { findings, waived } = result.report;
  const { errors } = countsOf(result.report);
  const quiet = guardRules.filter(({ id }) => ![...findings, ...waived].some((finding) => finding.id === id));
  const cases = [
    ...findings.map(caseOf),
    ...waived.map(
      (finding) => `${opening(finding)}<skipped message="${escapeXml(`waived by ${finding.waiver.id}`)}"/></testcase>`,
    ),
    ...quiet.map(({ id, title }) => `    <testcase classname="${id}" name="${escapeXml(title)}"/>`),
  ];
  const attributes = `tests="${cases.length}" failures="${errors}" errors="0" skipped="${waived.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="spec-guard" ${attributes} time="0">`,
    `  <testsuite name="spec-guard" ${attributes} time="0" timestamp="${result.today}T00:00:00">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

/** A fault as JUnit XML: one case with an error, since an empty report is read as a pass. */
export function faultJunit(message: string): string {
  const attributes = 'tests="1" failures="0" errors="1" skipped="0"';
  const text = escapeXml(message);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="spec-guard" ${attributes} time="0">`,
    `  <testsuite name="spec-guard" ${attributes} time="0">`,
    `    <testcase classname="spec-guard" name="could not tell"><error type="fault" message="${text}">${text}</error></testcase>`,
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function caseOf(finding: GuardFinding): string {
  const message = escapeXml(finding.message);
  if (finding.severity === "error")
    return `${opening(finding)}<failure type="${finding.id}" message="${message}">${message}</failure></testcase>`;
  return `${opening(finding)}<system-out>${message}</system-out></testcase>`;
}

function opening({ id, path, line, message }: GuardFinding): string {
  const place = path === undefined ? message : `${path}${line === undefined ? "" : `:${line}`}`;
  const file = path === undefined ? "" : ` file="${escapeXml(path)}"`;
  return `    <testcase classname="${id}" name="${escapeXml(`${id} ${place}`)}"${file}>`;
}
