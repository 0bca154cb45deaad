import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runGate } from "../gates/run-gate.ts";
import { specGate } from "../gates/spec-gate.ts";
import { createGit, type Git } from "../io/git.ts";
import { hashJson } from "../io/hash.ts";
import { collectSpecEvidence, type SpecEvidenceRequest } from "./spec-evidence.ts";
import { parseSpecFile } from "./spec-file.ts";

const today = "2024-03-01";
const specPath = "tasks/specs/0007-retry.md";
const policy = "version: 1\ncontrolled:\n  - paths: [src/**]\n";
const author = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };

type Files = Readonly<Record<string, string>>;

async function repository(files: Files): Promise<{ git: Git; base: string }> {
  const path = await mkdtemp(join(tmpdir(), "spec-evidence-"));
  onTestFinished(() => rm(path, { recursive: true }));
  const git = createGit(path);
  await git.run(["init", "-q"]);
  return { git, base: await commit(git, files) };
}

async function commit(git: Git, files: Files): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(git.directory, name)), { recursive: true });
    await writeFile(join(git.directory, name), text);
  }
  await git.run(["add", "-A"]);
  await git.run(["commit", "-q", "--allow-empty", "-m", "change"], { env: author });
  return git.text(["rev-parse", "HEAD"]);
}

interface SpecParts {
  readonly sha?: string;
  readonly status?: string;
  readonly covers?: string;
  readonly body?: string;
}

const write = ({
  sha = "0".repeat(64),
  status = "approved",
  covers = "src/retry/**",
  body = "# Retry\n\nThree times.\n",
}: SpecParts) => `---
id: 0007-retry
title: Retry policy
relates_to: tasks/0007-retry.md
risk: low
owners: [team-core]
status: ${status}
last_review: 2024-02-20
covers: [${covers}]
approvals:
  - {role: engineering, who: ana@example.com, date: 2024-02-20, spec_sha256: "${sha}"}
---
${body}`;

/** A spec whose approval pins what it says. */
function approved(parts: SpecParts = {}): string {
  return write({ ...parts, sha: parseSpecFile(write(parts), specPath).spec_sha256 });
}

async function judge(request: Omit<SpecEvidenceRequest, "today" | "linked" | "paths"> & Partial<SpecEvidenceRequest>) {
  const collect = (signal: AbortSignal) => collectSpecEvidence({ today, linked: [], paths: [], signal, ...request });
  const { verdict } = await runGate(specGate, collect, { timeoutMs: 20_000, hash: hashJson });
  return verdict.decision === "refuse"
    ? verdict.findings.map(({ rule, message }) => `${rule}: ${message}`).join("\n")
    : verdict.decision;
}

test("a controlled path passes with an approved spec of the commit, and not without one", async () => {
  const { git, base } = await repository({ "spec-guard.yaml": policy, "src/retry/a.ts": "" });
  expect(await judge({ git, base, paths: ["src/retry/a.ts"] })).toContain("spec/uncovered");
  const later = await commit(git, { [specPath]: approved() });
  expect(await judge({ git, base: later, paths: ["src/retry/a.ts"] })).toBe("pass");
  expect(await judge({ git, base, head: later, paths: ["src/retry/a.ts"] })).toBe("pass");
  expect(await judge({ git, base: later, paths: ["src/b.ts"] })).toContain("src/b.ts is controlled");
});

test("what the working copy holds counts for nothing", async () => {
  const { git, base } = await repository({ "spec-guard.yaml": policy });
  await mkdir(join(git.directory, "tasks/specs"), { recursive: true });
  await writeFile(join(git.directory, specPath), approved());
  await rm(join(git.directory, "spec-guard.yaml"));
  expect(await judge({ git, base, paths: ["src/retry/a.ts"] })).toContain("spec/uncovered");
});

test("the policy is the base's, also where the change takes it away", async () => {
  const { git, base } = await repository({ "spec-guard.yaml": policy });
  await rm(join(git.directory, "spec-guard.yaml"));
  const head = await commit(git, {});
  expect(await judge({ git, base, head, paths: ["src/a.ts"] })).toContain("spec/uncovered");
  expect(await judge({ git, base: head, paths: ["src/a.ts"] })).toBe("pass");
});

test("a bare goal in a repository without a policy needs no spec", async () => {
  const { git, base } = await repository({ "README.md": "hello" });
  expect(await judge({ git, base, paths: ["README.md", "src/a.ts"], globs: ["**"] })).toBe("pass");
});

test.each<[string, (text: string) => string, string]>([
  ["its body was edited", (text) => text.replace("Three", "Four"), "changed after its approval"],
  ["its risk was lowered", (text) => text.replace("risk: low", "risk: medium"), "changed after its approval"],
  ["it covers more", (text) => text.replace("src/retry/**", "src/**"), "changed after its approval"],
  ["it is a draft", (text) => text.replace("status: approved", "status: draft"), "is draft"],
  ["its front matter is broken", (text) => text.replace("risk: low", "risk: none"), `${specPath}:5: risk`],
  ["it uses an alias", (text) => text.replace("[team-core]", "&x [team-core]"), "the anchor &x"],
])("a spec that the task names is refused where %s", async (_, edit, reason) => {
  const { git, base } = await repository({ [specPath]: edit(approved()) });
  expect(await judge({ git, base, linked: [specPath] })).toContain(reason);
});

