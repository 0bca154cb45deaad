import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import type { RunKey } from "../../orchestrator/schema/run-store.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createRandom } from "../support/create-random.ts";
import { essenceOf } from "../support/essence.ts";
import { commitsIn, committedText, doublesIn } from "../support/happened-once.ts";
import { buildSummary, greeting, honestTeam } from "../support/honest-team.ts";
import { countKills, placeOfKill } from "../support/kill-places.ts";
import { call, inTurns, type ModelServer, say, startModelServer } from "../support/model-server.ts";
import { createPlayground, type Playground, payloadsOf } from "../support/playground.ts";
import { type LoggedEvent, readLog, startRunner } from "../support/runner-process.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

const killsMin = Math.round(Number(process.env["FAULT_KILLS"] ?? 20) * 1.1);
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_121);
const killsOfRoundMax = 8;

interface Site extends Playground {
  readonly server: ModelServer;
  /** Outside the repository: each line was written by a command itself. */
  readonly tally: string;
  /** The argument vector that starts the run. */
  readonly job: readonly string[];
}

test(
  `a run on the wire with approvals that is killed ${killsMin} times, mostly inside a turn, ends as if nothing had happened`,
  async () => {
    const site = await createSite();
    const undisturbed = await finish(site, site.job);
    const calls = site.server.requests().length;
    const random = createRandom(seed);
    const counted = countKills("main job, wire", seed);
    for (let kills = 0, rounds = 0; kills < killsMin; rounds += 1) {
      expect(rounds, "rounds without enough kills").toBeLessThan(killsMin);
      rmSync(join(site.repository, ".runs"), { recursive: true });
      writeFileSync(site.tally, "");
      const before = site.server.requests().length;
      const killed = await killAndGoOn(site, random, Math.min(killsOfRoundMax, killsMin - kills), counted.add);
      const hint = `seed ${seed}, round ${rounds}, ${killed} kills`;
      await expectWhole(site, undisturbed, hint);
      const made = site.server.requests().length - before;
      expect(made, `${hint}: calls of a model`).toBeGreaterThanOrEqual(calls);
      expect(made, `${hint}: calls of a model`).toBeLessThanOrEqual(calls + killed);
      kills += killed;
    }
    counted.report();
  },
  120_000 + killsMin * 15_000,
);

/** Kills runner after runner; each next one resumes, or approves what is asked. Resolves with the number of kills. */
async function killAndGoOn(
  site: Site,
  random: () => number,
  killsMax: number,
  count: (log: readonly LoggedEvent[]) => void,
): Promise<number> {
  let killed = 0;
  let args: readonly string[] | null = site.job;
  for (let runners = 0; args !== null; runners += 1) {
    expect(runners, `seed ${seed}: runners of one run`).toBeLessThan(killsMax * 2 + 8);
    const runner = startRunner(site, args);
    const isDue = chooseMoment(args === site.job ? [] : readLog(site), random);
    const isKilled = killed < killsMax && (await runner.killWhen(isDue, random() * 12));
    const { signal, exitCode, stderr } = await runner.ended;
    if (signal !== "SIGKILL") expect([0, 3], `seed ${seed}: ${stderr}`).toContain(exitCode);
    else if (isKilled) killed += 1;
    if (signal === "SIGKILL") count(readLog(site));
    args = await nextArguments(site, signal === "SIGKILL");
  }
  return killed;
}

/** Six times of seven a moment inside a turn of a delegate, otherwise any. */
function chooseMoment(known: readonly LoggedEvent[], random: () => number): (log: readonly LoggedEvent[]) => boolean {
  const more = 1 + Math.floor(random() * 9);
  const isTurn = random() < 6 / 7;
  return (log) => log.length >= known.length + more && (!isTurn || placeOfKill(log).startsWith("inside a turn"));
}

/** What a person does next with the newest run; null where it is over and let go of. */
async function nextArguments(site: Site, wasKilled: boolean): Promise<readonly string[] | null> {
  const { runs } = await site.orchestrator();
  const [key] = await runs.keys();
  if (key === undefined) return site.job;
  const { questions, finished_at } = await runs.manifest(key);
  const open = questions.find(({ answer }) => answer === null);
  if (open !== undefined) return ["approve", "latest", "--question", open.question.id];
  if (finished_at !== null && !wasKilled) return null;
  if (finished_at !== null && (await runs.heartbeat(key)).heartbeat === null) return null;
  return ["resume", "latest"];
}

async function finish(site: Site, first: readonly string[]): Promise<RunManifest> {
  for (let args: readonly string[] | null = first, rounds = 0; args !== null && rounds < 5; rounds += 1) {
    const { exitCode, stderr } = await startRunner(site, args).ended;
    expect([0, 3], stderr).toContain(exitCode);
    args = await nextArguments(site, false);
  }
  return (await newest(site)).manifest;
}

