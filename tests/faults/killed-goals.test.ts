import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCliPlayground } from "../cli/cli-playground.ts";

const kills = 20;
const Manifest = z.object({
  status: z.string(),
  run_id: z.string(),
  goals: z.object({ goals: z.array(z.object({ id: z.string(), run_id: z.string() })) }),
});
const Runs = z.object({
  runs: z.array(z.object({ run_id: z.string(), task_id: z.string(), damaged: z.boolean() })),
});

test(`goals whose runner is killed ${kills} times are all done, each by one run`, { timeout: 600_000 }, async () => {
  const seed = Date.now();
  const pauses = fc.sample(fc.integer({ min: 50, max: 2_500 }), { seed, numRuns: kills });
  const cli = createCliPlayground();
  const ids = Array.from({ length: 12 }, (_, index) => `g${index + 1}`);
  const goals = ids.map((id, index) => {
    const on = index % 3 === 2 ? `, depends_on: [g${index}]` : "";
    return `  - {id: ${id}, goal: "use node: for builtin modules", recipe: [node-protocol]${on}}`;
  });
  writeFileSync(join(cli.repository, "goals.yaml"), `version: 1\nconcurrency: 3\ngoals:\n${goals.join("\n")}\n`);
  let run: string | null = null;
  for (const pause of pauses) {
    const argv: readonly string[] = run === null ? ["goals", "run", "goals.yaml"] : ["resume", run];
    const runner = cli.start(...argv, "--quiet");
    await sleep(pause);
    runner.child.kill("SIGKILL");
    await runner.ended;
    const { runs } = Runs.parse(
      JSON.parse((await cli.call("runs", "list", "--limit", "100", "--format", "json")).stdout),
    );
    run = runs.find(({ task_id }) => task_id === "goals-goals")?.run_id ?? null;
  }
  const last = await cli.run("resume", run ?? "", "--quiet");
  expect([0, 2], `seed ${seed}: ${last.stderr}`).toContain(last.exit);
  const shown = await cli.call("runs", "show", run ?? "", "--format", "json");
  const manifest = Manifest.parse(JSON.parse(shown.stdout));
  expect(manifest.status, `seed ${seed}`).toBe("passed");
  const { runs } = Runs.parse(
    JSON.parse((await cli.call("runs", "list", "--limit", "100", "--format", "json")).stdout),
  );
  const made = runs.filter(({ task_id }) => task_id !== "goals-goals");
  // A run of which nothing but its folder was made when its runner died has done nothing.
  const born = made.filter(({ damaged }) => !damaged).map(({ run_id }) => run_id);
  expect(born.sort(), `seed ${seed}`).toEqual(manifest.goals.goals.map(({ run_id }) => run_id).sort());
  expect((await cli.call("runs", "verify", run ?? "")).exit).toBe(0);
});