test.each<[string, (text: string) => string]>([
  ["nothing", (text) => text],
  ["line ends", (text) => text.replaceAll("\n", "\r\n")],
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["the review date", (text) => text.replace("last_review: 2024-02-20", "last_review: 2024-02-28")],
  ["blank lines at the end", (text) => `${text}\n\n`],
])("an approval outlives a change of %s", async (_, edit) => {
  const { git, base } = await repository({ [specPath]: edit(approved()) });
  expect(await judge({ git, base, linked: [specPath] })).toBe("pass");
});

test("a spec that is missing, a folder, a symbolic link or no text is refused", async () => {
  const { git, base } = await repository({ [specPath]: approved(), "bytes.md": "" });
  await symlink("0007-retry.md", join(git.directory, "tasks/specs/link.md"));
  await writeFile(join(git.directory, "bytes.md"), Uint8Array.of(0xff));
  const later = await commit(git, {});
  expect(await judge({ git, base, linked: ["tasks/specs/none.md"] })).toContain("spec/missing");
  expect(await judge({ git, base, linked: ["tasks/specs"] })).toContain("spec/missing");
  expect(await judge({ git, base: later, linked: ["tasks/specs/link.md"] })).toContain("not a regular file");
  expect(await judge({ git, base: later, linked: ["bytes.md"] })).toContain("not UTF-8");
  expect(await judge({ git, base: later, linked: [specPath] })).toBe("pass");
});

test("the policy of a folder narrows, and the author of a spec is not its only approver", async () => {
  const files = {
    "spec-guard.yaml": policy,
    [specPath]: approved(),
    "src/retry/spec-guard.yaml": "version: 1\nmax_review_age_days: 5\n",
  };
  const { git, base } = await repository(files);
  expect(await judge({ git, base, paths: ["src/retry/a.ts"] })).toContain("10 days ago, the limit is 5");
  const own = approved({ body: "mine\n" }).replace("ana@example.com", "a@b");
  const later = await commit(git, { [specPath]: own, "src/retry/spec-guard.yaml": "version: 1\n" });
  expect(await judge({ git, base: later, paths: ["src/retry/a.ts"] })).toContain("approved only by a@b, who wrote it");
});

test("a broken policy refuses everything, saying where it is broken", async () => {
  const { git, base } = await repository({ "spec-guard.yaml": "version: 1\ncontrolled:\n  - path: [src/**]\n" });
  expect(await judge({ git, base, paths: ["README.md"] })).toContain(
    "spec-guard.yaml:3: controlled.0.path: unknown field; known are paths, specs",
  );
});

test.each([
  ["version: 1\nspecs: .\n", "spec-guard.yaml:2: specs: expected a plain folder"],
  [
    "version: 1\ncontrolled:\n  - {paths: [a], specs: all}\n",
    "spec-guard.yaml:3: controlled.0.specs: expected `any` or a list of spec ids",
  ],
  ["version: 1\ncontrolled:\n  - paths: [src/]\n", "spec-guard.yaml:3: controlled.0.paths.0: the glob"],
  ["version: 1\napprovals: {low: []}\n", "spec-guard.yaml:2: approvals.low: at least one role"],
])("the policy %j is refused", async (text, message) => {
  const { git, base } = await repository({ "spec-guard.yaml": text });
  expect(await judge({ git, base })).toContain(message);
});

test("a commit that does not exist refuses", async () => {
  const { git } = await repository({});
  expect(await judge({ git, base: "0".repeat(40), paths: ["a"] })).toContain("spec/no-evidence");
});

test("a glob of a plan stands for the files of the base, and a changed path only for itself", async () => {
  const files = {
    "spec-guard.yaml": policy,
    "src/a.ts": "",
    "src/deep/b.ts": "",
    "docs/c.md": "",
    "src/[id].ts": "",
    "src/i.ts": "",
  };
  const { git, base } = await repository(files);
  const request = { git, base, today, linked: [] };
  expect((await collectSpecEvidence({ ...request, paths: [], globs: ["src/**/*.ts", "new.ts"] })).paths.sort()).toEqual(
    ["new.ts", "src/[id].ts", "src/a.ts", "src/deep/b.ts", "src/i.ts"],
  );
  expect((await collectSpecEvidence({ ...request, paths: ["src/[new].ts", "a(b|c)"] })).paths).toEqual([
    "src/[new].ts",
    "a(b|c)",
  ]);
  expect(await judge({ git, base, globs: ["docs/**"] })).toBe("pass");
  expect(await judge({ git, base, globs: ["**/*.ts"] })).toContain("src/deep/b.ts is controlled");
});

test("specs lie anywhere below the policy's folder, and only Markdown counts", async () => {
  const files = {
    "spec-guard.yaml": `${policy}specs: docs/specs\n`,
    "docs/specs/deep/er/x.md": approved(),
    "docs/specs/notes.txt": "no spec",
    "docs/specsheet.md": "no spec",
  };
  const { git, base } = await repository(files);
  const evidence = await collectSpecEvidence({ git, base, today, linked: [], paths: ["src/retry/a.ts"] });
  expect(evidence.specs.map((spec) => spec.path)).toEqual(["docs/specs/deep/er/x.md"]);
  expect(specGate.decide(evidence)).toEqual({ decision: "pass" });
});
