import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { temporaryFolder, testMachine } from "../machine.test-support.ts";
import { EvaluationLog, type SampleResult, type Score } from "../schema/evaluation-log.ts";
import { Dataset } from "../schema/sample.ts";
import { type Subject, verdict } from "../scorer.ts";
import { filesMatch } from "../scorers/files-match.ts";
import type { Attempt, Solver } from "../solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import { runEvaluation } from "./run-evaluation.ts";

function datasetOf(count: number): Dataset {
  const samples = Array.from({ length: count }, (_, index) => ({
    id: `group/sample-${index}`,
    fixture: { files: { "a.txt": `before ${index}\n`, "b.txt": "stays\n" } },
    target: { files: { "a.txt": `after ${index}\n` } },
  }));
  return Dataset.parse({ schema_version: 1, id: "small", samples });
}

async function requestOf(change: Partial<EvaluationRequest> = {}): Promise<EvaluationRequest & { folder: string }> {
  return {
    ...{ dataset: datasetOf(3), solver: knownGoodSolver, scorers: [filesMatch], retryPauseMs: 1 },
    ...{ machine: testMachine(), signal: new AbortController().signal },
    ...change,
    folder: await temporaryFolder(),
  };
}

function solverOf(solve: (attempt: Attempt) => Promise<unknown>, isDeterministic = false): Solver {
  return {
    id: "own",
    fingerprint: 1,
    isDeterministic,
    solve: async (attempt) => ({ note: String(await solve(attempt)) }),
  };
}

function withoutTimes(results: readonly SampleResult[]) {
  return results.map((result) => ({ ...result, duration_ms: null, started_at: null }));
}

test("the log on the disk is the one that is given back, valid, and in the order of samples and epochs", async () => {
  const request = await requestOf({ epochs: 2, concurrency: 3 });
  const log = await runEvaluation(request);
  expect(EvaluationLog.parse(JSON.parse(await readFile(join(request.folder, "log.json"), "utf8")))).toEqual(log);
  expect(log.results.map(({ sample, epoch }) => `${sample} ${epoch}`)).toEqual(
    [0, 1, 2].flatMap((index) => [`group/sample-${index} 1`, `group/sample-${index} 2`]),
  );
  expect(log.summary).toMatchObject({
    samples: 3,
    tries: 6,
    passed: 6,
    estimates: [{ k: 1 }, { k: 2, pass_hat_k: 1 }],
  });
  expect(log.results[0]).toMatchObject({ changed_paths: ["a.txt"], patch: expect.stringContaining("+after 0") });
});

test("an evaluation that was stopped goes on where it was, and ends with the log of an undisturbed one", async () => {
  const tried: string[] = [];
  const stop = new AbortController();
  const solver = solverOf(async (attempt) => {
    tried.push(`${attempt.sample.id} ${attempt.epoch}`);
    if (tried.length === 3) stop.abort();
    await knownGoodSolver.solve(attempt);
    return attempt.seed;
  });
  const request = await requestOf({ solver, epochs: 2, concurrency: 1 });
  await expect(runEvaluation({ ...request, signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
  // As a process leaves it that is killed while it writes.
  await appendFile(join(request.folder, "results.1.jsonl"), '{"status":"sco');
  const resumed = await runEvaluation(request);
  expect(tried).toHaveLength(7);
  expect(new Set(tried).size).toBe(6);
  const undisturbed = await runEvaluation({ ...request, folder: await temporaryFolder() });
  expect(withoutTimes(resumed.results)).toEqual(withoutTimes(undisturbed.results));
  expect(resumed.summary).toEqual(undisturbed.summary);
});

test("a record of another evaluation, or one that is damaged, is refused and left as it is", async () => {
  const request = await requestOf();
  await runEvaluation(request);
  await expect(runEvaluation({ ...request, seed: 1 })).rejects.toMatchObject({ code: "usage" });
  const path = join(request.folder, "results.1.jsonl");
  const text = await readFile(path, "utf8");
  await writeFile(path, `spoiled\n${text}`);
  await expect(runEvaluation(request)).rejects.toMatchObject({ code: "document_invalid" });
  expect(await readFile(path, "utf8")).toBe(`spoiled\n${text}`);
});

test("two at once in one folder: one of them is turned away", async () => {
  const request = await requestOf();
  const solver = solverOf(async () => {
    await expect(runEvaluation({ ...request, solver })).rejects.toMatchObject({ code: "folder_held" });
  });
  const { summary } = await runEvaluation({ ...request, solver, concurrency: 1 });
  expect(summary.infrastructure_failed).toBe(0);
});

test("only a failure of the infrastructure is tried again, and one that stays counts as not passed", async () => {
  const calls = new Map<string, number>();
  const solver = solverOf(async (attempt) => {
    const call = 1 + (calls.get(attempt.sample.id) ?? 0);
    calls.set(attempt.sample.id, call);
    if (attempt.sample.id.endsWith("0") && call === 1) throw new OrchestratorError("model_unreachable", "no answer");
    if (attempt.sample.id.endsWith("1")) throw new Error("always");
    if (attempt.sample.id.endsWith("2")) throw new OrchestratorError("model_unknown", "no such model");
    if (!attempt.sample.id.endsWith("3")) await knownGoodSolver.solve(attempt);
  });
  const { results, summary } = await runEvaluation(await requestOf({ dataset: datasetOf(5), solver }));
  const attemptsOf = (result: SampleResult) => (result.status === "not_tried" ? 0 : result.attempts);
  expect(results.map((result) => [result.status, attemptsOf(result), result.passed])).toEqual([
    ["scored", 2, true],
    ["infrastructure_failed", 3, false],
    ["infrastructure_failed", 1, false],
    ["scored", 1, false],
    ["scored", 1, true],
  ]);
  expect(results[2]).toMatchObject({ code: "model_unknown", message: "no such model" });
  expect(summary).toMatchObject({ tries: 5, passed: 2, infrastructure_failed: 2, pass_rate: { mean: 0.4 } });
});

test("a solver that is not done in its time has not passed, and is not tried again", async () => {
  let calls = 0;
  const solver = solverOf(({ signal }) => {
    calls += 1;
    return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  });
  const { results, summary } = await runEvaluation(await requestOf({ dataset: datasetOf(1), solver, timeLimitMs: 30 }));
  expect(results).toMatchObject([{ status: "timed_out", passed: false, attempts: 1 }]);
  expect(summary).toMatchObject({ timed_out: 1, passed: 0, tries: 1 });
  expect(calls).toBe(1);
});

function passWhenLate({ signal }: Subject): Promise<Score> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(verdict(true, "late")), { once: true }),
  );
}

