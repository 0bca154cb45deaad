import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandOutcome, CommandRequest, Redactor } from "../schema/process-port.ts";
import { createRedactor } from "./redact/redactor.ts";
import { runProcess } from "./run-process.ts";
import { createSecretScanner } from "./secret-scanner.ts";

let folder = "";
let redactor: Redactor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-process-"));
  redactor = createRedactor({ scanner: await createSecretScanner() });
  redactor.register("API_KEY", "registered-value");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const path = process.env["PATH"] ?? "";

function run(argv: CommandRequest["argv"], more: Partial<CommandRequest> = {}): Promise<CommandOutcome> {
  const request = { argv, cwd: folder, env: { PATH: path }, timeoutMs: 20_000, outputBytesMax: 1_000_000, ...more };
  return runProcess(request, redactor);
}

const shell = (script: string, more?: Partial<CommandRequest>) => run(["sh", "-c", script], more);
const node = (script: string, more?: Partial<CommandRequest>) => run([process.execPath, "-e", script], more);

/** A process that is dead but not yet buried by its parent does not count. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  if (/\) [ZX] /.test(state)) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** True when the process, whose number was printed after `name=`, ends within two seconds. */
async function endsAfter(output: string, name: string): Promise<boolean> {
  const pid = Number(new RegExp(`${name}=(\\d+)`).exec(output)?.[1]);
  expect(pid).toBeGreaterThan(1);
  for (let tries = 0; tries < 100 && (await isAlive(pid)); tries++) await delay(20);
  return !(await isAlive(pid));
}

test("a program's end, output and time are told", async () => {
  const outcome = await shell("echo out; echo err >&2; exit 3");
  expect(outcome).toMatchObject({ status: "exited", exitCode: 3, signal: null, detail: "", outputBytes: 8 });
  expect(outcome.outputTail.split("\n").sort()).toEqual(["", "err", "out"]);
  expect(outcome).toMatchObject({ outputTruncated: false });
  expect(outcome.durationMs).toBeGreaterThan(0);
});

