import { validate } from "ctrf";
import fc from "fast-check";
import { parse } from "junit2json";
import { expect, test } from "vitest";
import { summarizeResults } from "../runner/summarize-results.ts";
import { type EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { diffView } from "./html/diff-view.ts";
import { escapeHtml, html } from "./html/markup.ts";
import { reportWriter } from "./report-writers.ts";

const sha256 = "a".repeat(64);
const at = "2026-01-01T00:00:00.000Z";
const scorers = [{ id: "tests-pass", version: "1", kind: "verdict" as const }];
const place = { epoch: 1, seed: 1, key: sha256 };
const made = { ...place, attempts: 1, is_cached: false, started_at: at, duration_ms: 5 };
const solved = { changed_paths: ["a.ts"], patch: "@@ -1 +1 @@\n-a\n+b\n", note: "done" };

function scored(sample: string, passed: boolean, more: Partial<typeof solved> = {}): SampleResult {
  const scores = { "tests-pass": { value: passed ? 1 : 0, reason: "<adds> & more" } };
  return { status: "scored", sample, ...made, passed, scores, ...solved, ...more };
}

function logOf(results: readonly SampleResult[]): EvaluationLog {
  return {
    ...{ schema_version: 1, scorers, epochs: 1, seed: 1, time_limit_ms: 1_000, started_at: at, finished_at: at },
    results: [...results],
    dataset: { id: "own", sha256, samples: results.length },
    solver: { id: "solver", sha256 },
    summary: summarizeResults(results, { epochs: 1, seed: 1, scorers }, []),
  };
}

const each = logOf([
  scored("group/good", true),
  scored("group/bad", false),
  { status: "timed_out", sample: "late", ...made, passed: false },
  { status: "infrastructure_failed", sample: "lost", ...made, passed: false, code: "disk_failed", message: "no disk" },
  { status: "not_tried", sample: "left", ...place, passed: false, reason: "needs go" },
]);

test("JUnit and CTRF have every try in its group, failures of the infrastructure as errors, and what was not tried as skipped", async () => {
  const junit = reportWriter("junit")(each, {});
  expect(await parse(junit)).toMatchObject({ tests: 5, failures: 1, errors: 2 });
  expect(junit).toContain('classname="group" name="bad"');
  expect(junit).toContain("tests-pass: &lt;adds&gt; &amp; more");
  const report: unknown = JSON.parse(reportWriter("ctrf")(each, {}));
  expect(validate(report)).toMatchObject({ valid: true });
  expect(report).toMatchObject({ results: { summary: { tests: 5, passed: 1, failed: 3, skipped: 1 } } });
});

test("an evaluation that is not complete is green in neither", () => {
  const partial = logOf([
    scored("a", true),
    { status: "not_tried", sample: "b", ...place, passed: false, reason: "spent" },
  ]);
  expect(JSON.parse(reportWriter("ctrf")(partial, {}))).toMatchObject({ results: { summary: { failed: 1 } } });
  expect(reportWriter("junit")(partial, {})).toContain('errors="1"');
  const whole = logOf([scored("a", true)]);
  expect(reportWriter("junit")(whole, {})).toMatch(/tests="1" failures="0" errors="0"/);
});

test("the page has every try and its reason, and is the same each time", () => {
  const page = reportWriter("html")(each, { baseline: each });
  for (const text of ["group/good", "tests-pass: &lt;adds&gt; &amp; more", "out of time", "no disk", "needs go"])
    expect(page).toContain(text);
  expect(page).toContain("No difference shown");
  expect(reportWriter("html")(each, { baseline: each })).toBe(page);
});

test("whatever a text holds, the page reads it as text, and nothing turns its direction", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = html`<p title="${text}">${text}</p>`.markup;
      expect(shown.match(/[<>"]/g)).toHaveLength(6);
      expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\0]/);
    }),
    { numRuns: 50 },
  );
  expect(escapeHtml("a\u202eb'\n")).toBe("a⟨U+202E⟩b&#39;\n");
});

test("lines of a diff are told by their hunk, so that a removed comment is no head of a file", () => {
  const { markup } = diffView("--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1 @@\n--- old comment\n select 1\n", 10_000);
  expect(markup).toContain('<span class="remove">--- old comment\n</span>');
  expect(markup).toContain('<span class="file">--- a/q.sql\n+++ b/q.sql\n</span>');
  expect(diffView("+a\n".repeat(5_000), 1_000).markup).toContain("lines more are in the log");
});

test("what is a model's opinion is called that in every report for a reader, and the page tells what guards did", () => {
  const opinion = { value: 0, reason: "model-graded 0.2: too long" };
  const guards = {
    caught: [{ by: "gate:scope", rule: "scope", detail: "<i>outside" }],
    ...{ escaped: ["a file was written"], not_enforced: ["sandbox:network"], attempted: true },
  };
  const base = scored("group/bad", false);
  const result = { ...base, scores: { "model-graded-style": opinion }, guards } as const;
  const log = {
    ...logOf([SampleResult.parse(result)]),
    scorers: [{ id: "model-graded-style", version: "1", kind: "verdict" as const }],
  };
  const plain = (text: string) => text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  for (const name of ["text", "markdown", "html", "junit", "ctrf"])
    expect(plain(reportWriter(name)(log, {})).replaceAll("&apos;", "'"), name).toContain(
      "model-graded-style (a model's opinion)",
    );
  const page = reportWriter("html")(log, {});
  for (const word of [
    "caught</span> <code>gate:scope</code>",
    "escaped</span> a file was written",
    "<code>sandbox:network</code>",
  ])
    expect(page).toContain(word);
  expect(page).not.toContain("<i>outside");
});