test("a scorer that throws or takes too long passes nothing", async () => {
  const broken = { ...filesMatch, score: () => Promise.reject(new Error("no disk")) };
  const endless = { ...filesMatch, score: passWhenLate };
  const [thrown, slow] = await Promise.all([
    runEvaluation(await requestOf({ dataset: datasetOf(1), scorers: [broken], retriesMax: 0 })),
    runEvaluation(await requestOf({ dataset: datasetOf(1), scorers: [endless], timeLimitMs: 50 })),
  ]);
  expect(thrown.results).toMatchObject([{ status: "infrastructure_failed", message: "no disk" }]);
  expect(slow.results).toMatchObject([{ passed: false, scores: { "files-match": { value: 0 } } }]);
});

test("samples are tried in copies, and a fixture that something writes into ends the evaluation", async () => {
  const fixture = join(await temporaryFolder(), "fixture");
  await mkdir(fixture);
  await writeFile(join(fixture, "a.txt"), "before\n");
  const sample = { id: "one", fixture: { folder: fixture }, target: { files: { "a.txt": "after\n" } } };
  const dataset = Dataset.parse({ schema_version: 1, id: "folder", samples: [sample] });
  const roots: string[] = [];
  const solver = solverOf(async (attempt) => {
    roots.push(attempt.root);
    expect(await readFile(join(attempt.root, "a.txt"), "utf8")).toBe("before\n");
    await knownGoodSolver.solve(attempt);
  });
  const log = await runEvaluation(await requestOf({ dataset, solver, epochs: 3 }));
  expect(log.summary.passed).toBe(3);
  expect(new Set(roots).size).toBe(3);
  expect(await readFile(join(fixture, "a.txt"), "utf8")).toBe("before\n");
  expect(await Promise.all(roots.map((root) => readdir(root).catch(() => "gone")))).toEqual(["gone", "gone", "gone"]);

  const spoiler = solverOf(() => writeFile(join(fixture, "planted"), ""));
  await expect(runEvaluation(await requestOf({ dataset, solver: spoiler }))).rejects.toMatchObject({
    code: "fixture_changed",
  });
});

test("a result comes from the cache where all that it depends on is the same, and of a deterministic solver alone", async () => {
  const cacheFolder = await temporaryFolder();
  let calls = 0;
  const count = (isDeterministic: boolean, version: number): Solver => ({
    ...solverOf((attempt) => knownGoodSolver.solve(attempt).finally(() => (calls += 1)), isDeterministic),
    fingerprint: version,
  });
  const run = async (change: Partial<EvaluationRequest>) => {
    calls = 0;
    const { results } = await runEvaluation(await requestOf({ cacheFolder, ...change }));
    expect(results.filter((result) => result.status !== "not_tried" && result.is_cached)).toHaveLength(
      results.length - calls,
    );
    return calls;
  };
  expect(await run({ solver: count(true, 1) })).toBe(3);
  expect(await run({ solver: count(true, 1), dataset: datasetOf(4) })).toBe(1);
  expect(await run({ solver: count(true, 2) })).toBe(3);
  expect(await run({ solver: count(true, 1), scorers: [{ ...filesMatch, version: "next" }] })).toBe(3);
  expect(await run({ solver: count(false, 1) })).toBe(3);
});

