import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCliPlayground } from "./cli-playground.ts";

const files = { "README.md": "# r\n", ".gitignore": ".runs/\n" };

const Poll = z.object({
  run_id: z.string(),
  status: z.string(),
  stale: z.boolean(),
  is_active: z.boolean(),
  heartbeat_age_seconds: z.number().nullable(),
  commands: z.array(z.object({ name: z.string(), status: z.string() })),
  manifest_path: z.string(),
  resume: z.string().nullable(),
});

test("start runs given commands, says what failed, and names the command to run next", async () => {
  const cli = createCliPlayground(files);
  const { exit, stdout } = await cli.call("start", "--command", "true", "--command", "sh -c 'echo broken; exit 3'");
  expect(exit).toBe(1);
  expect(stdout).toContain("refused: sh-c-echo-broken-exit-3 failed; run next: sh -c echo broken; exit 3");
  expect(stdout).toMatch(/Next\n {2}sh -c 'echo broken; exit 3' +did not pass: run it by itself/);
  const shown = await cli.call("runs", "show", "latest");
  expect(shown.stdout).toMatch(/✓ {2}true +passed/);
  expect(shown.stdout).toMatch(/end of the output of sh-c-echo-broken-exit-3 \(7 B\)\n {4}broken/);
});

test("without a guard the default pipeline is refused and points to doctor, which says what is missing", async () => {
  const cli = createCliPlayground();
  const { exit, stdout } = await cli.call("start");
  expect(exit).toBe(1);
  expect(stdout).toMatch(/Next\n {2}codex-orchestrator doctor +says what is missing/);
  expect((await cli.call("doctor")).stdout).toMatch(/guardrails +spec-guard: there is no program spec-guard/);
});

test("doctor says of each pipeline what it lacks, and where a signing key must not lie", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const config =
    "version: 1\nsettings:\n  pipelines:\n    diagnostics: {commands: [{name: ok, argv: ['true']}]}\n" +
    "    release: {commands: [{name: style, check: lint}, {name: ship, argv: [no-such-program]}]}\n";
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const keyed = { "key.pem": key, "orchestrator.config.yaml": config, ...files };
  const cli = createCliPlayground(keyed, { ORCHESTRATOR_SIGNING_KEY_FILE: "key.pem" });
  const { stdout } = await cli.call("doctor", "--format", "json");
  const { checks } = z
    .object({ checks: z.array(z.object({ name: z.string(), found: z.string(), remedy: z.string().nullable() })) })
    .parse(JSON.parse(stdout));
  expect(checks.find(({ name }) => name === "guardrails")).toMatchObject({
    found: expect.stringMatching(
      /^release: style: the repository has no lint command; release: ship: there is no program/,
    ),
    remedy: expect.stringContaining("until then start release is refused"),
  });
  expect(checks.find(({ name }) => name === "signing")?.found).toContain("key.pem lies in the repository");
});

test("a command that is marked once and failed is not simply advised to be run again", async () => {
  const config = "version: 1\nsettings: {pipelines: {ship: {commands: [{name: ship, argv: ['false'], once: true}]}}}\n";
  const cli = createCliPlayground({ ...files, "orchestrator.config.yaml": config });
  expect((await cli.call("start", "ship")).stdout).toMatch(
    /Next\n {2}false +did not pass, and is marked once: see what it did/,
  );
});

test("a detached run is on record at once, goes on by itself, and can be followed to its end", async () => {
  const cli = createCliPlayground(files);
  const started = await cli.run("start", "--detach", "--command", "sleep 2");
  expect([started.exit, started.stderr]).toEqual([0, expect.stringContaining("works in the background")]);
  const run = started.stdout.trim();
  const now = Poll.parse(JSON.parse((await cli.call("poll", run, "--format", "json")).stdout));
  expect([now.run_id, now.status, now.stale, now.is_active, now.resume]).toEqual([run, "running", false, true, null]);
  expect(now.heartbeat_age_seconds).toBeLessThan(30);
  expect(existsSync(now.manifest_path)).toBe(true);
  const watched = await cli.call("poll", run, "--watch", "--interval", "1", "--format", "json");
  const lines = watched.stdout.trimEnd().split("\n");
  const last = Poll.parse(JSON.parse(lines.at(-1) ?? ""));
  expect([watched.exit, last.status, last.commands]).toEqual([0, "passed", [{ name: "sleep-2", status: "passed" }]]);
});

test("poll says that a run whose runner is dead is stale, and how to go on", async () => {
  const cli = createCliPlayground(files);
  const started = cli.start("start", "--command", "sleep 60");
  await started.says("sleep-60.1 runs");
  started.child.kill("SIGKILL");
  await started.ended;
  const { exit, stdout } = await cli.call("poll", "latest", "--format", "json");
  const found = Poll.parse(JSON.parse(stdout));
  expect([exit, found.stale, found.is_active]).toEqual([4, process.platform === "linux", false]);
  expect(found.resume).toBe(`codex-orchestrator resume ${found.run_id}`);
  expect((await cli.call("poll", "latest")).stdout).toMatch(
    /running \(stale\)[\s\S]*resume +codex-orchestrator resume/,
  );
  expect((await cli.call("cancel", "latest")).exit).toBe(0);
  const over: unknown = JSON.parse((await cli.call("poll", "latest", "--format", "json")).stdout);
  expect(over).toMatchObject({ status: "cancelled", next_command: null, resume: null });
});

test.each([
  [["start", "nothing"], /there is no pipeline nothing; there are diagnostics/],
  [["start", "--command", "a | b"], /there is no shell/],
  [["start", "--network"], /--network goes with --command/],
  [["start", "--task", "../x", "--command", "true"], /cannot be the id of a task/],
])("%j is refused before anything is recorded", async (argv, message) => {
  const cli = createCliPlayground(files);
  const { exit, stderr } = await cli.call(...argv);
  expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(existsSync(`${cli.repository}/.runs`)).toBe(false);
});

test("over our own MCP server the default pipeline shows what it shows without, and says which way it went", async () => {
  const cli = createCliPlayground();
  const { exit, stdout, stderr } = await cli.run("start", "--via", "mcp");
  expect([exit, stdout], stderr).toEqual([1, expect.stringMatching(/✓ {2}test +passed/)]);
  expect(stderr).toContain("the commands go through our own MCP server");
  expect((await cli.call("runs", "show", "latest")).stdout).toContain("over MCP: our own server");
});