test("a program gets the environment, the folder and the input it is given, and nothing else", async () => {
  const script =
    "process.stdin.on('data', (data) => console.log(JSON.stringify([process.env, process.cwd(), String(data)])))";
  const outcome = await node(script, { env: { PATH: path, ONE: "1" }, stdin: "hello" });
  expect(JSON.parse(outcome.outputTail)).toEqual([{ PATH: path, ONE: "1" }, folder, "hello"]);
  expect(await run(["cat"])).toMatchObject({ status: "exited", exitCode: 0, outputBytes: 0 });
  expect(await shell("exec 0<&-; sleep 0.1", { stdin: "x".repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
});

test("arguments are not read by a shell", async () => {
  const hostile = "$(echo hi); `id` && \"x\" 'y' *";
  expect((await run(["printf", "%s", hostile])).outputTail).toBe(hostile);
});

test("a program that cannot be started is named with the reason", async () => {
  const missing = await run(["no-such-program", "x"]);
  expect(missing).toMatchObject({ status: "failed_to_start", exitCode: null, outputTail: "" });
  expect(missing.detail).toBe(
    "no-such-program cannot be started: no such program on the PATH, or its interpreter is missing",
  );
  expect((await run(["sh"], { env: { PATH: "/nowhere" } })).status).toBe("failed_to_start");
  expect((await run(["sh"], { cwd: join(folder, "gone") })).detail).toMatch(/the folder .*gone does not exist/);
  expect((await run([folder])).detail).toMatch(/may not be executed/);
  expect((await run(["sh", "a\0b"])).status).toBe("failed_to_start");
});

test("a program that dies of a signal is told as such", async () => {
  expect(await shell("kill -SEGV $$")).toMatchObject({
    status: "signalled",
    exitCode: null,
    signal: "SIGSEGV",
    detail: "sh was ended by SIGSEGV",
  });
});

test("at the deadline a program is asked to end and may say good bye", async () => {
  const outcome = await shell("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done", {
    timeoutMs: 300,
  });
  expect(outcome).toMatchObject({
    status: "timed_out",
    exitCode: 5,
    detail: "sh took longer than 300 ms and was ended",
  });
  expect(outcome.outputTail).toContain("bye");
  expect(outcome.durationMs).toBeLessThan(2_000);
});

test("a child and a grandchild that ignore SIGTERM are dead two seconds after the deadline", async () => {
  const script =
    "trap '' TERM; sh -c 'trap \"\" TERM; echo grandchild=$$; while :; do sleep 0.1; done' & echo child=$$; while :; do sleep 0.1; done";
  const outcome = await shell(script, { timeoutMs: 300 });
  expect(outcome).toMatchObject({ status: "timed_out", exitCode: null, signal: "SIGKILL" });
  expect(outcome.durationMs).toBeGreaterThan(2_200);
  expect(outcome.durationMs).toBeLessThan(6_000);
  expect(await endsAfter(outcome.outputTail, "child")).toBe(true);
  expect(await endsAfter(outcome.outputTail, "grandchild")).toBe(true);
});

test("what a program leaves running in the background ends with it, and is not waited for", async () => {
  const outcome = await shell("sleep 100 & echo sleeper=$!; echo hi");
  expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
  expect(outcome.outputTail).toContain("hi\n");
  expect(outcome.durationMs).toBeLessThan(2_000);
  expect(await endsAfter(outcome.outputTail, "sleeper")).toBe(true);
});

test("a process that left the group and holds the output open is waited for about a second", async () => {
  const script =
    "const child = require('node:child_process').spawn('sleep', ['30'], { detached: true, stdio: ['ignore', 1, 2] }); child.unref(); console.log('sleeper=' + child.pid)";
  const outcome = await node(script);
  process.kill(Number(/sleeper=(\d+)/.exec(outcome.outputTail)?.[1]), "SIGKILL");
  expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
  expect(outcome.durationMs).toBeGreaterThan(900);
  expect(outcome.durationMs).toBeLessThan(4_000);
});

test("an abort ends a running program and keeps another from being started", async () => {
  const control = new AbortController();
  setTimeout(() => control.abort(), 200);
  const outcome = await shell("echo child=$$; sleep 100", { signal: control.signal });
  expect(outcome).toMatchObject({ status: "aborted", detail: "sh was ended because the work was stopped" });
  expect(await endsAfter(outcome.outputTail, "child")).toBe(true);
  const marker = join(folder, "started");
  expect(await shell(`touch ${marker}`, { signal: control.signal })).toMatchObject({
    status: "aborted",
    outputBytes: 0,
  });
  await expect(stat(marker)).rejects.toThrow();
});

test("the output is redacted in the file and in the tail, and the file is for its owner alone", async () => {
  const outputFile = join(folder, "redacted.log");
  const token = `ghp_${"a1B2c3".repeat(6)}`;
  const script = `printf 'one registered-'; sleep 0.1; echo value two; echo ${token} >&2; printf ${token.slice(0, 9)}; sleep 0.1; echo err >&2; echo ${token.slice(9)}`;
  const outcome = await shell(script, { outputFile });
  expect(await readFile(outputFile, "utf8")).toBe(outcome.outputTail);
  const lines = outcome.outputTail.trimEnd().split("\n");
  expect(lines.sort()).toEqual(["[redacted:github]", "[redacted:github]", "err", "one [redacted:API_KEY] two"]);
  expect((await stat(outputFile)).mode & 0o777).toBe(0o600);
});

test("of a long output the file has the first bytes up to the cap, the tail the beginning and the end", async () => {
  const outputFile = join(folder, "capped.log");
  const script = "for (let i = 0; i < 60000; i++) console.log('line é ' + i + ' registered-value')";
  const outcome = await node(script, { outputFile, outputBytesMax: 100_001 });
  const kept = await readFile(outputFile, "utf8");
  expect(outcome).toMatchObject({ status: "exited", outputTruncated: true });
  expect(outcome.outputBytes).toBe(
    Buffer.byteLength(Array.from({ length: 60_000 }, (_, i) => `line é ${i} registered-value\n`).join("")),
  );
  expect(Buffer.byteLength(kept)).toBeGreaterThan(99_990);
  expect(Buffer.byteLength(kept)).toBeLessThan(100_002);
  expect(kept.startsWith("line é 0 [redacted:API_KEY]\nline é 1 [redacted:API_KEY]\n")).toBe(true);
  expect(kept).not.toContain("registered-value");
  const [head = "", tail = ""] = outcome.outputTail.split(/\n\[\.\.\. about \d+ bytes are left out here \.\.\.\]\n/);
  expect(kept.startsWith(head)).toBe(true);
  expect(Buffer.byteLength(head)).toBeGreaterThan(2_040);
  expect(Buffer.byteLength(head)).toBeLessThan(2_049);
  expect(tail.endsWith("line é 59999 [redacted:API_KEY]\n")).toBe(true);
  expect(Buffer.byteLength(tail)).toBeGreaterThan(14_330);
  expect(Buffer.byteLength(tail)).toBeLessThan(14_337);
  expect(outcome.outputTail).not.toContain("registered-value");
  expect(outcome.outputTail).not.toContain("\ufffd");
});

test("without a file only the beginning and the end are kept", async () => {
  const outcome = await node("console.log('first\\n' + 'x'.repeat(30000) + '\\nlast')");
  expect(outcome.outputTruncated).toBe(true);
  expect(outcome.outputTail).toMatch(
    /^first\n[\s\S]*\n\[\.\.\. about 13628 bytes are left out here \.\.\.\]\n[\s\S]*\nlast\n$/,
  );
  expect((await shell("echo short")).outputTruncated).toBe(false);
});

test("a secret that is cut in two where the kept end begins is not shown", async () => {
  const body = "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu";
  const key = [
    "-----BEGIN PRIVATE KEY-----",
    ...Array.from({ length: 60 }, () => body),
    "-----END PRIVATE KEY-----",
  ].join("\n");
  const script = `process.stdout.write('x\\n'.repeat(90000) + ${JSON.stringify(`${key}\n`)}.repeat(20) + 'end')`;
  for (const keys of [15, 20]) {
    const outcome = await node(script.replace("repeat(20)", `repeat(${keys})`));
    expect(outcome.outputTail).not.toContain("MzEfYyji");
    expect(outcome.outputTail).toMatch(/(?:\[redacted:private-key\]\n){5,}end$/);
  }
});

test("the end of one endless line is withheld where it cannot be checked", async () => {
  const outcome = await node("process.stdout.write('xy'.repeat(100000) + 'registered-value'.repeat(5000))");
  expect(outcome.outputBytes).toBe(280_000);
  expect(outcome.outputTail).toContain("this line is too long to be checked for secrets");
  expect(outcome.outputTail).not.toContain("registered");
});

test("200 MiB of output do not stay in memory", async () => {
  const outputFile = join(folder, "huge.log");
  const script = "yes 'all work and no play makes a dull line of text' | head -c 209715200";
  let peak = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const outcome = await shell(script, { outputFile, outputBytesMax: 4_000_000 });
  clearInterval(watch);
  expect(outcome).toMatchObject({ status: "exited", outputBytes: 209_715_200, outputTruncated: true });
  expect((await stat(outputFile)).size).toBe(4_000_000);
  expect(peak - before).toBeLessThan(120 * 1024 * 1024);
});

test("an output file that cannot be written is a disk fault, and the program does not stay", async () => {
  await expect(shell("echo hi", { outputFile: join(folder, "no", "such", "file") })).rejects.toMatchObject({
    code: "disk_failed",
  });
  await expect(shell("echo hi", { outputFile: folder })).rejects.toMatchObject({ code: "disk_failed" });
});

test.skipIf(process.platform !== "linux")("a disk that fills up while the program runs ends the program", async () => {
  const pidFile = join(folder, "pid");
  const fills = shell(`echo child=$$ > ${pidFile}; yes 'all work and no play'`, { outputFile: "/dev/full" });
  await expect(fills).rejects.toMatchObject({ code: "disk_failed" });
  expect(await endsAfter(await readFile(pidFile, "utf8"), "child")).toBe(true);
});