const usage = { turns: 1, input_tokens: 60, output_tokens: 40, cost_usd: 0.5 };
const spending: Solver = {
  ...solverOf((attempt) => knownGoodSolver.solve(attempt)),
  solve: async () => ({ note: "", usage }),
};

test.each<[string, NonNullable<EvaluationRequest["budget"]>, number, string]>([
  ["tries", { tries: 2 }, 2, "the budget of 2 tries"],
  ["tokens", { tokens: 201 }, 3, "the budget of 201 tokens"],
  ["money", { cost_usd: 0.5 }, 1, "the budget of 0.5 US dollars"],
  ["time", { wall_clock_seconds: 0 }, 0, "the budget of 0 seconds"],
])("a spent budget of %s ends the tries, and the log says that it is not complete", async (_, budget, made, reason) => {
  const request = await requestOf({ dataset: datasetOf(5), solver: spending, concurrency: 1 });
  const { results, summary } = await runEvaluation({ ...request, budget });
  expect(results.map(({ status }) => status)).toEqual([
    ...Array(made).fill("scored"),
    ...Array(5 - made).fill("not_tried"),
  ]);
  expect(results.at(-1)).toMatchObject({ passed: false, reason: `${reason} is spent` });
  expect(summary).toMatchObject({ is_complete: false, tries: made, samples: made, not_tried: 5 - made });
  expect(summary.pass_rate.mean).toBe(made === 0 ? null : 0);
  expect(summary.usage.cost_usd).toBe(made * 0.5);
  const whole = await runEvaluation(request);
  expect(whole.summary).toMatchObject({ is_complete: true, tries: 5, not_tried: 0, usage: { turns: 5 } });
});

test("a budget of what a solver does not tell counts as spent after one try", async () => {
  const { results } = await runEvaluation(await requestOf({ concurrency: 1, budget: { tokens: 1_000 } }));
  expect(results.map(({ status }) => status)).toEqual(["scored", "not_tried", "not_tried"]);
  expect(results.at(-1)).toMatchObject({ reason: expect.stringContaining("does not say what group/sample-0 used") });
});

test("what a solver used is counted also where it was stopped at its time", async () => {
  const late: Solver["solve"] = ({ signal }) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve({ note: "", usage }), { once: true }));
  const { summary } = await runEvaluation(
    await requestOf({ dataset: datasetOf(1), solver: { ...spending, solve: late }, timeLimitMs: 30 }),
  );
  expect(summary).toMatchObject({ timed_out: 1, usage: { cost_usd: 0.5 } });
});

test("what the infrastructure failed is made again where that is asked for, and nothing else is", async () => {
  const calls: string[] = [];
  let isBroken = true;
  const solver = solverOf(async (attempt) => {
    calls.push(attempt.sample.id);
    if (isBroken && attempt.sample.id.endsWith("1")) throw new OrchestratorError("model_unknown", "no such model");
    await knownGoodSolver.solve(attempt);
  });
  const request = await requestOf({ solver, concurrency: 1 });
  expect((await runEvaluation(request)).summary).toMatchObject({ infrastructure_failed: 1, passed: 2 });
  isBroken = false;
  expect((await runEvaluation(request)).summary).toMatchObject({ infrastructure_failed: 1, passed: 2 });
  const mended = await runEvaluation({ ...request, retryInfrastructure: true });
  expect(mended.summary).toMatchObject({ infrastructure_failed: 0, passed: 3 });
  expect(calls.filter((id) => id.endsWith("1"))).toHaveLength(2);
  expect(calls).toHaveLength(4);
  expect((await runEvaluation(request)).summary).toEqual(mended.summary);
});

test("what looks secret is nowhere on the disk", async () => {
  const machine = testMachine();
  machine.redactor.register("password", "correct-horse-battery");
  const solver = solverOf(async ({ root }) => {
    await writeFile(join(root, "a.txt"), "correct-horse-battery\n");
    return "correct-horse-battery";
  });
  const request = await requestOf({ solver, machine, dataset: datasetOf(1) });
  await runEvaluation(request);
  for (const name of await readdir(request.folder))
    expect(await readFile(join(request.folder, name), "utf8")).not.toContain("correct-horse");
});

test("a request that cannot say who passed is refused", async () => {
  await expect(runEvaluation(await requestOf({ scorers: [] }))).rejects.toMatchObject({ code: "usage" });
  await expect(runEvaluation(await requestOf({ epochs: 0 }))).rejects.toMatchObject({ code: "usage" });
  const twice = [filesMatch, filesMatch];
  await expect(runEvaluation(await requestOf({ scorers: twice }))).rejects.toMatchObject({ code: "usage" });
});
