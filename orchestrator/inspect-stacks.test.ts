import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectStacks } from "./compose.ts";

const adapter = `export default (kit) => ({
  title: "Acme",
  detect: async () => ({ confidence: 0.99, evidence: ["it is Acme"], roots: ["."] }),
  dependencies: async () => ({ needed: false, lockFile: null, folders: [], install: null, unsupported: null, reason: "none" }),
  compareInstalled: async () => "unknown",
  checkPaths: async () => [],
  plan: async (_, goal) => (goal === "build" ? kit.commandPlan({ goal, argv: ["acme"] }) : null),
  read: (plan, outcome) => kit.judgeExit(kit.checkPlanOf(plan), outcome),
});
`;

function repositoryWith(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "stack "));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: root, stdio: "pipe" });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  return {
    root,
    inspect: async () => (await inspectStacks(root, { ORCHESTRATOR_CACHE_DIR: join(root, ".git", "cache") }))[0],
  };
}

const manifest = { "package.json": '{"scripts":{"test":"node --test"}}' };
const config = (adapters: string) => ({ "orchestrator.config.yaml": `version: 1\nadapters:\n${adapters}` });
const commands = config(
  "  - kind: command\n    commands:\n      lint: { argv: [make, lint] }\n      test: { argv: [make, check], report: { format: tap, from: stdout } }\n",
);

test("commands of the last commit's configuration win over what would be detected", async () => {
  const { root, inspect } = repositoryWith({ ...manifest, ...commands });
  expect(await inspect()).toMatchObject({ adapter: "command", goals: ["lint", "test"] });
  writeFileSync(join(root, "orchestrator.config.yaml"), "version: 1\n");
  expect(await inspect()).toMatchObject({ adapter: "command" });
});

test("commands for another root do not count for this one", async () => {
  const elsewhere = commands["orchestrator.config.yaml"].replace("kind: command", "kind: command\n    root: ./web/");
  expect(await repositoryWith({ ...manifest, "orchestrator.config.yaml": elsewhere }).inspect()).toMatchObject({
    adapter: "javascript",
  });
});

test("a team's own adapter is used where its files have the pinned hash, and is a fault where not", async () => {
  const pin = (sha256: string) => config(`  - { kind: module, name: acme, from: ./tools/acme, sha256: "${sha256}" }\n`);
  const files = { "tools/acme/index.mjs": adapter };
  const wrong = repositoryWith({ ...manifest, ...files, ...pin("0".repeat(64)) });
  const fault: unknown = await wrong.inspect().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: "library_refused", message: expect.stringContaining("under adapters in") });
  const sha256 = /has the sha256 ([0-9a-f]{64})/.exec(String(fault))?.[1] ?? "";
  const right = repositoryWith({ ...manifest, ...files, ...pin(sha256) });
  expect(await right.inspect()).toMatchObject({ adapter: "acme", evidence: ["it is Acme"], goals: ["build"] });
});
