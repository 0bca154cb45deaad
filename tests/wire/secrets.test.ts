import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BuilderInput } from "../../orchestrator/schema/handoff.ts";
import { buildSummary, greeting, honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, type Script, say, startModelServer } from "../support/model-server.ts";
import { allBytes, createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

const onlyGreeting = { ...samplePlan, items: samplePlan.items.filter(({ id }) => id === "comma") };
const oneTry = { ...sampleTask, budget: { builder_attempts: 1, planner_attempts: 1 } };
/** In the form of a cloud key, and put together here so that no scanner takes this file for a leak. */
const cloudKey = ["AKIA", "Q3EGTWZ5", "N7XJ4KPB"].join("");

test("a secret of the environment that files and tests of the repository give away reaches neither the record nor the model", async () => {
  const secret = "correct horse/battery+42";
  const playground = createPlayground({
    ...samplePackage,
    "src/config.json": JSON.stringify({ token: secret }),
    "test/sample.test.js": `
const { test } = require("node:test");
const { token } = require("../src/config.json");
test("leaks " + token, () => {
  console.log("log: " + token, encodeURIComponent(token), Buffer.from(token).toString("base64"));
  throw new Error("thrown: " + token);
});
`,
  });
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(
      call("read_file", { path: "src/config.json", from_line: null }),
      call("search_text", { text: "token", glob: null }),
      say(onlyGreeting),
    ),
    builder: inTurns(greeting, call("run_command", { argv: ["npm", "test"] }), say(buildSummary)),
  });
  const orchestrator = await playground.onWire(server, {}, { DEPLOY_TOKEN: secret });
  const run = await orchestrator.run(oneTry);
  const manifest = await run.finished();

  expect(gateLines(manifest)).toContain("tester.1 test refuse");
  const results = payloadsOf(await orchestrator.runs.events(run.key), "tool_finished").map(({ result }) => result);
  expect(results.filter((result) => result.includes("[redacted:DEPLOY_TOKEN]")).length).toBeGreaterThanOrEqual(4);
  const kept = allBytes(join(playground.repository, ".runs"));
  expect(kept.length).toBeGreaterThan(3);
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    base64(secret),
    "horse/battery",
  ];
  const shown = [
    ...kept,
    ...server.requests().map(({ role, body }) => ({ path: `request of the ${role}`, text: body })),
  ];
  expect(shown.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ path }) => path)).toEqual([]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a credential in what a model says is replaced before it is recorded, and the run goes on", async () => {
  const playground = createPlayground();
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say({ ...onlyGreeting, summary: `Use ${cloudKey} for the cloud.` })),
    builder: inTurns(greeting, say({ ...buildSummary, summary: `Done with ${cloudKey}.` })),
  });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const manifest = await run.finished();
  expect(manifest.status).toBe("passed");
  expect(manifest.plan_summary).toMatch(/^Use \[redacted:.*\] for the cloud\.$/);
  const kept = allBytes(join(playground.repository, ".runs"));
  expect(kept.filter(({ text }) => text.includes(cloudKey)).map(({ path }) => path)).toEqual([]);
  expect(server.requests().filter(({ body }) => body.includes(cloudKey))).toEqual([]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a credential that a builder puts together in a file is refused by the secrets gate without being shown, and taken out again", async () => {
  const half = call("write_file", { path: "src/greet.js", content: `exports.key = "${cloudKey.slice(0, 10)}?";\n` });
  const rest = call("edit_file", { path: "src/greet.js", before: '?"', after: `${cloudKey.slice(10)}"` });
  const clean = call("write_file", { path: "src/greet.js", content: 'exports.greet = (name) => "Hello, " + name;\n' });
  const builder: Script = (asked) => {
    const { findings } = BuilderInput.parse(asked.document);
    return findings.length === 0
      ? inTurns(half, rest, say(buildSummary))(asked)
      : inTurns(clean, say(buildSummary))(asked);
  };
  const playground = createPlayground();
  const server = await startModelServer({ ...honestTeam, planner: inTurns(say(onlyGreeting)), builder });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const manifest = await run.finished();

  expect(gateLines(manifest).filter((line) => line.includes("secrets"))).toEqual([
    "builder.1 secrets refuse",
    "builder.2 secrets pass",
  ]);
  const [refusal] = payloadsOf(await orchestrator.runs.events(run.key), "gate_refused");
  expect(refusal?.verdict).toMatchObject({ findings: [{ path: "src/greet.js", line: 1 }] });
  expect(manifest.status).toBe("passed");
  const kept = allBytes(join(playground.repository, ".runs"));
  expect(kept.filter(({ text }) => text.includes(cloudKey)).map(({ path }) => path)).toEqual([]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a builder that writes a whole credential is refused, since what reaches its tool is the placeholder of a secret", async () => {
  const playground = createPlayground();
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say(onlyGreeting)),
    builder: inTurns(
      call("write_file", { path: "src/greet.js", content: `exports.key = "${cloudKey}";\n` }),
      call("edit_file", { path: "src/greet.js", before: '"Hello "', after: `"${cloudKey}"` }),
      call("apply_diff", {
        diff: `--- a/src/greet.js\n+++ b/src/greet.js\n@@ -1 +1 @@\n-exports.greet = (name) => "Hello " + name;\n+exports.key = "${cloudKey}";\n`,
      }),
      say(buildSummary),
    ),
  });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(oneTry);
  const manifest = await run.finished();
  const calls = payloadsOf(await orchestrator.runs.events(run.key), "tool_finished");
  expect(calls.map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
    "write_file refused",
    "edit_file refused",
    "apply_diff refused",
  ]);
  expect(calls[0]?.result).toMatch(/credential/);
  expect(manifest.status).toBe("blocked");
  expect(manifest.change?.paths).toEqual([]);
});

test("the commit and the bundle of a run hold nothing of the environment's secrets", async () => {
  const secret = "correct-horse-battery-43";
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  const orchestrator = await playground.onWire(server, {}, { DEPLOY_TOKEN: secret });
  const run = await orchestrator.run({ ...sampleTask, title: `Tidy up with ${secret}` });
  const manifest = await run.finished();
  expect(manifest.task.title).toBe("Tidy up with [redacted:DEPLOY_TOKEN]");
  const bundle = join(playground.runFolder(run.key), "change.bundle");
  execFileSync("git", ["fetch", "--quiet", bundle, "+refs/heads/*:refs/heads/*"], { cwd: playground.repository });
  const message = execFileSync("git", ["log", "-1", "--format=%B", manifest.commit ?? ""], {
    cwd: playground.repository,
  });
  expect(message.toString()).toContain("[redacted:DEPLOY_TOKEN]");
  expect(message.toString()).not.toContain(secret);
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
