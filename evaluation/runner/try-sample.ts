import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { withTemporaryFolder } from "../../orchestrator/io/temporary-folder.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { patchOf } from "../../patterns/apply/format-patch.ts";
import type { Machine } from "../machine.ts";
import type { SampleResult, Score } from "../schema/evaluation-log.ts";
import type { Sample } from "../schema/sample.ts";
import { type Scorer, type Subject, verdict } from "../scorer.ts";
import type { Attempt, Solver } from "../solver.ts";
import { changedBetween, hashSnapshot, snapshotFolder } from "./folder-snapshot.ts";
import { openSubject } from "./open-subject.ts";
import { placeFixture } from "./place-fixture.ts";
import { shortenSolution } from "./shorten-solution.ts";
import { evaluationStopped, withTimeLimit } from "./with-time-limit.ts";

const pathsMax = 1_000;
const patchCharactersMax = 65_536;

/** One try that is due. */
export interface Try {
  readonly sample: Sample;
  readonly fixtureHash: string;
  readonly epoch: number;
  readonly seed: number;
  readonly key: string;
}

/** How tries are made. */
export interface TryOptions {
  readonly solver: Solver;
  readonly scorers: readonly Scorer[];
  readonly machine: Machine;
  /** For the solver, and once more for each scorer. */
  readonly timeLimitMs: number;
  /** How often a failure of the infrastructure is tried again, and the pause before, which doubles. */
  readonly retriesMax: number;
  readonly retryPauseMs: number;
}

/** Makes one try, again where the infrastructure failed. Rejects with `aborted`, and where a fixture was changed. */
export async function trySample(due: Try, options: TryOptions, signal: AbortSignal): Promise<SampleResult> {
  const { sample, epoch, seed, key } = due;
  const { clock } = options.machine;
  for (let attempts = 1; ; attempts += 1) {
    const startedAt = clock.now().toISOString();
    const startedMs = clock.monotonicMs();
    const place = { sample: sample.id, epoch, seed, key, attempts, is_cached: false, started_at: startedAt };
    try {
      return { ...place, ...(await withTemporaryFolder("eval", (folder) => attemptIn(folder, due, options, signal))) };
    } catch (error) {
      if (signal.aborted || isOrchestratorError(error, "fixture_changed")) throw error;
      const isFinal = isOrchestratorError(error) && !error.retryable;
      if (isFinal || attempts > options.retriesMax) {
        const code = isOrchestratorError(error) ? error.code : "unknown";
        const failure = { status: "infrastructure_failed", passed: false, code, message: messageOf(error) } as const;
        return { ...place, ...failure, duration_ms: clock.monotonicMs() - startedMs };
      }
      await pause(options.retryPauseMs * 2 ** (attempts - 1), undefined, { signal }).catch(() => {
        throw evaluationStopped();
      });
    }
  }
}

type Ending =
  | Pick<Extract<SampleResult, { status: "timed_out" }>, "status" | "passed" | "duration_ms" | "usage">
  | Omit<Extract<SampleResult, { status: "scored" }>, keyof Try | "sample" | "attempts" | "is_cached" | "started_at">;

async function attemptIn(folder: string, due: Try, options: TryOptions, signal: AbortSignal): Promise<Ending> {
  const { solver, scorers, machine, timeLimitMs } = options;
  const root = join(folder, "work");
  await placeFixture(due.sample.fixture, root);
  const before = await snapshotFolder(root);
  if (hashSnapshot(before) !== due.fixtureHash) throw fixtureChanged(due.sample);
  const startedMs = machine.clock.monotonicMs();
  const attemptOf = (own: AbortSignal): Attempt => {
    const { sample, epoch, seed } = due;
    return { sample, root, epoch, seed, signal: own, machine };
  };
  const solved = await withTimeLimit(timeLimitMs, signal, (own) => solver.solve(attemptOf(own)));
  const durationMs = machine.clock.monotonicMs() - startedMs;
  if (!solved.isDone) {
    const usage = solved.late?.usage;
    const ending = { status: "timed_out", passed: false, duration_ms: durationMs } as const;
    return usage === undefined ? ending : { ...ending, usage };
  }
  const changedPaths = changedBetween(before, await snapshotFolder(root));
  const subjectFor = (own: AbortSignal): Subject =>
    openSubject({
      ...{ attempt: attemptOf(own), solver, solution: solved.value },
      ...{ changedPaths, durationMs, folder, signal: own },
    });
  const scores = await scoreAll(scorers, subjectFor, timeLimitMs, signal);
  return {
    ...{ status: "scored", duration_ms: durationMs, scores, passed: isPass(scorers, scores) },
    // Redacted before it is cut: of a secret that is cut through, a part would stay.
    ...shortenSolution(await machine.redactor.json(solved.value)),
    ...(await describeChange(subjectFor(signal))),
  };
}

async function scoreAll(
  scorers: readonly Scorer[],
  subjectFor: (signal: AbortSignal) => Subject,
  limitMs: number,
  signal: AbortSignal,
): Promise<Record<string, Score>> {
  const scores: Record<string, Score> = {};
  for (const scorer of scorers) {
    const scored = await withTimeLimit(limitMs, signal, (own) => scorer.score(subjectFor(own)));
    const score = scored.isDone ? scored.value : verdict(false, `not scored within ${limitMs} ms`);
    if (score !== null) scores[scorer.id] = score;
    else if (scorer.kind === "verdict") scores[scorer.id] = verdict(false, "the sample gives nothing to go by");
  }
  return scores;
}

function isPass(scorers: readonly Scorer[], scores: Readonly<Record<string, Score>>): boolean {
  return scorers.every(({ id, kind }) => kind === "measure" || scores[id]?.value === 1);
}

async function describeChange({ changedPaths, before, after, machine }: Subject) {
  const shown = changedPaths.slice(0, pathsMax);
  let patch = "";
  for (const path of shown) {
    if (patch.length > patchCharactersMax) break;
    patch += patchOf([{ path, before: (await before(path)) ?? "", after: (await after(path)) ?? "" }]);
  }
  const shownPatch = await machine.redactor.text(patch);
  const cut =
    shownPatch.length > patchCharactersMax ? `${shownPatch.slice(0, patchCharactersMax)}\n[cut off]\n` : shownPatch;
  return { changed_paths: [...shown], patch: cut };
}

/** For a fixture that something wrote into: every later try would begin with something else than the first. */
export function fixtureChanged({ id }: Sample): OrchestratorError {
  return new OrchestratorError(
    "fixture_changed",
    `the fixture of ${id} is not what it was when the evaluation began: something wrote into it; restore it and start anew`,
  );
}
