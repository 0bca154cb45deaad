import { afterAll, beforeAll, expect, test } from "vitest";
import { collectGuardEvidence } from "../../orchestrator/evidence/guard/collect-guard-evidence.ts";
import { collectSpecEvidence } from "../../orchestrator/evidence/spec-evidence.ts";
import { judgeGuard } from "../../orchestrator/gates/guard/judge-guard.ts";
import { specGate } from "../../orchestrator/gates/spec-gate.ts";
import { createGit } from "../../orchestrator/io/git.ts";
import { start } from "./bypass-table.ts";
import { createHistory, type Edits, removeFolder, today } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

const retry = "src/retry/retry.ts";
const retrySpec = "tasks/specs/0007-retry.md";
const stale = spec({ last_review: "2026-01-01" });
const folder = {
  "pkg/a/spec-guard.yaml": "version: 1\nspecs: specs\nmax_review_age_days: 5\ncontrolled: [{paths: [lib/**]}]\n",
  "pkg/a/specs/x.md": spec({ id: "x", covers: "[pkg/a/**, src/**]" }),
};

interface Case {
  readonly name: string;
  readonly base?: Edits;
  readonly head: Edits;
  readonly author?: string;
  /** What both refuse. */
  readonly refused: readonly string[];
}

const cases: readonly Case[] = [
  { name: "covered and uncovered code", head: { [retry]: "b\n", "src/a.ts": "b\n" }, refused: ["src/a.ts"] },
  { name: "the guard's own files", head: { "spec-guard.yaml": "version: 1\n" }, refused: ["spec-guard.yaml"] },
  {
    name: "the guard's own files under a wide glob",
    base: { "tasks/specs/o.md": spec({ id: "o", covers: "[.github/**]" }) },
    head: { ".github/workflows/ci.yml": "on: []\n" },
    refused: [".github/workflows/ci.yml"],
  },
  { name: "a folder's policy and specs", base: folder, head: { "pkg/a/lib/x.ts": "" }, refused: [] },
  { name: "a folder's spec elsewhere", base: folder, head: { "src/a.ts": "b\n" }, refused: ["src/a.ts"] },
  {
    name: "a folder's shorter age",
    base: { ...folder, "pkg/a/specs/x.md": spec({ id: "x", covers: "[pkg/a/**]", last_review: "2026-11-10" }) },
    head: { "pkg/a/lib/x.ts": "" },
    refused: ["pkg/a/lib/x.ts"],
  },
  { name: "a stale spec", base: { [retrySpec]: stale }, head: { [retry]: "b\n" }, refused: [retry] },
  {
    name: "a stale spec that was moved",
    base: { [retrySpec]: stale },
    head: { [retrySpec]: null, "tasks/specs/moved.md": spec(), [retry]: "b\n" },
    refused: [retry],
  },
  {
    name: "a spec that its author approved",
    head: { [retrySpec]: spec({ body: "mine\n" }), [retry]: "b\n" },
    author: "Ana <ana@example.com>",
    refused: [retry],
  },
  {
    name: "an id that two specs have, one of which covers nothing of it",
    base: { "tasks/specs/copy.md": spec({ covers: "[lib/**]" }) },
    head: { [retry]: "b\n" },
    refused: [retry],
  },
];

let place = "";
beforeAll(() => {
  const history = createHistory();
  const root = history.commit(start, { daysAgo: 10 });
  for (const [index, { base = {}, head, author }] of cases.entries()) {
    const from = history.commit(base, { parents: [root], daysAgo: 5 });
    history.branch(`base-${index}`, from);
    history.branch(
      `head-${index}`,
      history.commit(head, { parents: [from], ...(author === undefined ? {} : { author }) }),
    );
  }
  place = history.write().folder;
});
afterAll(() => removeFolder(place));

test.each(cases.map((each, index) => ({ ...each, index })))(
  "the guard and the gate of a run judge $name alike",
  async ({ index, head, refused }) => {
    const [from, to] = [`refs/heads/base-${index}`, `refs/heads/head-${index}`];
    const asked = { directory: place, base: from, head: to, worktree: false, today, environment: {} };
    const { evidence, range } = await collectGuardEvidence({ ...asked, policyFile: "spec-guard.yaml" });
    const guarded = judgeGuard(evidence).findings.flatMap(({ id, path = "" }) => (id === "SG001" ? [path] : []));
    expect(guarded).toEqual(refused);
    const paths = Object.keys(head);
    const gathered = await collectSpecEvidence({ git: createGit(place), ...range, today, linked: [], paths });
    const decision = specGate.decide(specGate.evidence.parse(gathered));
    const findings = decision.decision === "refuse" ? decision.findings : [];
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual(refused.map((path) => ["spec/uncovered", path]));
  },
);
