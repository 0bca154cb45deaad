import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { main } from "../../orchestrator/cli/main.ts";
import type { McpServer } from "../../orchestrator/schema/mcp.ts";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPipelinePlayground, node, type PipelinePlayground } from "../support/pipeline-playground.ts";
import { allBytes, payloadsOf } from "../support/playground.ts";
import { processesWith } from "../support/processes-with.ts";

const fixture = fileURLToPath(new URL("fixtures/server.mjs", import.meta.url));
const secret = "hunter2-hunter2-hunter2";

const ErrorFile = z.strictObject({
  step_id: z.string(),
  summary: z.string(),
  raw: z.string().max(65_536),
  raw_truncated: z.boolean(),
});
type ErrorFile = z.infer<typeof ErrorFile>;

/** Commands for which the server misbehaves, each in another way, and one for which it does not. */
function misbehaviours(...words: readonly string[]): readonly object[] {
  return [...words.map((word) => ({ name: word, argv: ["misbehave", word] })), { name: "echo", argv: ["echo", "hi"] }];
}

interface Site extends PipelinePlayground {
  readonly server: Extract<McpServer, { kind: "stdio" }>;
  /** How often the server was started. */
  starts(): number;
}

/** A pipeline over a server that behaves so. */
function createSite(
  behaviour: string,
  commands = misbehaviours(),
  options: { readonly keepGoing?: boolean } = {},
): Site {
  const file = join(temporaryFolder("starts"), "starts");
  const args = [fixture, behaviour, file];
  const server = { kind: "stdio" as const, command: process.execPath, args, env: ["FIXTURE_TOKEN"] };
  return {
    ...createPipelinePlayground(commands, options),
    server,
    starts: () => readFileSync(file, "utf8").trim().split("\n").length,
  };
}

async function startOver(site: PipelinePlayground, server: McpServer, environment: Record<string, string> = {}) {
  const pipelines = await site.pipelines({ mcp_server: server }, environment);
  const handle = await pipelines.start({ name: "own", via: "mcp" });
  return { handle, events: async () => (await site.orchestrator()).runs.events(handle.key) };
}

function standings({ pipeline }: RunManifest): readonly string[] {
  return (pipeline?.commands ?? []).map(({ name, status, exit_code }) => `${name} ${status} ${exit_code}`);
}

