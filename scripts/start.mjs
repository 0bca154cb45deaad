// Shows the main job: copies examples/legacy-service into a folder of its own, makes a git repository of it, has its spec approved, and lets
// the recipe model bring it up to today's conventions. Everything is real but the people: the approval is given by this script.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { parseSpecFile } from "../dist/orchestrator/evidence/spec-file.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/bin/codex-orchestrator.mjs");
const task = "tasks/0001-modernise.md";
const spec = "tasks/specs/0001-modernise.md";

const repository = mkdtempSync(join(tmpdir(), "codex-orchestrator-example-"));
cpSync(join(root, "examples/legacy-service"), repository, { recursive: true });
approveSpec(join(repository, spec));
makeRepository(repository);
console.log(`A legacy service of 10 modules and 26 tests is now a git repository in\n  ${repository}\n`);

const status = orchestrate("run", "--task", task, "--repo", repository);
console.log("\nWhat a reviewer reads first:\n");
orchestrate("runs", "show", "latest", "--repo", repository);
printNextSteps();
process.exitCode = status;

/** Gives the spec the approval that its policy asks for, of the day on which this runs. */
function approveSpec(file) {
  const text = readFileSync(file, "utf8");
  const [, yaml, body] = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(text) ?? [];
  const today = new Date().toISOString().slice(0, 10);
  const frontMatter = parseDocument(yaml);
  frontMatter.set("status", "approved");
  frontMatter.set("last_review", today);
  const approval = { role: "engineering", who: "reviewer@example.invalid", date: today };
  frontMatter.set("approvals", [{ ...approval, spec_sha256: parseSpecFile(text, spec).spec_sha256 }]);
  writeFileSync(file, `---\n${frontMatter.toString()}---\n${body}`);
}

function makeRepository(folder) {
  const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.invalid"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const steps = [
    ["-c", "init.defaultBranch=main", "init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "--message", "The service as it has grown"],
  ];
  for (const args of steps) {
    const { status, error, stderr } = spawnSync("git", args, { cwd: folder, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
}

/** Runs the built CLI with the terminal as it is. Gives its exit code. */
function orchestrate(...args) {
  const { status, error } = spawnSync(process.execPath, [cli, ...args], { cwd: repository, stdio: "inherit" });
  if (error) throw error;
  return status ?? 1;
}

function printNextSteps() {
  const command = (...args) => `  node ${quoted(cli)} ${args.join(" ")} --repo ${quoted(repository)}`;
  const lines = [
    "",
    "Where to look next (paste any of these):",
    command("runs", "diff", "latest"),
    command("runs", "verify", "latest"),
    command("runs", "list"),
    command("runs", "apply", "latest"),
    "",
    `The record of the run is under ${join(repository, ".runs")}; its README is ${join(root, ".runs/README.md")}.`,
    `Remove ${repository} when you have seen enough.`,
  ];
  console.log(lines.join("\n"));
}

/** A path as a shell takes it. */
function quoted(path) {
  return /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
