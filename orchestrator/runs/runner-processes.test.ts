import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { finished, person } from "./fixtures/sample-run.ts";
import { bundleRunner, parseSaid, type RunnerProcess, type Said, startRunner } from "./fixtures/start-runner.ts";
import { makeStore, type TemporaryStore } from "./fixtures/temporary-store.ts";
import { verifyRun } from "./verify-run.ts";

const key = { taskId: "task-1", runId: "run-1" };
let scripts = "";
let script = "";
let temporary: TemporaryStore;
let runners: RunnerProcess[] = [];

beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), "runner-"));
  script = await bundleRunner(scripts);
});
afterAll(() => rm(scripts, { recursive: true, force: true }));

beforeEach(async () => {
  temporary = await makeStore();
});
afterEach(async () => {
  for (const { child } of runners) child.kill("SIGKILL");
  await Promise.all(runners.map(({ ended }) => ended));
  runners = [];
  await temporary.dispose();
});

function start(...args: string[]): RunnerProcess {
  const runner = startRunner(script, args);
  runners.push(runner);
  return runner;
}

async function kill(runner: RunnerProcess, signal: NodeJS.Signals): Promise<void> {
  runner.child.kill(signal);
  await runner.ended;
}

const saidSeq = (at: number) => (value: Said) => (value.seq ?? -1) >= at;

test("whatever a runner acknowledged before kill -9 is there after each of many deaths, and the log verifies", async () => {
  const acknowledged = new Map<number, string>();
  for (let death = 0; death < 8; death += 1) {
    const runner = start(death === 0 ? "create" : "resume", temporary.root);
    await runner.until(saidSeq(0));
    await sleep((death * 37) % 60);
    await kill(runner, "SIGKILL");
    for (const { seq = -1, hash = "" } of runner.said) acknowledged.set(seq, hash);
  }
  const lease = await temporary.store.acquire(key, "after the deaths", person);
  expect(lease.epoch).toBe(9);
  for (const [seq, hash] of acknowledged) expect(lease.events[seq]?.hash).toBe(hash);
  await lease.append(finished());
  const manifest = await lease.writeManifest();
  await lease.release();
  expect(manifest.resume_events).toHaveLength(8);
  expect(await verifyRun(join(temporary.root, "task-1", "run-1"))).toMatchObject({ ok: true, problems: [] });
});

test("a live runner in another process is not taken over, and is named; a dead one is at once", async () => {
  const runner = start("create", temporary.root);
  await runner.until(saidSeq(2));
  await expect(temporary.store.acquire(key, "mine", person)).rejects.toMatchObject({
    code: "run_held",
    message: expect.stringContaining(`process ${runner.child.pid} on `),
  });
  expect((await temporary.store.heartbeat(key)).liveness).toBe("alive");
  await kill(runner, "SIGKILL");
  expect((await temporary.store.heartbeat(key)).liveness).toBe("dead");
  const began = performance.now();
  const patient = temporary.again({ heartbeat: { intervalSeconds: 10, staleAfterSeconds: 30 } });
  const lease = await patient.acquire(key, "mine", person);
  expect(performance.now() - began).toBeLessThan(5000);
  await lease.release();
});

test("of ten processes that race for a dead run exactly one wins, and again when the winner has died", async () => {
  const dead = start("create", temporary.root);
  const signals = join(scripts, "go");
  let racers = Array.from({ length: 10 }, () => start("race", temporary.root, signals));
  await dead.until(saidSeq(2));
  await kill(dead, "SIGKILL");
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(racers.map((racer) => racer.until(({ ready }) => ready === round)));
    await writeFile(`${signals}-${round}`, "");
    await Promise.all(racers.map((racer) => racer.until((one) => one.won !== undefined || one.round === round)));
    const [winner, ...others] = racers.filter(({ said }) => said.some(({ won }) => won !== undefined));
    if (winner === undefined || others.length > 0) throw new Error(`${others.length} winners more than one`);
    await kill(winner, "SIGKILL");
    racers = racers.filter((racer) => racer !== winner);
    for (const { said } of racers) expect(said.find((one) => one.round === round)?.failed).toBe("run_held");
  }
  const { events, problems } = await temporary.store.read(key);
  expect(problems).toEqual([]);
  expect(events.at(-1)?.epoch).toBe(6);
});

test("a stopped runner is taken over, and nothing that it writes after waking is part of the run", async () => {
  const sleeper = start("create", temporary.root);
  await sleeper.until(saidSeq(5));
  sleeper.child.kill("SIGSTOP");
  await sleep(20);
  const lease = await temporary.store.acquire(key, "it is silent", person);
  const acknowledged = sleeper.said.map(({ seq }) => seq ?? 0);
  sleeper.child.kill("SIGCONT");
  await sleeper.until(({ failed }) => failed === "lease_lost");
  await sleeper.ended;
  for (const seq of acknowledged) expect(lease.events[seq]?.epoch).toBe(1);
  await lease.append(finished());
  await lease.writeManifest();
  await lease.release();
  const { events, problems } = await temporary.store.read(key);
  expect(events.map(({ hash }) => hash)).toEqual(lease.events.map(({ hash }) => hash));
  for (const problem of problems) expect(problem.message).toContain("written after the lease was lost");
  const again = await temporary.store.acquire(key, "later", person);
  expect(again.events).toHaveLength(lease.events.length + 1);
  await again.release();
});

const canMount = process.platform === "linux" && spawnSync("unshare", ["-Urm", "true"]).status === 0;

test.skipIf(!canMount)(
  "a disk that fills up in mid-line faults the run, and what was acknowledged reads well",
  async () => {
    const disk = await mkdtemp(join(tmpdir(), "small-disk-"));
    const copy = join(temporary.root, "copied");
    const root = join(disk, ".runs");
    const commands = [
      `mount -t tmpfs -o size=256k tmpfs "${disk}"`,
      `"${process.execPath}" "${script}" fill "${root}"`,
      `mkdir -p "${copy}" && cp -r "${root}/." "${copy}"`,
    ];
    const output = execFileSync("unshare", ["-Urm", "sh", "-c", commands.join("; ")], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const said = parseSaid(output.trim().split("\n"));
    expect(said.at(-1)).toMatchObject({ failed: "disk_failed" });
    const acknowledged = said.flatMap(({ seq }) => seq ?? []);
    expect(acknowledged.length).toBeGreaterThan(10);
    const copied = temporary.again({ root: copy });
    expect(await copied.read(key)).toMatchObject({ problems: [] });
    const lease = await copied.acquire(key, "there is space again", person);
    expect(lease.events).toHaveLength(acknowledged.length + 3);
    await lease.release();
    expect(await readdir(join(copy, "task-1", "run-1"))).toContain("events.2.jsonl");
    expect((await readFile(join(copy, "task-1", "run-1", "events.jsonl"), "utf8")).endsWith("\n")).toBe(true);
    await rm(disk, { recursive: true, force: true });
  },
);