/** What stands in the error file of each command that has one. */
function errorFilesOf(site: PipelinePlayground, manifest: RunManifest): readonly ErrorFile[] {
  const names = (manifest.pipeline?.commands ?? []).flatMap(({ error_file }) => error_file ?? []);
  expect(manifest.error_files).toEqual(names);
  const folder = site.runFolder({ taskId: manifest.task_id, runId: manifest.run_id });
  return names.map((name) => ErrorFile.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}

test("a queue goes through one server: outputs, exit codes and a missing program are recorded as on this machine", async () => {
  const site = createSite("good", [
    { name: "says", argv: node("console.log('one'.repeat(400), process.env.API_TOKEN)"), env: ["API_TOKEN"] },
    { name: "fails", argv: ["sh", "-c", "exit 3"], required: false },
    { name: "never", argv: ["true"] },
  ]);
  const { handle, events } = await startOver(site, site.server, { API_TOKEN: secret });
  const manifest = await handle.finished();
  expect([manifest.status, ...standings(manifest)]).toEqual([
    "refused",
    "says passed 0",
    "fails failed 3",
    "never skipped null",
  ]);
  expect(manifest.pipeline?.via).toEqual(site.server);
  expect(manifest.pipeline?.commands[0]?.output?.tail).toMatch(/one \[redacted:API_TOKEN\]$/);
  const [server, first] = [
    payloadsOf(await events(), "mcp_server_started")[0],
    payloadsOf(await events(), "command_started")[0],
  ];
  expect(first).toMatchObject({ process: server?.process, lineage: server?.lineage });
  expect(first?.enforcement.sandbox).toBe("unknown");
  expect([site.starts(), processesWith(fixture)]).toEqual([1, 0]);
  expect(await site.problems(handle.key)).toEqual([]);
  expect(allBytes(site.runFolder(handle.key)).filter(({ text }) => text.includes(secret))).toEqual([]);
});

test("a server that dies inside a call leaves it interrupted; it is reached once more, and the call is made again", async () => {
  const site = createSite("dies");
  const { handle, events } = await startOver(site, site.server);
  const manifest = await handle.finished();
  expect([manifest.status, ...standings(manifest), site.starts()]).toEqual(["passed", "echo passed 0", 2]);
  expect(payloadsOf(await events(), "command_interrupted")).toMatchObject([
    { settled: "its MCP server died inside it (exit code 3; it said: out of luck)", repeated: true },
  ]);
});

test("a command marked once that its server died inside is not run again, and the server not needed any more", async () => {
  const site = createSite("dies", [{ name: "deploy", argv: ["echo"], once: true }]);
  const manifest = await (await startOver(site, site.server)).handle.finished();
  expect([manifest.status, ...standings(manifest), site.starts()]).toEqual(["refused", "deploy interrupted null", 1]);
});

test("a server that dies again is a fault that says so, and another runner goes on over the same one", async () => {
  const site = createSite("dies-always");
  const { handle } = await startOver(site, site.server);
  await expect(handle.finished()).rejects.toMatchObject({
    code: "mcp_server_failed",
    message: expect.stringMatching(/lost again \(exit code 3/),
  });
  expect(site.starts()).toBe(2);
  const resumed = await (await site.pipelines({})).resume(handle.key.runId);
  await expect(resumed.finished()).rejects.toMatchObject({ code: "mcp_server_failed" });
  expect(site.starts()).toBe(4);
});

test("what a server says in place of an answer is kept as error files, without secrets and capped, and it is asked on", async () => {
  const site = createSite("good", misbehaviours("garbage", "unfit", "refuses", "huge"), { keepGoing: true });
  const { handle } = await startOver(site, site.server, { FIXTURE_TOKEN: secret });
  const manifest = await handle.finished();
  expect([manifest.status, ...standings(manifest), site.starts()]).toEqual([
    "refused",
    ...["garbage", "unfit", "refuses", "huge"].map((name) => `${name} failed null`),
    "echo passed 0",
    1,
  ]);
  expect(manifest.pipeline?.commands[0]?.error_file).toBe("errors/01-garbage.json");
  const io = createTestIo({ cwd: site.repository, environment: site.environment });
  expect(await main(["poll", handle.key.runId], io)).toBe(1);
  expect(io.output()).toMatch(/garbage +failed .*its answer is no JSON; see errors\/01-garbage\.json/);
  const [garbage, unfit, refuses, huge] = errorFilesOf(site, manifest);
  expect(garbage).toMatchObject({
    step_id: "garbage.1",
    summary: "the MCP server did not say how it ended: its answer is no JSON",
    raw: expect.stringContaining("\u001b[31mnonsense\u001b[0m [redacted:"),
    raw_truncated: false,
  });
  expect(unfit?.summary).toMatch(/its answer does not fit: exit_code: /);
  expect(refuses?.summary).toMatch(/it refused: not here$/);
  expect(huge).toMatchObject({ summary: expect.stringMatching(/more than 8388608 bytes$/), raw_truncated: true });
  expect(huge?.raw.length).toBe(65_536);
  expect(allBytes(site.runFolder(handle.key)).filter(({ text }) => text.includes(secret))).toEqual([]);
  expect(await site.problems(handle.key)).toEqual([]);
});

test.each([
  ["no-run", {}, /it has no tool "run"; it has none/],
  ["good", { command: "no-such-server" }, /there is no program no-such-server/],
])("a server that is %s and cannot be used is a fault before any command is touched", async (how, change, message) => {
  const site = createSite(how);
  const { handle, events } = await startOver(site, { ...site.server, ...change });
  await expect(handle.finished()).rejects.toMatchObject({
    code: "mcp_server_failed",
    message: expect.stringMatching(message),
  });
  expect(payloadsOf(await events(), "command_started")).toEqual([]);
});

test("a run whose server cannot be reached can still be cancelled", async () => {
  const site = createSite("no-run");
  const { handle } = await startOver(site, site.server);
  await expect(handle.finished()).rejects.toMatchObject({ code: "mcp_server_failed" });
  await handle.cancel("enough");
  const resumed = await (await site.pipelines()).resume(handle.key.runId);
  expect((await resumed.finished()).status).toBe("cancelled");
});

test("a runner that is stopped ends the server with all that it started, and resume makes the call again", async () => {
  const mark = `over-mcp-${process.pid}-${Date.now()}`;
  const script = `test -e go || { touch go; setsid sh -c 'sleep 60; : ${mark}' & sleep 60; }`;
  const site = createSite("lingers", [{ name: "slow", argv: ["sh", "-c", script] }]);
  const stop = new AbortController();
  const pipelines = await site.pipelines({ mcp_server: site.server });
  const handle = await pipelines.start({ name: "own", via: "mcp", signal: stop.signal });
  while (processesWith(mark) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await expect(handle.finished()).rejects.toMatchObject({ code: "aborted" });
  if (process.platform === "linux") expect([processesWith(mark), processesWith(fixture)]).toEqual([0, 0]);
  const manifest = await (await (await site.pipelines()).resume(handle.key.runId)).finished();
  expect([manifest.status, manifest.pipeline?.commands[0]?.interruptions]).toEqual(["passed", 1]);
});

async function startHttp(behaviour: string, environment: Record<string, string> = {}): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", ...environment };
  const child = spawn(process.execPath, [fixture, behaviour], { env, stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  return `http://127.0.0.1:${Number(String(said))}/mcp`;
}

test("a server over HTTP is asked with the header from a variable, which is not on record", async () => {
  const site = createSite("good");
  const url = await startHttp("http-good", { FIXTURE_TOKEN: secret });
  const server: McpServer = { kind: "http", url, headers: { Authorization: "MCP_TOKEN" } };
  const { handle, events } = await startOver(site, server, { MCP_TOKEN: secret });
  const manifest = await handle.finished();
  expect([manifest.status, ...standings(manifest)]).toEqual(["passed", "echo passed 0"]);
  expect(payloadsOf(await events(), "command_started")[0]?.process).toBeNull();
  expect(allBytes(site.runFolder(handle.key)).filter(({ text }) => text.includes(secret))).toEqual([]);
  const unset = await startOver(site, server);
  await expect(unset.handle.finished()).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/MCP_TOKEN/),
  });
});

test("what a server over HTTP says in place of an answer is kept as error files, and it is asked on", async () => {
  const site = createSite("good", misbehaviours("garbage", "page", "ends", "huge"), { keepGoing: true });
  const { handle } = await startOver(site, { kind: "http", url: await startHttp("http-good"), headers: {} });
  const manifest = await handle.finished();
  expect(standings(manifest).at(-1)).toBe("echo passed 0");
  expect(errorFilesOf(site, manifest)).toMatchObject([
    {
      summary: expect.stringMatching(/its answer is no message/),
      raw: expect.stringMatching(/^HTTP 200 OK\n.*\n\n<html>no<\/html>$/),
    },
    { raw: "HTTP 200 OK\ncontent-type: text/html\n\n<html>sign in</html>" },
    { summary: expect.stringMatching(/its answer ended before it was there$/), raw: ": nothing\n\n" },
    { summary: expect.stringMatching(/more than 8388608 bytes$/), raw: expect.stringMatching(/^data: x+$/) },
  ]);
});

test("a server over HTTP whose connection breaks twice is a fault, and the call is on record as interrupted", async () => {
  const site = createSite("good", misbehaviours("breaks"));
  const { handle, events } = await startOver(site, { kind: "http", url: await startHttp("http-good"), headers: {} });
  await expect(handle.finished()).rejects.toMatchObject({ code: "mcp_server_failed" });
  expect(payloadsOf(await events(), "command_interrupted").map(({ repeated }) => repeated)).toEqual([true, true]);
});

test("settings with a secret, or a URL that would show one to the network, are refused before anything is recorded", async () => {
  const site = createSite("good");
  const held = await site.pipelines({ mcp_server: { ...site.server, args: [secret] } }, { API_TOKEN: secret });
  await expect(held.start({ name: "own", via: "mcp" })).rejects.toMatchObject({ code: "usage" });
  for (const url of ["http://example.com/mcp", "https://user:password@example.com/mcp"]) {
    const server: McpServer = { kind: "http", url, headers: {} };
    await expect(site.pipelines({ mcp_server: server })).rejects.toMatchObject({
      code: expect.stringMatching(/usage|config/),
    });
  }
});
