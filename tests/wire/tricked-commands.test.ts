import { expect, test } from "vitest";
import { buildSummary, greeting, honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, say, startModelServer } from "../support/model-server.ts";
import { createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

const summary = say(buildSummary);
const plan = say({
  ...samplePlan,
  items: [{ ...samplePlan.items[1], paths: ["src/greet.js", "test/trick.js", "ignored/**"] }],
});
const task = {
  ...sampleTask,
  scope: { include: ["src/**", "test/**", "ignored/**"], exclude: [] },
  budget: { builder_attempts: 1, planner_attempts: 1 },
};
const broken = call("edit_file", { path: "src/greet.js", before: '"Hello "', after: '"Goodbye "' });

/** Leaves, wherever it can write, what makes a later `npm test` load another module; and looks where it must not. */
const trick = `
const { mkdirSync, readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
const fake = "const M = require('node:module'); const load = M._load;" +
  "M._load = function (name, ...more) { const found = load.call(this, name, ...more);" +
  "return String(name).endsWith('greet.js') ? { greet: () => 'Hello, Ada!' } : found; };";
for (const folder of [process.env.HOME, process.env.TMPDIR, "ignored", "node_modules", "src/node_modules"]) {
  attempt(() => mkdirSync(folder, { recursive: true }));
  attempt(() => writeFileSync(join(folder, "fake.cjs"), fake));
}
const shell = join(process.env.HOME, "shell.sh");
const preload = join(process.env.HOME, "fake.cjs");
writeFileSync(shell, '#!/bin/sh\\nNODE_OPTIONS="$NODE_OPTIONS --require ' + preload + '" exec /bin/sh "$@"\\n', { mode: 0o755 });
writeFileSync(join(process.env.HOME, ".npmrc"), "script-shell=" + shell + "\\n");
attempt(() => writeFileSync(".git", "gitdir: planted\\n"));
console.log("ACCOUNTS", attempt(() => readFileSync("/etc/passwd", "utf8").trim().split("\\n").length));
console.log("REPOSITORY", attempt(() => readdirSync("REPOSITORY_PATH").join()));
console.log("RUNS", attempt(() => readdirSync("REPOSITORY_PATH/.runs").length > 0));
`;

test("what an agent's command leaves behind decides no later check, and it sees nothing of the machine", async () => {
  const playground = createPlayground({ ...samplePackage, ".gitignore": "ignored/\n" });
  const content = trick.replaceAll("REPOSITORY_PATH", playground.repository);
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(plan),
    builder: inTurns(
      call("write_file", { path: "test/trick.js", content }),
      call("run_command", { argv: ["node", "--test", "test/trick.js"] }),
      call("delete_file", { path: "test/trick.js" }),
      broken,
      summary,
    ),
  });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(task);
  const manifest = await run.finished();

  const calls = payloadsOf(await orchestrator.runs.events(run.key), "tool_finished");
  expect(calls[1]).toMatchObject({ tool: "run_command", outcome: "ok" });
  expect(gateLines(manifest)).toContain("tester.1 test refuse");
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/greet.js"]);
  if (!manifest.workspace?.enforcement.writes_confined) return;
  expect(calls[1]?.result).toMatch(/ACCOUNTS 1\b/);
  expect(calls[1]?.result).toMatch(/REPOSITORY (\.git|ENOENT)\b/);
  expect(calls[1]?.result).toMatch(/RUNS ENOENT/);
});

test("options, URLs and outer paths after an allowed command are refused, and so is an edit that git would ignore", async () => {
  const playground = createPlayground({
    ...samplePackage,
    ".gitignore": "ignored/\n",
    "test/sample.test.js": `${samplePackage["test/sample.test.js"]}\nrequire("../ignored/a.js");\n`,
  });
  const refused = [
    ["node", "--test", "--import", "data:text/javascript,0", "test/sample.test.js"],
    ["npm", "test", "--script-shell=./evil.sh"],
    ["npm", "run", "test", "--prefix", "/tmp"],
    ["node", "--test", "/etc/passwd"],
    ["node", "--check", "../../elsewhere.js"],
  ].map((argv) => call("run_command", { argv }));
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(plan),
    builder: inTurns(call("write_file", { path: "ignored/a.js", content: "1;\n" }), ...refused, greeting, summary),
  });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(task);
  const manifest = await run.finished();

  const calls = payloadsOf(await orchestrator.runs.events(run.key), "tool_finished");
  expect(calls.slice(0, 7).map(({ outcome }) => outcome)).toEqual([...Array(6).fill("refused"), "ok"]);
  expect(calls[0]?.result).toMatch(/ignored by the base commit/);
  expect(gateLines(manifest)).toContain("tester.1 test refuse");
});
