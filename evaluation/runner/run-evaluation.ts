import { join } from "node:path";
import { writeFileAtomic } from "../../orchestrator/io/files.ts";
import { mapBounded } from "../../orchestrator/io/map-bounded.ts";
import { removeAbandonedFolders } from "../../orchestrator/io/temporary-folder.ts";
import { type EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import type { Solver } from "../solver.ts";
import { trackBudget } from "./evaluation-budget.ts";
import { defaultTimeLimitMs, identityOf, triesOf } from "./evaluation-plan.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import { hashFixtures } from "./hash-fixtures.ts";
import { whyNeedsUnmet } from "./needs.ts";
import { createResultCache, type ResultCache } from "./result-cache.ts";
import { openResultLog, type ResultLog } from "./result-log.ts";
import { summarizeResults } from "./summarize-results.ts";
import { fixtureChanged, type Try, type TryOptions, trySample } from "./try-sample.ts";

/**
 * Tries every sample as often as there are epochs, each in a copy of its own, and writes `log.json` into the folder. Every try is on record when
 * it ends, and is not made again. Where a budget is spent, the rest is `not_tried` and the same request goes on with it. Throws `usage`, `fixture_changed`, `folder_held`, `document_invalid`, `disk_failed`, and `aborted`,
 * after which the same request goes on.
 */
export async function runEvaluation(request: EvaluationRequest): Promise<EvaluationLog> {
  const { dataset, metrics = [], machine, signal } = request;
  const fixtures = await hashFixtures(dataset);
  const identity = identityOf(request, fixtures);
  const due = triesOf(dataset, identity, fixtures);
  const now = () => machine.clock.now().toISOString();
  const folder = typeof request.folder === "string" ? request.folder : await request.folder(identity);
  const record = await openResultLog(folder, identity, now());
  try {
    await removeAbandonedFolders();
    const results = await makeTries(due, request, record, signal);
    const after = await hashFixtures(dataset);
    const changed = dataset.samples.find(({ id }) => after.get(id) !== fixtures.get(id));
    if (changed !== undefined) throw fixtureChanged(changed);
    const summary = summarizeResults(results, identity, metrics);
    const log = { ...identity, started_at: record.startedAt, finished_at: now(), results, summary };
    await writeFileAtomic(join(folder, "log.json"), `${JSON.stringify(log, null, 2)}\n`, { durable: true });
    return log;
  } finally {
    await record.close();
  }
}

async function makeTries(
  due: readonly Try[],
  request: EvaluationRequest,
  record: ResultLog,
  signal: AbortSignal,
): Promise<SampleResult[]> {
  const { solver, scorers, machine, concurrency = 2, timeLimitMs = defaultTimeLimitMs } = request;
  const options: TryOptions = {
    ...{ solver, scorers, machine, timeLimitMs },
    ...{ retriesMax: request.retriesMax ?? 2, retryPauseMs: request.retryPauseMs ?? 500 },
  };
  const cache = request.cacheFolder === undefined ? null : createResultCache(request.cacheFolder);
  const finished = new Map(record.finished.map((result) => [result.key, result]));
  const spending = trackBudget(request.budget ?? {}, record.finished, machine.clock);
  // Where one try cannot go on, neither can the others: they end before this does.
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const makeOrFind = async (one: Try): Promise<SampleResult> => {
    const known = finished.get(one.key);
    const isDue = known === undefined || (request.retryInfrastructure === true && isInfrastructure(known));
    if (!isDue) return known;
    const lacking = await whyNeedsUnmet(one.sample, machine.environment["PATH"] ?? "");
    if (lacking !== null) return notTried(one, lacking);
    const found = await findCached(one, solver, cache);
    const reason = found === null ? spending.stopReason() : null;
    if (reason !== null) return known ?? notTried(one, reason);
    if (found === null) spending.begin();
    const result = found ?? (await makeTry(one, options, cache, both));
    await record.append(result);
    spending.add(result);
    return result;
  };
  return settleAll(due, concurrency, stop, async (one) => {
    const result = await makeOrFind(one);
    request.onResult?.(result);
    return result;
  });
}

function isInfrastructure({ status }: SampleResult): boolean {
  return status === "infrastructure_failed";
}

function notTried({ sample, epoch, seed, key }: Try, reason: string): SampleResult {
  return { status: "not_tried", sample: sample.id, epoch, seed, key, passed: false, reason };
}

/** As `mapBounded`, but all work has ended when it rejects. */
async function settleAll<Item, Result>(
  items: readonly Item[],
  limit: number,
  stop: AbortController,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const failures: unknown[] = [];
  const results = await mapBounded(items, limit, async (item) => {
    if (failures.length > 0) return [];
    try {
      return [await work(item)];
    } catch (error) {
      failures.push(error);
      stop.abort();
      return [];
    }
  });
  if (failures.length > 0) throw failures[0];
  return results.flat();
}

async function findCached({ key }: Try, { isDeterministic }: Solver, cache: ResultCache | null) {
  const found = cache !== null && isDeterministic ? await cache.find(key) : null;
  return found === null || found.status === "not_tried" ? null : { ...found, is_cached: true };
}

async function makeTry(
  due: Try,
  options: TryOptions,
  cache: ResultCache | null,
  signal: AbortSignal,
): Promise<SampleResult> {
  const result = SampleResult.parse(await options.machine.redactor.json(await trySample(due, options, signal)));
  const mayCache = cache !== null && options.solver.isDeterministic;
  if (mayCache && result.status === "scored") await cache.keep(result);
  return result;
}
