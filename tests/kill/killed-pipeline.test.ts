import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { KnownEvent } from "../../orchestrator/schema/run-event.ts";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createRandom } from "../support/create-random.ts";
import { essenceOf } from "../support/essence.ts";
import { countKills } from "../support/kill-places.ts";
import { createPlayground, type Playground, payloadsOf } from "../support/playground.ts";
import { processesWith } from "../support/processes-with.ts";
import { readLog, startRunner } from "../support/runner-process.ts";

const kills = Number(process.env["FAULT_KILLS"] ?? 3);
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_121);
const resume = ["resume", "latest"];

interface Site extends Playground {
  /** Outside the repository: each line is what a command did, written by the command itself. */
  readonly tally: string;
}

test(
  `a pipeline that is killed at ${kills} random moments ends as if nothing had happened`,
  async () => {
    const site = createSite(["a", "b", "c"].map((name) => ({ name, argv: ["./work.sh", name] })));
    const undisturbed = await runToEnd(site, ["start", "own"]);
    const random = createRandom(seed);
    const counted = countKills("pipeline", seed);
    let killed = 0;
    for (let rounds = 0; killed < kills; rounds += 1) {
      expect(rounds, "rounds without enough kills").toBeLessThan(kills * 2);
      writeFileSync(site.tally, "");
      const count = await killAndResume(site, random, kills - killed, counted);
      await expectWhole(site, undisturbed, count, `seed ${seed}, round ${rounds}`);
      killed += count;
      rmSync(join(site.repository, ".runs"), { recursive: true });
    }
    counted.report();
  },
  60_000 + kills * 10_000,
);

test("what a dead runner left running is ended before a command is repeated, by the process on record", async () => {
  const mark = `left-over-${process.pid}-${Date.now()}`;
  const script = `test -e go || { setsid sh -c 'sleep 60; : ${mark}' & touch go; sleep 60; }`;
  const site = createSite([{ name: "slow", argv: ["sh", "-c", script] }]);
  const runner = startRunner(site, ["start", "own"]);
  expect(await runner.killWhen(() => existsSync(join(site.repository, "go")))).toBe(true);
  await runner.ended;
  expect(processesWith(mark)).toBeGreaterThan(0);
  const manifest = await runToEnd(site, resume);
  expect([manifest.status, manifest.pipeline?.commands[0]?.interruptions]).toEqual(["passed", 1]);
  expect(processesWith(mark)).toBe(0);
  expect(settledIn(await eventsOf(site))).toEqual([expect.stringMatching(/left running and were ended$/)]);
});

test("a command marked once that a runner died inside is not run again, and refuses the run", async () => {
  const site = createSite([{ name: "deploy", argv: ["./work.sh", "deploy", "5"], once: true }]);
  const runner = startRunner(site, ["start", "own"]);
  expect(await runner.killWhen(() => tallied(site).length > 0)).toBe(true);
  await runner.ended;
  const { exitCode } = await startRunner(site, resume).ended;
  expect(exitCode).toBe(1);
  expect(tallied(site)).toEqual(["deploy begins"]);
  const manifest = await newestManifest(site);
  expect(manifest.pipeline?.commands[0]).toMatchObject({ status: "interrupted", interruptions: 1, attempts: 0 });
});

/** Starts a run, kills its runner again and again and resumes it, until it is finished. Resolves with the number of kills. */
async function killAndResume(
  site: Site,
  random: () => number,
  killsMax: number,
  counted: ReturnType<typeof countKills>,
): Promise<number> {
  const runsBefore = countRuns(site);
  let killed = 0;
  for (let args = ["start", "own"]; ; args = resume) {
    const isFirst = args !== resume;
    const until = (isFirst ? 0 : readLog(site).length) + 1 + Math.floor(random() * 5);
    const runner = startRunner(site, args);
    const isThere = () => killed < killsMax && countRuns(site) > runsBefore && readLog(site).length >= until;
    const wasKilled = await runner.killWhen(isThere, random() * 80);
    const { signal, exitCode, stderr } = await runner.ended;
    if (signal !== "SIGKILL") {
      expect(exitCode, `seed ${seed}: ${stderr}`).toBe(0);
      return killed;
    }
    if (wasKilled) killed += 1;
    if (wasKilled) counted.add(readLog(site));
    if (!readLog(site).some(({ name }) => name === "run_finished")) continue;
    // It died with its last event written: what is missing of the record is written by resume.
    await startRunner(site, resume).ended;
    return killed;
  }
}

