import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { error as writeError, notice as writeNotice, warning as writeWarning } from "@actions/core";
import { Ajv } from "ajv";
import { parse } from "junit2json";
import { expect, test, vi } from "vitest";
import { resultAnnotations } from "../../orchestrator/cli/guard/github-format.ts";
import { type GuardResult, resultDocument } from "../../orchestrator/cli/guard/guard-result.ts";
import { faultJunit, resultJunit } from "../../orchestrator/cli/guard/junit-format.ts";
import { faultMarkdown, resultMarkdown } from "../../orchestrator/cli/guard/markdown-format.ts";
import { faultSarif, resultSarif } from "../../orchestrator/cli/guard/sarif-format.ts";
import { resultText } from "../../orchestrator/cli/guard/text-format.ts";
import { createPaint } from "../../orchestrator/cli/text/paint.ts";
import type { GuardFinding } from "../../orchestrator/gates/guard/guard-report.ts";
import { guardRules } from "../../orchestrator/gates/guard/guard-rules.ts";

const hostile = 'src/a,b:c%d"<&>\n|`[x](y)`]]>\u0000\u001b[31m\ud83d\ude00\u202e.ts';
const finding = (more: Partial<GuardFinding> = {}): GuardFinding => ({
  id: "SG001",
  rule: "spec/uncovered",
  severity: "error",
  path: hostile,
  message: `${hostile} is controlled`,
  ...more,
});
const waiver = { id: "w1", owner: "ana", reason: "a | reason\n::error::x", expires: "2026-12-01" };
const result = (findings: GuardFinding[]): GuardResult => ({
  report: {
    decision: findings.length === 0 ? "pass" : "refuse",
    findings,
    waived: [{ ...finding({ path: "src/w.ts" }), waiver }],
  },
  base: "a".repeat(40),
  head: "b".repeat(40),
  worktree: false,
  policyFile: "spec-guard.yaml",
  today: "2026-11-21",
  nowGiven: true,
  dryRun: true,
  verdictCode: 1,
  counts: { changed: 3, controlled: 2, specs: 1 },
});
const full = result([
  finding(),
  finding({ id: "SG030", rule: "checklist/no-evidence", line: 7, path: "tasks/a.md" }),
  finding({ severity: "warning", path: "x" }),
]);

test("SARIF is valid by the schema of 2.1.0, with and without findings and for a fault, and a broken log is not", () => {
  const path = fileURLToPath(new URL("fixtures/sarif-2.1.0.json", import.meta.url));
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, "utf8"));
  const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  for (const each of [full, result([])]) {
    expect(isValid(JSON.parse(JSON.stringify(resultSarif(each)))), JSON.stringify(isValid.errors)).toBe(true);
  }
  expect(isValid(faultSarif(hostile, 2)), JSON.stringify(isValid.errors)).toBe(true);
  expect(isValid({ version: "2.1.0", runs: [{ results: [{}] }] })).toBe(false);
});

test("a result of SARIF names its rule by id and place in the list", () => {
  const log = JSON.parse(JSON.stringify(resultSarif(full)));
  const [run] = log.runs;
  for (const each of run.results) expect(run.tool.driver.rules[each.ruleIndex].id).toBe(each.ruleId);
  expect(run.results[1].locations[0].physicalLocation.region.startLine).toBe(7);
  expect(decodeURIComponent(run.results[0].locations[0].physicalLocation.artifactLocation.uri)).toBe(hostile);
  expect(run.results.at(-1).suppressions).toHaveLength(1);
});

test("JUnit is read by a consumer: one failure for each error, one case for each rule that is quiet", async () => {
  const suites = await parse(resultJunit(full));
  const [suite] = suites !== null && suites !== undefined && "testsuite" in suites ? (suites.testsuite ?? []) : [];
  const cases = suite?.testcase ?? [];
  expect(cases.filter((each) => (each.failure?.length ?? 0) > 0)).toHaveLength(2);
  expect(cases.filter((each) => (each.skipped?.length ?? 0) > 0)).toHaveLength(1);
  expect(cases).toHaveLength(3 + 1 + guardRules.length - 2);
  expect(suite?.tests).toBe(cases.length);
});

test("a fault is an error in JUnit, and one line in Markdown, never an empty report", async () => {
  const suites = await parse(faultJunit(hostile));
  const [suite] = suites !== null && suites !== undefined && "testsuite" in suites ? (suites.testsuite ?? []) : [];
  expect(suite).toMatchObject({ tests: 1, errors: 1 });
  expect(suite?.testcase?.[0]?.error).toHaveLength(1);
  expect(faultMarkdown(hostile).split("\n")).toHaveLength(3);
});

test("annotations are what GitHub's own toolkit writes of a text that cannot command a terminal", () => {
  const shown = hostile.replace("\u0000", "\\x00").replace("\u001b", "\\x1b").replace("\u202e", "\\u{202e}");
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    writeError(`${shown} is controlled`, { title: "spec-guard SG001", file: shown, startLine: 1 });
    writeError(`${shown} is controlled`, { title: "spec-guard SG030", file: "tasks/a.md", startLine: 7 });
    writeWarning(`${shown} is controlled`, { title: "spec-guard SG001", file: "x", startLine: 1 });
    writeNotice(`waived by w1 until 2026-12-01 (${waiver.reason}): ${shown} is controlled`, {
      title: "spec-guard SG001",
      file: "src/w.ts",
      startLine: 1,
    });
  } finally {
    spy.mockRestore();
  }
  const lines = written.join("").trim().split("\n");
  expect(resultAnnotations(full).split("\n").slice(0, -1)).toEqual(lines);
});

test("Markdown keeps each finding in one row, and no text becomes a link, a tag or a command", () => {
  const rows = resultMarkdown(full)
    .split("\n")
    .filter((line) => line.startsWith("| SG"));
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
  for (const mark of ["<", "`", "\u001b", "\u202e", "](", "@"]) expect(rows.join("")).not.toContain(mark);
});

test("text commands no terminal, and says that a day was given and a run was dry", () => {
  const text = resultText(full, createPaint(false), 100);
  for (const mark of ["\u0000", "\u001b", "\u202e"]) expect(text).not.toContain(mark);
  expect(text).toContain("given by --now");
  expect(text).toContain("the exit code would be 1");
  expect(text).toContain("by w1 of ana until 2026-12-01");
});

test("the JSON document counts what it lists", () => {
  expect(resultDocument(full)).toMatchObject({
    schema_version: 1,
    decision: "refuse",
    exit_code: 1,
    dry_run: true,
    judged_on: "2026-11-21",
    counts: { errors: 2, warnings: 1, waived: 1, changed: 3, controlled: 2, specs: 1 },
  });
});
