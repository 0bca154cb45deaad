import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createRandom } from "../support/create-random.ts";
import { essenceOf } from "../support/essence.ts";
import { commitsIn, doublesIn } from "../support/happened-once.ts";
import { countKills } from "../support/kill-places.ts";
import { pathWithoutSandbox } from "../support/path-without-sandbox.ts";
import { createPlayground, type Playground, payloadsOf } from "../support/playground.ts";
import { processesWith, untilProcesses } from "../support/processes-with.ts";
import { type LoggedEvent, readLog, startRunner } from "../support/runner-process.ts";
import { samplePackage } from "../support/sample-package.ts";

const killsMin = Number(process.env["FAULT_KILLS"] ?? 4);
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_121);
const job = ["run", "use the node: protocol", "--recipe", "node-protocol", "--scope", "src/**"];
const resume = ["resume", "latest"];
const lastPoint = "before the end";

test.skipIf(process.env["FAULT_SWEEP"] === undefined)(
  "a run that is killed at every kind of point, one after the other, ends as if nothing had happened",
  async () => {
    const playground = createPlayground(slowPackage("slow-test"));
    const undisturbed = await runToEnd(playground);
    const points: readonly [string, (log: readonly LoggedEvent[]) => boolean][] = [
      ["right after the start", after("run_created")],
      ["when the workspace is ready", after("workspace_prepared")],
      ["inside the manager's decision", after("model_answered", "manager.1")],
      ["inside the planner's turn", after("model_answered", "planner.1")],
      ["between the plan and its gates", after("step_finished", "planner.1")],
      ["inside an edit", after("tool_started", "apply_pattern")],
      ["after an edit", after("tool_finished", "apply_pattern")],
      ["between two gates", after("gate_passed", '"scope"')],
      ["inside a command", after("tool_started", "run_check")],
      ["before the review", after("gate_passed", '"test"')],
      ["inside the commit", after("artifact_stored", "change.bundle")],
      [lastPoint, after("change_committed")],
    ];
    let args = job;
    let kills = 0;
    for (const [name, fits] of points) {
      const known = readLog(playground).map(({ text }) => text);
      const runner = startRunner(playground, args);
      const isNew = (log: readonly LoggedEvent[]) => fits(log.filter(({ text }) => !known.includes(text)));
      await runner.killWhen(isNew);
      const { signal, exitCode } = await runner.ended;
      if (signal !== "SIGKILL") {
        // Between its last two events a runner may be quicker than the one who watches it.
        expect([name, exitCode]).toEqual([lastPoint, 0]);
        break;
      }
      kills += 1;
      args = resume;
    }
    if (kills === points.length) await runToEnd(playground, args);
    await expectWhole(playground, undisturbed, kills);
  },
  120_000,
);

test(
  `a run that is killed at ${killsMin} random moments ends as if nothing had happened`,
  async () => {
    const playground = createPlayground();
    const undisturbed = await runToEnd(playground);
    const random = createRandom(seed);
    const counted = countKills("main job, recipe", seed);
    for (let kills = 0, rounds = 0; kills < killsMin; rounds += 1) {
      expect(rounds, "rounds without enough kills").toBeLessThan(killsMin);
      let killed = 0;
      for (let args = job; kills + killed < killsMin || args === job; args = resume) {
        const until = (args === job ? 0 : readLog(playground).length) + 1 + Math.floor(random() * 14);
        const fresh = args === job ? countRuns(playground) : -1;
        const runner = startRunner(playground, args);
        const isThere = (log: readonly LoggedEvent[]) => countRuns(playground) !== fresh && log.length >= until;
        const wasKilled = await runner.killWhen(isThere, random() * 25);
        const { signal, exitCode, stderr } = await runner.ended;
        if (signal !== "SIGKILL") {
          expect(exitCode, `seed ${seed}: ${stderr}`).toBe(0);
          break;
        }
        if (wasKilled) counted.add(readLog(playground));
        if (!(await wasLeftHeld(playground))) break;
        if (wasKilled) killed += 1;
      }
      if (await wasLeftHeld(playground)) await runToEnd(playground, resume);
      await expectWhole(playground, undisturbed, killed, `seed ${seed}, round ${rounds}`);
      kills += killed;
      rmSync(join(playground.repository, ".runs"), { recursive: true });
    }
    counted.report();
  },
  60_000 + killsMin * 10_000,
);

test("while a runner lives, another is refused and names it; when it is dead, so are its commands, and the run is free", async () => {
  const marker = `slow-test-${process.pid}-${Date.now()}`;
  const playground = createPlayground(slowPackage(marker, 30_000));
  const runner = startRunner(playground, job);
  await untilProcesses(marker, 1);
  const refused = await startRunner(playground, resume).ended;
  expect([refused.exitCode, refused.stderr + refused.stdout]).toEqual([
    1,
    expect.stringContaining("is held by process"),
  ]);
  expect(await runner.killWhen(() => true)).toBe(true);
  await runner.ended;
  const orchestrator = await playground.orchestrator();
  const [key] = await orchestrator.runs.keys();
  expect((await orchestrator.runs.heartbeat(orFail(key))).liveness).toBe("dead");
  if (
    payloadsOf(await orchestrator.runs.events(orFail(key)), "workspace_prepared")[0]?.enforcement.sandbox ===
    "bubblewrap"
  ) {
    await untilProcesses(marker, 0);
  }
  const stop = new AbortController();
  const taken = await orchestrator.resume(orFail(key).runId, { signal: stop.signal });
  stop.abort();
  await expect(taken.finished()).rejects.toMatchObject({ code: "aborted" });
  expect(processesWith(marker)).toBeLessThanOrEqual(1);
});