async function expectWhole(site: Site, undisturbed: RunManifest, killed: number, hint: string): Promise<void> {
  const manifest = await newestManifest(site);
  const events = await eventsOf(site);
  expect(essenceOf(manifest), hint).toEqual(essenceOf(undisturbed));
  expect(manifest.resume_events.length, hint).toBeLessThanOrEqual(killed);
  expect(
    (await (await site.orchestrator()).runs.metrics()).rows.map(({ run_id }) => run_id),
    hint,
  ).toContain(manifest.run_id);
  for (const name of ["a", "b", "c"]) expectOrder(site, events, name, hint);
  expect(await site.problems({ taskId: manifest.task_id, runId: manifest.run_id }), hint).toEqual([]);
}

/** A command ended once on record; it began no more often than is on record; and after its last end nothing of it was at work. */
function expectOrder(site: Site, events: readonly KnownEvent[], name: string, hint: string): void {
  const lines = tallied(site).filter((line) => line.startsWith(`${name} `));
  const started = payloadsOf(events, "command_started").filter((payload) => payload.name === name).length;
  const interrupted = payloadsOf(events, "command_interrupted").filter((payload) => payload.name === name).length;
  const finished = payloadsOf(events, "command_finished").filter((payload) => payload.name === name).length;
  expect([finished, started], `${hint}, ${name}`).toEqual([1, 1 + interrupted]);
  expect(lines.filter((line) => line.endsWith("begins")).length, `${hint}, ${name}`).toBeLessThanOrEqual(started);
  expect(lines.at(-1), `${hint}, ${name}`).toBe(`${name} ends`);
}

/** A repository whose configuration has the pipeline `own`. */
function createSite(commands: readonly object[]): Site {
  const tally = join(temporaryFolder("tally"), "tally");
  writeFileSync(tally, "");
  const work = `#!/bin/sh\necho "$1 begins" >> '${tally}'\nsleep "\${2:-0.05}"\necho "$1 ends" >> '${tally}'\n`;
  const queue = commands.map((command) => ({ sandbox: false, ...command }));
  const config = `version: 1\nsettings:\n  pipelines:\n    own:\n      commands: ${JSON.stringify(queue)}\n`;
  const playground = createPlayground({
    "work.sh": { executable: work },
    "orchestrator.config.yaml": config,
    ".gitignore": ".runs/\ngo\n",
  });
  return { ...playground, tally };
}

function tallied({ tally }: Site): readonly string[] {
  return readFileSync(tally, "utf8").split("\n").slice(0, -1);
}

async function runToEnd(site: Site, args: readonly string[]): Promise<RunManifest> {
  const { exitCode, stderr } = await startRunner(site, args).ended;
  expect(exitCode, stderr).toBe(0);
  return newestManifest(site);
}

async function newestManifest(site: Site): Promise<RunManifest> {
  const { runs } = await site.orchestrator();
  const [key] = await runs.keys();
  if (key === undefined) throw new Error("there is no run");
  return runs.manifest(key);
}

async function eventsOf(site: Site): Promise<readonly KnownEvent[]> {
  const { runs } = await site.orchestrator();
  const [key] = await runs.keys();
  return key === undefined ? [] : runs.events(key);
}

function settledIn(events: readonly KnownEvent[]): readonly string[] {
  return payloadsOf(events, "command_interrupted").map(({ settled }) => settled);
}

function countRuns({ repository }: Site): number {
  const folder = join(repository, ".runs", "pipeline-own");
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "events.jsonl"))).length
    : 0;
}
