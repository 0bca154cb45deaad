import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../support/command-run.ts";
import { buildSummary, greeting, honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, say, startModelServer } from "../support/model-server.ts";
import { allBytes, createPlayground, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";

const onlyGreeting = { ...samplePlan, items: samplePlan.items.filter(({ id }) => id === "comma") };
const done = say(buildSummary);

test("a builder that misuses its tools is told why each time, changes nothing by it, and can still do its work", {
  timeout: 120_000,
}, async () => {
  const playground = createPlayground(withPolicy("protected_paths: [test/**]\n  limits: { turns_per_step: 40 }"));
  const edit = (path: string) => call("edit_file", { path, before: "a", after: "b" });
  const twoFiles =
    '--- a/src/greet.js\n+++ b/src/greet.js\n@@ -1 +1 @@\n-exports.greet = (name) => "Hello " + name;\n+x\n' +
    "--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# sample\n+# changed\n";
  const misuses = [
    { said: call("edit_file", '{"path": "src/greet.js", '), answer: /not JSON/ },
    { said: call("edit_file", { path: 7, before: "a", after: "b" }), answer: /path: .*expected string/ },
    { said: call("edit_file", { file: "src/greet.js" }), answer: /Unrecognized key|expected string/ },
    { said: call("edit_file", "[]"), answer: /arguments/ },
    { said: call("deploy_to_production", { now: true }), answer: /no tool 'deploy_to_production'/ },
    { said: call("run_check", { goal: "test" }), answer: /no tool 'run_check'/ },
    { said: edit("README.md"), answer: /README\.md is outside the scope/ },
    { said: edit("src/count.js"), answer: /src\/count\.js is in no item of the plan/ },
    { said: edit("test/sample.test.js"), answer: /test\/sample\.test\.js is protected/ },
    { said: edit("TEST/sample.test.js"), answer: /protected|outside/ },
    { said: edit(".github/workflows/ci.yml"), answer: /protected/ },
    { said: edit(".git/config"), answer: /protected|plain path/ },
    { said: edit("src/../README.md"), answer: /not a plain path/ },
    { said: edit("/etc/passwd"), answer: /not a plain path/ },
    { said: edit("src/greet.js"), answer: /more than once|stands/ },
    { said: call("write_file", { path: "src/new.js", content: "1;\n" }), answer: /in no item of the plan/ },
    { said: call("delete_file", { path: "package.json" }), answer: /outside the scope/ },
    { said: call("apply_diff", { diff: twoFiles }), answer: /README\.md is outside the scope/ },
    { said: call("apply_diff", { diff: "no diff at all" }), answer: /holds no unified diff/ },
    { said: call("apply_diff", { diff: otherPrefix }), answer: /a\/src\/greet\.js is outside the scope/ },
    { said: call("apply_diff", { diff: onlyMode }), answer: /README\.md is outside the scope/ },
    { said: call("apply_diff", { diff: emptyFile }), answer: /evil\.js is outside the scope/ },
    { said: call("apply_pattern", { pattern: "make-it-good", paths: ["**"] }), answer: /no pattern 'make-it-good'/ },
    { said: call("run_command", { argv: ["rm", "-rf", "/"] }), answer: /'rm -rf \/' is not allowed/ },
    {
      said: call("run_command", { argv: ["node", "--test", "--import", "data:text/javascript,0"] }),
      answer: /is not allowed/,
    },
    { said: call("run_command", { argv: ["npm", "test", "--prefix", "/tmp"] }), answer: /is not allowed/ },
    { said: call("run_command", { argv: ["cat", `${playground.repository}/.runs/README.md`] }), answer: /not allowed/ },
  ];
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say(onlyGreeting)),
    builder: inTurns(misuses[0]?.said ?? done, ...misuses.slice(1).map(({ said }) => said), greeting, done),
  });
  const { exit, verified, manifest, events, stderr } = await commandLine(playground, server).run();

  expect([exit, verified], manifest.status_detail + stderr).toEqual([0, 0]);
  const calls = payloadsOf(events, "tool_finished").filter(({ step_id }) => step_id === "builder.1");
  const answers = calls.slice(0, -1);
  expect(answers.map(({ outcome }) => outcome)).toEqual(misuses.map(() => "refused"));
  answers.forEach(({ result }, index) => {
    expect(result).toMatch(misuses[index]?.answer ?? /^$/);
  });
  expect(calls.at(-1)).toMatchObject({ tool: "edit_file", outcome: "ok" });
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/greet.js"]);
  expect(manifest.steps[1]).toMatchObject({ step_id: "builder.1", tool_calls: misuses.length + 1 });
});

