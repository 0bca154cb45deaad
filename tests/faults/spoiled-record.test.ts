import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { main } from "../../orchestrator/cli/main.ts";
import { type Mutation, mutate, mutationKinds } from "../../orchestrator/runs/fixtures/mutate.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createRandom } from "../support/create-random.ts";
import { answerQuestion, createPlayground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";

const mutations = Number(process.env["FAULT_MUTATIONS"] ?? 2000);
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_121);
const files = ["events.jsonl", "events.2.jsonl", "manifest.json"] as const;
/** What an answer of the command line can be; anything else is a crash. */
const exitCodes = [0, 1, 2, 3, 4];

test(
  `each of ${mutations} ways to spoil the log and the manifest of a run is found by runs verify, and no verb crashes`,
  async () => {
    const { folder, runId, call } = await finishedRun();
    const random = createRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const verbs: readonly (readonly string[])[] = [
      ["runs", "list"],
      ["runs", "show", runId],
      ["runs", "diff", runId],
      ["poll", runId],
      ["runs", "export", runId, "--to", join(temporaryFolder("export"), "tree")],
    ];
    const counts: Record<string, number> = {};
    for (let done = 0; done < mutations; ) {
      const name = files[done % files.length] ?? "events.jsonl";
      const path = join(folder, name);
      const original = readFileSync(path);
      const kind = mutationKinds[pick(mutationKinds.length)] ?? "flip";
      const one: Mutation = { kind, at: pick(1e9), other: pick(1e9) };
      const spoiled = mutate(original, one);
      if (spoiled.equals(original)) continue;
      const hint = `seed ${seed}, mutation ${done}: ${JSON.stringify(one)} of ${name}`;
      writeFileSync(path, spoiled);
      expect((await verifyRun(folder)).problems, hint).not.toEqual([]);
      // Each verb costs a look at the whole repository, so that they take turns.
      const verb = verbs[done % verbs.length] ?? [];
      for (const argv of done % 10 === 0 ? [["runs", "verify", runId], ...verbs] : [verb]) {
        const { exit, stderr } = await call(argv);
        expect(exitCodes, `${hint}, ${argv.join(" ")}: ${stderr}`).toContain(exit);
        expect(stderr, `${hint}, ${argv.join(" ")}`).not.toContain("internal error");
        // 2 where not even the first event can be read, so that there is no run to speak of.
        if (argv[1] === "verify") expect([1, 2], hint).toContain(exit);
      }
      writeFileSync(path, original);
      counts[`${kind} of ${name}`] = (counts[`${kind} of ${name}`] ?? 0) + 1;
      done += 1;
    }
    expect((await verifyRun(folder)).problems).toEqual([]);
    if (process.env["FAULT_SWEEP"] !== undefined) console.table(counts);
  },
  60_000 + mutations * 500,
);

/** A run of two runners, whose end is on record. */
async function finishedRun() {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal, { approvals: ["plan"] });
  await run.finished();
  await answerQuestion(orchestrator, run.key, "approve");
  await (await orchestrator.resume(run.key.runId)).finished();
  const environment = { ...playground.environment, ORCHESTRATOR_CACHE_DIR: playground.cacheDir };
  const call = async (argv: readonly string[]) => {
    const io = createTestIo({ cwd: playground.repository, environment });
    return { exit: await main([...argv], io), stderr: io.errors() };
  };
  return { folder: playground.runFolder(run.key), runId: run.key.runId, call };
}