test.skipIf(!existsSync("/proc/self/stat"))(
  "without a sandbox, what a dead runner's command left running is ended before the run goes on, in whatever process group it is",
  async () => {
    const marker = `left-running-${process.pid}-${Date.now()}`;
    const began = join(temporaryFolder(), "began");
    const made = createPlayground({ ...samplePackage, "test/sample.test.js": lingeringTest(marker, began) });
    const playground = { ...made, environment: { ...made.environment, PATH: pathWithoutSandbox() } };
    const runner = startRunner(playground, job);
    await untilProcesses(marker, 1);
    expect(await runner.killWhen(() => true)).toBe(true);
    await runner.ended;
    expect(processesWith(marker)).toBe(1);

    const orchestrator = await made.orchestrator({ environment: playground.environment });
    const [key] = await orchestrator.runs.keys();
    const manifest = await (await orchestrator.resume(orFail(key).runId)).finished();
    expect(processesWith(marker)).toBe(0);
    expect(manifest.status_detail).toBe("every gate passed");
    expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/paths.js"]);
    const [interrupted] = payloadsOf(await orchestrator.runs.events(orFail(key)), "tool_interrupted");
    expect(interrupted?.settled).toBe("files restored to the tree before the call; made again");
  },
);

/** A test that passes at its second try. The first leaves a process of its own session behind, which writes into the files later on. */
function lingeringTest(marker: string, began: string): string {
  const late = 'setTimeout(() => require("fs").writeFileSync("src/ghost.js", ""), 20000)';
  return `
const { spawn } = require("node:child_process");
const { existsSync, writeFileSync } = require("node:fs");
require("node:test").test("lingers", async () => {
  if (existsSync(${JSON.stringify(began)})) return;
  writeFileSync(${JSON.stringify(began)}, "");
  spawn(process.execPath, ["-e", ${JSON.stringify(late)}, ${JSON.stringify(marker)}], { detached: true, stdio: "ignore" });
  await new Promise((resolve) => setTimeout(resolve, 20000));
});
`;
}

/** True when the log holds an event whose text fits. */
function after(name: string, text = ""): (log: readonly LoggedEvent[]) => boolean {
  const pattern = new RegExp(text.replaceAll(".", "\\."));
  return (log) => log.some((event) => event.name === name && pattern.test(event.text));
}

/** A package whose test takes its time, under a name that can be seen from outside. */
function slowPackage(marker: string, milliseconds = 400): Record<string, string> {
  return {
    ...samplePackage,
    "test/sample.test.js": `
const { spawnSync } = require("node:child_process");
require("node:test").test("takes its time", () => {
  spawnSync(process.execPath, ["-e", "setTimeout(() => {}, ${milliseconds})", ${JSON.stringify(marker)}]);
});
`,
  };
}

async function runToEnd(playground: Playground, args: readonly string[] = job) {
  const { exitCode, stderr } = await startRunner(playground, args).ended;
  expect(exitCode, stderr).toBe(0);
  const { runs } = await playground.orchestrator();
  const [key] = await runs.keys();
  return runs.manifest(orFail(key));
}

/** The newest run equals the undisturbed one, and nothing in it happened twice. */
async function expectWhole(
  playground: Playground,
  undisturbed: Awaited<ReturnType<typeof runToEnd>>,
  kills: number,
  hint = "",
): Promise<void> {
  const orchestrator = await playground.orchestrator();
  const key = orFail((await orchestrator.runs.keys())[0]);
  const manifest = await orchestrator.runs.manifest(key);
  const events = await orchestrator.runs.events(key);
  expect(essenceOf(manifest), hint).toEqual(essenceOf(undisturbed));
  const resumed = events.filter(({ event, epoch }) => event === "lease_acquired" && epoch > 1);
  expect(resumed, hint).toHaveLength(kills);
  // A runner that came after the end only tidied up, which is no part of the manifest.
  const end = events.findIndex(({ event }) => event === "run_finished");
  const before = resumed.filter(({ seq }) => seq < end).map(({ epoch }) => epoch);
  expect(
    manifest.resume_events.map(({ epoch }) => epoch),
    hint,
  ).toEqual(before);
  expect(doublesIn(events), hint).toEqual([]);
  expect(await playground.problems(key), hint).toEqual([]);
  expect(commitsIn(playground, key), hint).toBe(1);
  expect(readdirSync(join(playground.cacheDir, "runs")), hint).toEqual([]);
}

function countRuns({ repository }: Playground): number {
  try {
    return readdirSync(join(repository, ".runs"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("/events.jsonl"),
    ).length;
  } catch {
    return 0;
  }
}

/** False for a run that was finished and let go of: its runner died with nothing left to do. */
async function wasLeftHeld(playground: Playground): Promise<boolean> {
  const { runs } = await playground.orchestrator();
  return (await runs.heartbeat(orFail((await runs.keys())[0]))).heartbeat !== null;
}

function orFail<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("there is no run");
  return value;
}