const goodDiff = `--- a/src/greet.js
+++ b/src/greet.js
@@ -1 +1 @@
-exports.greet = (name) => "Hello " + name;
+exports.greet = (name) => "Hello, " + name;
`;
const otherPrefix = "--- /dev/null\n+++ a/src/greet.js\n@@ -0,0 +1 @@\n+1;\n";
const onlyMode = `${goodDiff}diff --git a/README.md b/README.md\nold mode 100644\nnew mode 100755\n`;
const emptyFile = `diff --git a/evil.js b/evil.js\nnew file mode 100755\ndiff --git a/src/greet.js b/src/greet.js\n${goodDiff}`;

test("a planner that tries to read what is not the repository's gets nothing of it", async () => {
  const canary = "the-canary-outside";
  const places = [
    ".runs/README.md",
    ".git/config",
    ".git/HEAD",
    "/etc/passwd",
    "../../etc/passwd",
    "../home/canary.txt",
    "src/../../home/canary.txt",
    "src/out.txt",
    "src/etc/passwd",
    "/proc/self/environ",
    "no/such/file.js",
    "src",
  ];
  const outside = createPlayground({ "canary.txt": `${canary}\n` });
  const playground = createPlayground({
    ...samplePackage,
    "src/out.txt": { link: `${outside.repository}/canary.txt` },
    "src/etc": { link: "/etc" },
  });
  const read = (path: string) => call("read_file", { path, from_line: null });
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(
      read(places[0] ?? ""),
      ...places.slice(1).map(read),
      call("search_text", { text: canary, glob: null }),
      call("list_files", { glob: "**/*" }),
      say(samplePlan),
    ),
  });
  const { exit, verified, manifest, events, stderr } = await commandLine(playground, server).run();

  expect([exit, verified], manifest.status_detail + stderr).toEqual([0, 0]);
  const calls = payloadsOf(events, "tool_finished").filter(({ step_id }) => step_id === "planner.1");
  expect(calls.slice(0, places.length).map(({ outcome, result }) => [outcome, result.slice(0, 8)])).toEqual(
    places.map(() => ["refused", "refused:"]),
  );
  expect(calls[places.length]?.result).toBe("nothing found");
  expect(calls[places.length + 1]?.result).not.toMatch(/\.git\/|\.runs/);
  expect(manifest.status).toBe("passed");
  const kept = [...allBytes(join(playground.repository, ".runs")).map(({ text }) => text), ...bodiesOf(server)];
  expect(kept.filter((text) => text.includes("root:x:0") || new RegExp(`"[^"]*${canary}\\n`).test(text))).toEqual([]);
});

test("a planner that never stops calling tools is ended by its turns, and after its last attempt a person is asked", async () => {
  const playground = createPlayground(withPolicy("limits: { turns_per_step: 4 }\n  budget: { planner_attempts: 2 }"));
  const server = await startModelServer({ ...honestTeam, planner: inTurns(call("list_files", { glob: null })) });
  const { exit, verified, manifest, events } = await commandLine(playground, server).run();

  expect([exit, verified, manifest.status]).toEqual([3, 0, "blocked"]);
  expect(payloadsOf(events, "step_failed").map(({ step_id }) => step_id)).toEqual(["planner.1", "planner.2"]);
  expect(payloadsOf(events, "run_blocked")).toMatchObject([{ on: "question" }]);
  expect(manifest.steps.map(({ step_id, status, tool_calls }) => [step_id, status, tool_calls])).toEqual([
    ["planner.1", "failed", 4],
    ["planner.2", "failed", 4],
  ]);
  expect(manifest.questions).toMatchObject([{ question: { kind: "stuck" }, answer: null }]);
  expect(server.requests().filter(({ role }) => role === "planner")).toHaveLength(8);
});

function withPolicy(policy: string): Record<string, string> {
  return { ...samplePackage, "orchestrator.config.yaml": `version: 1\npolicy:\n  ${policy}\n` };
}

function bodiesOf(server: { requests(): readonly { body: string }[] }): readonly string[] {
  return server.requests().map(({ body }) => body);
}
