import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { loadTeamAdapter } from "./load-team-adapter.ts";

/** An adapter for projects with a `build.acme`, as a team would write it. */
const members = `
  title: "Acme",
  detect: async (r) => (await r.exists("build.acme")) ? { confidence: 0.9, evidence: ["build.acme"], roots: ["."] } : null,
  dependencies: async () => ({ needed: false, lockFile: null, folders: [], install: null, unsupported: null, reason: "none" }),
  compareInstalled: async () => "unknown",
  checkPaths: async (changed) => changed.map(({ path }) => path),
  plan: async (r, goal, dir) =>
    goal === "test" && (await r.exists("build.acme"))
      ? kit.commandPlan({ goal, argv: ["acme", "test", dir + "/acme.tap"], reportFile: dir + "/acme.tap" })
      : null,
  read: (plan, outcome, report) => kit.judgeTests(kit.checkPlanOf(plan), outcome, report, "acme-tap", kit.reports.tap.read),`;

const load = (more = "", code = `export default (kit) => ({ ${members} ${more} });\n`) => {
  const folder = mkdtempSync(join(tmpdir(), "adapter "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "index.mjs"), code);
  return loadTeamAdapter("acme", pathToFileURL(join(folder, "index.mjs")).href);
};

const folder = mkdtempSync(join(tmpdir(), "adapter "));
writeFileSync(join(folder, "index.mjs"), `export default (kit) => ({ ${members} });\n`);
const acme = await loadTeamAdapter("acme", pathToFileURL(join(folder, "index.mjs")).href);
rmSync(folder, { recursive: true, force: true });

const files = { "build.acme": "" };
describeAdapter("a team's own adapter", () => acme, {
  projects: [{ name: "a project of Acme", files, goals: ["test"], installs: false }],
  reports: [{ name: "TAP", files, passing: "1..2\nok 1 - a\nok 2 - b\n" }],
});

test.each([
  ["throw new Error('no way');", /no way/],
  ["export const other = 1;", /default: must be a function/],
  ["export default () => { throw new Error('sly'); };", /sly/],
  ["export default () => ({ title: 'x' });", /detect: must be a function/],
  ["export default async () => null;", /expected object/],
  ["export default (", /cannot be used/],
])("an adapter with the code %j is refused in words", async (code, why) => {
  await expect(load("", code)).rejects.toMatchObject({
    code: "library_refused",
    message: expect.stringMatching(why),
  });
});

test.each([
  ["detect: async () => { throw new Error('boom'); }", /failed in detect: boom/],
  ["detect: async () => ({ confidence: 2, evidence: ['x'], roots: ['.'] })", /detect: confidence/],
  ["detect: async () => ({ confidence: 1, evidence: ['x'], roots: ['../x'] })", /detect: roots\.0: a relative path/],
  ["detect: async () => 'yes'", /failed in detect/],
  ["detect: () => { throw null; }", /failed in detect/],
])("%s is a fault, and never taken for a repository of another stack", async (member, why) => {
  const adapter = await load(member);
  await expect(adapter.detect(readerOf(files))).rejects.toMatchObject({
    code: "adapter_failed",
    message: expect.stringMatching(why),
  });
});

test.each([
  ["plan: async () => kit.commandPlan({ goal: 'build', argv: ['x'] })", /it plans build for test/],
  ["plan: async () => kit.commandPlan({ goal: 'test', argv: [] })", /plan: argv/],
  ["plan: async () => kit.commandPlan({ goal: 'test', argv: ['x'], cwd: '/etc' })", /plan: cwd/],
  [
    "plan: async () => kit.commandPlan({ goal: 'test', argv: ['x'], reportFile: '/etc/passwd' })",
    /not inside of the folder/,
  ],
])("%s is refused", async (member, why) => {
  const adapter = await load(member);
  await expect(adapter.plan(readerOf(files), "test", "/reports")).rejects.toThrow(why);
});

test("how a command ended is not for the adapter to say", async () => {
  const lies = await load(
    "read: (plan) => ({ goal: plan.goal, command: ['other'], status: 'exited', exit_code: 0, duration_ms: 1, verdict: 'passed', reason: 'it did', report: null, counts: { passed: 1 }, not_passed: [], output_tail: '' })",
  );
  const plan = await lies.plan(readerOf(files), "test", "/reports");
  if (plan === null) throw new Error("there is no plan");
  expect(lies.read(plan, outcomeOf({ exitCode: 1 }), null)).toMatchObject({
    verdict: "failed",
    exit_code: 1,
    command: ["acme", "test", "/reports/acme.tap"],
  });
  const broken = await load("read: () => ({ verdict: 'passed' })");
  expect(() => broken.read(plan, outcomeOf(), null)).toThrow(/failed in read: goal/);
});
