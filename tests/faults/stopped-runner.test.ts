import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPlayground, type Playground } from "../support/playground.ts";
import { readLog, startRunner } from "../support/runner-process.ts";

test("a runner that is stopped past its lease and wakes up adds nothing to the run, and exits saying who has it", async () => {
  const tally = join(temporaryFolder("tally"), "tally");
  const playground = createSite(tally);
  const sleeper = startRunner(playground, ["start", "own"]);
  await sleeper.stopWhen((log) => log.some(({ name }) => name === "command_started"));
  const before = readLog(playground).map(({ text }) => text);
  const taken = await startRunner(playground, ["resume", "latest"]).ended;
  expect([taken.exitCode, taken.stderr]).toEqual([0, expect.any(String)]);
  const { runs } = await playground.orchestrator();
  const [key] = await runs.keys();
  if (key === undefined) throw new Error("there is no run");
  const [manifest, events] = [await runs.manifest(key), await runs.events(key)];
  const tallied = readFileSync(tally, "utf8");

  sleeper.wake();
  const woken = await sleeper.ended;
  expect([woken.exitCode, woken.signal]).toEqual([4, null]);
  expect(woken.stderr + woken.stdout).toContain(`another runner took over run ${key.runId}`);
  expect(woken.stderr + woken.stdout).toContain("what this one writes is no part of the run any more");

  expect(events.slice(0, before.length).map(({ hash }) => hash)).toEqual(
    before.map((text) => /"hash":"([0-9a-f]{64})"\}$/.exec(text)?.[1]),
  );
  expect(await runs.events(key)).toEqual(events);
  expect(await runs.manifest(key)).toEqual(manifest);
  expect(manifest).toMatchObject({ status: "passed", resume_events: [{ epoch: 2 }] });
  expect(readFileSync(tally, "utf8")).toBe(tallied);
  expect((await runs.metrics()).rows).toHaveLength(1);
  expect(await playground.problems(key)).toEqual([]);
}, 90_000);

/** A repository whose one command takes a second, with a lease that is short. */
function createSite(tally: string): Playground {
  writeFileSync(tally, "");
  const script = `echo begins >> '${tally}'; sleep 1; echo ends >> '${tally}'`;
  const command = { name: "slow", argv: ["sh", "-c", script], sandbox: false };
  const settings = {
    heartbeat_interval_seconds: 0.2,
    heartbeat_stale_after_seconds: 2,
    pipelines: { own: { commands: [command] } },
  };
  return createPlayground({
    "orchestrator.config.yaml": `version: 1\nsettings: ${JSON.stringify(settings)}\n`,
    ".gitignore": ".runs/\n",
  });
}