async function newest({ orchestrator }: Site) {
  const { runs } = await orchestrator();
  const [key] = await runs.keys();
  if (key === undefined) throw new Error("there is no run");
  return { key, manifest: await runs.manifest(key), events: await runs.events(key) };
}

async function expectWhole(site: Site, undisturbed: RunManifest, hint: string): Promise<void> {
  const { key, manifest, events } = await newest(site);
  expect(essenceOf(withoutInterruption(manifest)), hint).toEqual(essenceOf(undisturbed));
  expect(doublesIn(events), hint).toEqual([]);
  expect(await site.problems(key), hint).toEqual([]);
  expect(commitsIn(site, key), hint).toBe(1);
  expectEditedOnce(site, key, manifest, hint);
  const tallied = readFileSync(site.tally, "utf8").split("\n").slice(0, -1);
  const begun = (name: string) => tallied.filter((line) => line === `${name} begins`).length;
  const started = (tool: string) => payloadsOf(events, "tool_started").filter((call) => call.tool === tool).length;
  const interrupted = (tool: string) =>
    payloadsOf(events, "tool_interrupted").filter((call) => call.tool === tool).length;
  expect(started("run_check"), hint).toBe(1 + interrupted("run_check"));
  expect(begun("test"), hint).toBeLessThanOrEqual(started("run_check"));
  expect(tallied.at(-1), hint).toBe("test ends");
  // This command is not declared safe to repeat: where a runner died inside it, the record says so, and that is all.
  expect(started("run_command"), hint).toBe(1);
  expect(interrupted("run_command"), hint).toBeLessThanOrEqual(1);
  expect(manifest.error_files, hint).toEqual(interrupted("run_command") > 0 ? [interruptionFile] : []);
  expect(begun("note"), hint).toBeLessThanOrEqual(1);
}

/** What is kept of the one command that is not repeated where a runner died inside it. */
const interruptionFile = "errors/01-run_command.json";

function withoutInterruption(manifest: RunManifest): RunManifest {
  return {
    ...manifest,
    error_files: manifest.error_files.filter((name) => name !== interruptionFile),
    artifacts: manifest.artifacts.filter(({ name }) => name !== interruptionFile),
  };
}

/** An edit that would leave its mark twice where it was made twice. */
function expectEditedOnce(site: Site, key: RunKey, { commit }: RunManifest, hint: string): void {
  const text = committedText(site, key, commit ?? "", "src/count.js");
  expect(text.split("// counted").length - 1, hint).toBe(1);
}

/** No sandbox, so that commands can tell from inside that they ran: a `bwrap` that does not work comes first on the PATH. */
async function createSite(): Promise<Site> {
  const tools = temporaryFolder("tools");
  writeFileSync(join(tools, "bwrap"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const tally = join(temporaryFolder("tally"), "tally");
  writeFileSync(tally, "");
  const manifest = JSON.parse(samplePackage["package.json"] ?? "{}");
  const playground = createPlayground({
    ...samplePackage,
    "package.json": JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, note: "node note.js" } }),
    "note.js": noteScript(tally, "note"),
    "test/sample.test.js": `require("node:test").test("is noted", () => {${noteScript(tally, "test")}});\n`,
  });
  const builder = inTurns(
    call("apply_pattern", { pattern: "node-protocol", paths: ["src/paths.js"] }),
    greeting,
    call("edit_file", { path: "src/count.js", before: "exports.count =", after: "// counted\nexports.count =" }),
    call("run_command", { argv: ["npm", "run", "note"] }),
    say(buildSummary),
  );
  const server = await startModelServer({ ...honestTeam, builder });
  const task = join(temporaryFolder("task"), "tidy.md");
  writeFileSync(task, `---\n${JSON.stringify(sampleTask)}\n---\n`);
  const environment = {
    ...playground.environment,
    PATH: `${tools}:${playground.environment["PATH"]}`,
    OPENAI_API_KEY: "the-key-of-the-wire",
  };
  const model = ["--model", "openai:mock-model", "--base-url", server.baseUrl];
  return {
    ...playground,
    environment,
    server,
    tally,
    job: ["run", "--task", task, ...model, "--approve", "plan,finish"],
  };
}

function noteScript(tally: string, name: string): string {
  const write = (word: string) =>
    `require("node:fs").appendFileSync(${JSON.stringify(tally)}, ${JSON.stringify(`${name} ${word}\n`)});`;
  return `${write("begins")} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60); ${write("ends")}\n`;
}
