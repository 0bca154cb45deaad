import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import { createPipelinePlayground, node } from "../support/pipeline-playground.ts";
import { allBytes, payloadsOf, tellRun } from "../support/playground.ts";
import { processesWith, untilProcesses } from "../support/processes-with.ts";

const isLinux = process.platform === "linux";

test("each command is on record with its process before it runs, and with its outcome after", async () => {
  const playground = createPipelinePlayground([
    { name: "first", argv: node("console.log('one'.repeat(400))") },
    { name: "second", argv: ["true"] },
  ]);
  const handle = await playground.start();
  const manifest = await handle.finished();
  const { runs } = await playground.orchestrator();
  const events = await runs.events(handle.key);
  expect(events.map(({ event }) => event)).toEqual([
    "run_created",
    "lease_acquired",
    "command_started",
    "command_finished",
    "command_started",
    "command_finished",
    "gate_passed",
    "run_finished",
  ]);
  expect([manifest.status, standings(manifest)]).toEqual(["passed", ["first passed 0", "second passed 0"]]);
  expect(manifest.pipeline?.guardrails).toEqual({ required: 2, present: 2, passed: 2, summary: "2 of 2 passed" });
  const output = manifest.pipeline?.commands[0]?.output;
  expect(output).toMatchObject({ bytes: 1201, truncated: false, tail: expect.stringMatching(/^(?:one|ne|e)/) });
  expect((await runs.readBlob(handle.key, output?.blob_sha256 ?? ""))?.toString()).toBe(`${"one".repeat(400)}\n`);
  if (isLinux) expect(payloadsOf(events, "command_started")[0]?.process).toMatch(/^pid=\d+ host=/);
  expect(await playground.problems(handle.key)).toEqual([]);
  expect(existsSync(join(playground.cacheDir, "pipelines", handle.key.runId))).toBe(false);
});

test("after a command that did not pass the rest is skipped, and the summary names the command to run next", async () => {
  const playground = createPipelinePlayground([
    { name: "fails", argv: ["false"] },
    { name: "never", argv: ["touch", "never"] },
  ]);
  const manifest = await (await playground.start()).finished();
  expect(standings(manifest)).toEqual(["fails failed 1", "never skipped null"]);
  expect([manifest.status, manifest.status_detail]).toEqual([
    "refused",
    "fails failed, never skipped; run next: false",
  ]);
  expect(manifest.gates.map(({ verdict }) => verdict.decision)).toEqual(["refuse"]);
  expect(existsSync(join(playground.repository, "never"))).toBe(false);
});

test("with keep_going every command runs, and one that failed still refuses the run", async () => {
  const playground = createPipelinePlayground(
    [
      { name: "fails", argv: ["false"] },
      { name: "passes", argv: ["true"] },
    ],
    { keepGoing: true },
  );
  const manifest = await (await playground.start()).finished();
  expect([manifest.status, ...standings(manifest)]).toEqual(["refused", "fails failed 1", "passes passed 0"]);
});

test("a required command that is missing refuses the run and points to doctor; one that is not required does not", async () => {
  const missing = { argv: ["no-such-program"] };
  const required = createPipelinePlayground([{ name: "guard", ...missing }]);
  const refused = await (await required.start()).finished();
  expect([refused.status, refused.pipeline?.next_command]).toEqual(["refused", ["codex-orchestrator", "doctor"]]);
  expect(refused.pipeline?.commands[0]).toMatchObject({ status: "missing", attempts: 0 });
  const optional = createPipelinePlayground([
    { name: "guard", ...missing, required: false },
    { name: "works", argv: ["true"] },
  ]);
  expect((await (await optional.start()).finished()).status).toBe("passed");
});

test("the default pipeline runs the repository's own test and refuses without a guard", async () => {
  const playground = createPipelinePlayground([{ name: "x", argv: ["true"] }], {
    files: {
      "package.json": '{ "name": "p", "version": "1.0.0", "scripts": { "test": "node --test a.test.js" } }\n',
      "a.test.js": 'require("node:test").test("works", () => {});\n',
      ".gitignore": ".runs/\n",
    },
  });
  const manifest = await (await (await playground.pipelines()).start({})).finished();
  expect([manifest.task_id, manifest.status]).toEqual(["pipeline-diagnostics", "refused"]);
  expect(manifest.pipeline?.commands.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "build missing",
    "lint missing",
    "test passed",
    "spec-guard missing",
  ]);
});

test("a report that an earlier command left is never read: who writes none has not passed", async () => {
  const run =
    'test -e .runs/once || printf "TAP version 13\\nok 1 - a\\n1..1\\n" > "$1"; mkdir -p .runs; touch .runs/once; ls "$(dirname "$1")"';
  const config = `version: 1
adapters:
  - kind: command
    root: .
    commands:
      test: { argv: [sh, -c, '${run}', sh, "{report}"], report: { format: tap } }
`;
  const playground = createPipelinePlayground(
    [
      { name: "first", check: "test" },
      { name: "second", check: "test" },
    ],
    { files: { "orchestrator.config.yaml": config, ".gitignore": ".runs/\n" }, keepGoing: true },
  );
  const manifest = await (await playground.start()).finished();
  expect(manifest.pipeline?.commands.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "first passed",
    "second failed",
  ]);
});

