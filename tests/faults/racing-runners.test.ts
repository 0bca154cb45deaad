import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { createFileRunStore } from "../../orchestrator/runs/file-run-store.ts";
import { created, plainRedactor } from "../../orchestrator/runs/fixtures/sample-run.ts";
import { bundleRunner, type RunnerProcess, startRunner } from "../../orchestrator/runs/fixtures/start-runner.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";

const rounds = Number(process.env["FAULT_RACES"] ?? 50);
const processes = 20;
const key = { taskId: "task-1", runId: "run-1" };

test(
  `of ${processes} processes that claim one run at one instant exactly one wins, ${rounds} times`,
  async () => {
    const folder = temporaryFolder("race");
    const root = join(folder, ".runs");
    const store = openStore(root);
    await (await store.create(key, created())).release();
    const script = await bundleRunner(folder);
    const signals = join(folder, "go");
    const racers = Array.from({ length: processes }, () => started(script, ["swarm", root, signals]));
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(racers.map((racer) => racer.until(({ ready }) => ready === round)));
      writeFileSync(`${signals}-${round}`, "");
      await Promise.all(racers.map((racer) => racer.until((said) => said.round === round && said.wins !== undefined)));
      const wins = racers.map(
        ({ said }) => said.find((one) => one.round === round && one.wins !== undefined)?.wins ?? 0,
      );
      expect(
        wins.reduce((sum, each) => sum + each, 0),
        `round ${round}`,
      ).toBe(1);
      expect(
        racers.flatMap(({ said }) => said.flatMap(({ failed }) => failed ?? [])),
        `round ${round}`,
      ).toEqual([]);
      writeFileSync(`${signals}-${round}-over`, "");
    }
    for (const { child } of racers) child.kill("SIGKILL");
    await Promise.all(racers.map(({ ended }) => ended));
    const { events, problems } = await store.read(key);
    expect(problems).toEqual([]);
    expect(events.filter(({ event }) => event === "lease_acquired")).toHaveLength(rounds + 1);
    expect(await verifyRun(join(root, "task-1", "run-1"))).toMatchObject({ ok: true, problems: [] });
  },
  60_000 + rounds * 4_000,
);

function started(script: string, args: readonly string[]): RunnerProcess {
  const runner = startRunner(script, args);
  onTestFinished(() => {
    runner.child.kill("SIGKILL");
  });
  return runner;
}

function openStore(root: string) {
  return createFileRunStore({
    root,
    clock: systemClock,
    redactor: plainRedactor(),
    heartbeat: { intervalSeconds: 0.05, staleAfterSeconds: 0.4 },
  });
}