test("a failing command is tried again as often as declared, with a growing wait on record", async () => {
  const script =
    "const f='tries';const n=fs.existsSync(f)?+fs.readFileSync(f):0;fs.writeFileSync(f,String(n+1));process.exit(n<2?3:0)";
  const playground = createPipelinePlayground([{ name: "flaky", argv: node(script), retries: 2, retry_delay_ms: 20 }]);
  const handle = await playground.start();
  const manifest = await handle.finished();
  expect([manifest.status, manifest.pipeline?.commands[0]?.attempts]).toEqual(["passed", 3]);
  const { runs } = await playground.orchestrator();
  const waits = payloadsOf(await runs.events(handle.key), "command_finished").map(({ retry_in_ms }) => retry_in_ms);
  const [first, second, third] = waits;
  expect(first).toSatisfy((ms: number) => ms >= 10 && ms <= 20);
  expect(second).toSatisfy((ms: number) => ms >= 20 && ms <= 40);
  expect(third).toBeNull();
});

test.skipIf(!isLinux)(
  "at its timeout a command that ignores SIGTERM ends, with a grandchild in a session of its own",
  async () => {
    const mark = `stubborn-${process.pid}-${Date.now()}`;
    const wait = "process.on('SIGTERM',()=>{});setInterval(()=>{},1000)";
    const spawn = `require('child_process').spawn(process.execPath,['-e',${JSON.stringify(wait)},'${mark}-grandchild'],{detached:true,stdio:'ignore'}).unref()`;
    const argv = [...node(`${spawn};${wait}`), `${mark}-child`];
    const playground = createPipelinePlayground([{ name: "stubborn", argv, timeout_ms: 400 }]);
    const handle = await playground.start();
    await untilProcesses(`${mark}-grandchild`, 2);
    const manifest = await handle.finished();
    expect(processesWith(mark)).toBe(0);
    expect([manifest.status, ...standings(manifest)]).toEqual(["refused", "stubborn timed_out null"]);
  },
);

test.skipIf(!isLinux)("what a command leaves behind in another process group is ended when it ends", async () => {
  const mark = `left-${process.pid}-${Date.now()}`;
  const playground = createPipelinePlayground([
    { name: "leaves", argv: ["sh", "-c", `setsid sh -c 'sleep 60; : ${mark}' >/dev/null 2>&1 & sleep 0.2`] },
  ]);
  const handle = await playground.start();
  expect((await handle.finished()).status).toBe("passed");
  expect(processesWith(mark)).toBe(0);
});

test("a stopped runner leaves its command interrupted; resume runs it again, unless it is marked once", async () => {
  for (const once of [false, true]) {
    const script =
      "fs.appendFileSync('runs','x');if(!fs.existsSync('go')){fs.writeFileSync('go','');setTimeout(()=>{},60_000)}";
    const playground = createPipelinePlayground([{ name: "slow", argv: node(script), once }]);
    const stop = new AbortController();
    const handle = await playground.start(stop.signal);
    while (!existsSync(join(playground.repository, "go"))) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await expect(handle.finished()).rejects.toMatchObject({ code: "aborted" });
    const manifest = await (await (await playground.pipelines()).resume(handle.key.runId)).finished();
    expect([manifest.status, ...standings(manifest)]).toEqual(
      once ? ["refused", "slow interrupted null"] : ["passed", "slow passed 0"],
    );
    expect(readFileSync(join(playground.repository, "runs"), "utf8")).toBe(once ? "x" : "xx");
    expect(await playground.problems(handle.key)).toEqual([]);
  }
});

test("a cancel ends the command under way and the run; a pause waits for the end of the command", async () => {
  const slow = createPipelinePlayground([
    { name: "slow", argv: node("setTimeout(()=>{},60_000)") },
    { name: "b", argv: ["true"] },
  ]);
  const cancelled = await slow.start();
  for await (const { event } of cancelled.events) if (event === "command_started") break;
  await cancelled.cancel("enough");
  const manifest = await cancelled.finished();
  expect([manifest.status, ...standings(manifest)]).toEqual(["cancelled", "slow interrupted null", "b skipped null"]);

  const short = createPipelinePlayground([
    { name: "a", argv: ["sleep", "0.5"] },
    { name: "b", argv: ["true"] },
  ]);
  const paused = await short.start();
  await paused.pause();
  expect((await paused.finished()).status).toBe("paused");
  await tellRun(await short.orchestrator(), paused.key, "resume");
  const resumed = await (await short.orchestrator()).resume(paused.key.runId);
  expect((await resumed.finished()).status).toBe("passed");
});

test("a secret that a command prints is in no file of its run, and one in a command line is refused", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const script = 'echo "$API_TOKEN"; printf %s "$API_TOKEN" | base64; exit 1';
  const playground = createPipelinePlayground([{ name: "leaks", argv: ["sh", "-c", script], env: ["API_TOKEN"] }]);
  const pipelines = await playground.pipelines({}, { API_TOKEN: secret });
  const handle = await pipelines.start({ name: "own" });
  const manifest = await handle.finished();
  expect(manifest.pipeline?.commands[0]?.output?.tail).toMatch(/\[redacted:.*\n.*\[redacted:/);
  const written = allBytes(playground.runFolder(handle.key)).map(({ text }) => text);
  expect(written.filter((text) => text.includes(secret) || text.includes(btoa(secret).slice(0, 20)))).toEqual([]);
  await expect(pipelines.start({ commands: [`echo ${secret}`] })).rejects.toMatchObject({ code: "usage" });
});

function standings({ pipeline }: RunManifest): readonly string[] {
  return (pipeline?.commands ?? []).map(({ name, status, exit_code }) => `${name} ${status} ${exit_code}`);
}
