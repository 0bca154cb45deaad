import { join, relative, resolve } from "node:path";
import type {
  Dataset,
  EvaluationAnswer,
  EvaluationLog,
  LoadedEvaluation,
  LogComparison,
  Machine,
  RegressionVerdict,
} from "../../../evaluation/index.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { showCount } from "../progress/show-count.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { readBudget, readCompareOptions, readNumber, readRegressionRule, readSolverSettings } from "./eval-options.ts";
import { type ReportTarget, readReportTargets, writeReports } from "./eval-reports.ts";

type Harness = typeof import("../../../evaluation/index.ts");

/** What all evaluations of one command share. */
interface Session {
  readonly context: CommandContext;
  readonly harness: Harness;
  readonly machine: Machine;
  readonly baseline: EvaluationLog | null;
  readonly targets: readonly ReportTarget[];
  /** Below `--out`, where there are several evaluations. */
  readonly isOneOfMany: boolean;
}

/** One evaluation that was run. */
interface Finished {
  readonly name: string;
  readonly folder: string;
  readonly log: EvaluationLog;
  /** The definition's own text and answer. */
  readonly description?: string;
  readonly answer?: EvaluationAnswer;
  readonly comparison?: LogComparison;
  readonly verdict?: RegressionVerdict;
}

/**
 * `eval run`: exit code 1 where a try did not pass, 4 where only the infrastructure failed some, 2 where some were not made, else 0. With
 * `--fail-on-regression` the comparison with the baseline takes the place of the first. Where the definition judges by itself, its answer counts.
 */
export async function evalRunCommand(context: CommandContext): Promise<number> {
  const harness = await import("../../../evaluation/index.ts");
  const { args, printer, format } = context;
  const targets = readReportTargets(context, harness);
  assertConsistent(context);
  const evaluations = await loadAll(context, harness);
  const isOneOfMany = evaluations.length > 1;
  if (isOneOfMany) assertAlone(context, targets);
  const session: Session = {
    ...{ context, harness, targets, isOneOfMany },
    machine: await harness.openMachine(context.io.environment),
    baseline: await readBaseline(context, harness),
  };
  const finished: Finished[] = [];
  for (const evaluation of evaluations) finished.push(await runOne(session, evaluation));
  if (format === "json") printer.printJson({ evaluations: finished.map(documentOf) });
  const answers = finished.map((each) => answerOf(each, args.isOn("fail-on-regression")));
  const worst = [exitCodes.no, exitCodes.fault, exitCodes.unclear].find((code) => answers.includes(code));
  return worst ?? exitCodes.yes;
}

function assertConsistent({ args }: CommandContext): void {
  if (args.text("baseline") !== undefined) return;
  const without = ["fail-on-regression", "partial"].filter((name) => args.isOn(name));
  const valued = ["alpha"].filter((name) => args.text(name) !== undefined);
  const wanting = [...without, ...valued, ...(args.list("never-worse").length > 0 ? ["never-worse"] : [])];
  if (wanting.length > 0)
    throw new OrchestratorError("usage", `--${wanting[0]} needs --baseline <log>: there is nothing to compare with`);
}

function assertAlone({ args }: CommandContext, targets: readonly ReportTarget[]): void {
  if (args.text("baseline") !== undefined)
    throw new OrchestratorError("usage", "--baseline is of one evaluation; run one at a time with it");
  if (targets.length > 0)
    throw new OrchestratorError(
      "usage",
      "--report names files for one evaluation; run one, or eval report <log> for each",
    );
}

async function loadAll(context: CommandContext, harness: Harness): Promise<readonly LoadedEvaluation[]> {
  const { args, io } = context;
  const solver = args.text("solver");
  const options = {
    ...readSolverSettings(context, resolve),
    ...(solver === undefined ? {} : { solver: harness.solverNamed(solver) }),
  };
  const names = args.positionals.length === 0 ? ["."] : args.positionals;
  const loaded: LoadedEvaluation[] = [];
  for (const name of names) loaded.push(...(await harness.loadEvaluations(name, io.cwd, options)));
  const seen = loaded.map(({ dataset }) => dataset.id);
  const twice = seen.find((id, index) => seen.indexOf(id) !== index);
  if (twice === undefined || args.text("out") === undefined) return loaded;
  throw new OrchestratorError(
    "usage",
    `two evaluations have the dataset ${twice}, so --out cannot hold both; run one at a time`,
  );
}

async function readBaseline({ args, io }: CommandContext, harness: Harness): Promise<EvaluationLog | null> {
  const path = args.text("baseline");
  return path === undefined ? null : harness.readEvaluationLog(resolve(io.cwd, path));
}

async function runOne(session: Session, evaluation: LoadedEvaluation): Promise<Finished> {
  const { context, harness, targets, baseline } = session;
  const { folder, log, dataset } = await evaluate(session, evaluation);
  const compared = baseline === null ? {} : judge(context, harness, baseline, log);
  await writeReports(context, targets, log, { ...compared, baseline: baseline ?? undefined });
  const finished = { name: evaluation.name, folder, log, ...compared, ...ownWords(evaluation, log, dataset) };
  if (context.format === "text" && !targets.some(({ path }) => path === "-"))
    context.printer.print(safeBlock(textOf(session, finished)));
  return finished;
}

function ownWords({ describe, judge: judgeBy }: LoadedEvaluation, log: EvaluationLog, dataset: Dataset) {
  return {
    ...(describe === undefined ? {} : { description: describe(log, dataset) }),
    ...(judgeBy === undefined ? {} : { answer: judgeBy(log, dataset) }),
  };
}

async function evaluate(
  session: Session,
  evaluation: LoadedEvaluation,
): Promise<{ folder: string; log: EvaluationLog; dataset: Dataset }> {
  const { context, harness, machine, isOneOfMany } = session;
  const { args, io, printer, signal } = context;
  const { dataset, selection } = harness.selectSamples(
    evaluation.dataset,
    args.list("filter"),
    args.count("limit") ?? null,
  );
  const seconds = args.count("time-limit");
  const epochs = args.count("epochs") ?? evaluation.epochs ?? 1;
  const [out, cacheFolder] = [args.text("out"), args.text("cache")];
  const progress = showCount(io, args.isOn("quiet"));
  let [folder, done] = ["", 0];
  try {
    const log = await harness.runEvaluation({
      ...{ dataset, solver: evaluation.solver, scorers: evaluation.scorers, epochs, machine, signal },
      ...(selection === undefined ? {} : { selection }),
      metrics: evaluation.metrics ?? [],
      seed: readNumber(args, "seed") ?? evaluation.seed ?? 0,
      concurrency: args.count("concurrency") ?? evaluation.concurrency ?? 2,
      ...limitOf(seconds === undefined ? evaluation.timeLimitMs : seconds * 1_000),
      budget: readBudget(harness, args.list("budget")),
      retryInfrastructure: args.isOn("retry-infrastructure"),
      ...(cacheFolder === undefined ? {} : { cacheFolder: resolve(io.cwd, cacheFolder) }),
      folder: async (identity) => {
        const root = join(io.cwd, ".runs", ".evaluations");
        if (out !== undefined) folder = isOneOfMany ? resolve(io.cwd, out, dataset.id) : resolve(io.cwd, out);
        else folder = await harness.chooseRecordFolder(root, identity, args.isOn("retry-infrastructure"));
        return folder;
      },
      onResult: () => {
        done += 1;
        progress.show({ phase: `${safeLine(dataset.id)}: tried`, done, total: dataset.samples.length * epochs });
      },
    });
    return { folder, log, dataset };
  } catch (error) {
    progress.end();
    if (signal.aborted && folder !== "")
      printer.note(
        safeLine(`${done} tries are on record in ${nameInside(io.cwd, folder)}; the same command goes on with it`),
      );
    throw error;
  } finally {
    progress.end();
  }
}

function limitOf(timeLimitMs: number | undefined): { readonly timeLimitMs?: number } {
  return timeLimitMs === undefined ? {} : { timeLimitMs };
}

function judge({ args }: CommandContext, harness: Harness, baseline: EvaluationLog, log: EvaluationLog) {
  const comparison = harness.compareLogs(baseline, log, readCompareOptions(args));
  return { comparison, verdict: harness.judgeRegression(comparison, readRegressionRule(args)) };
}

function textOf({ context, harness }: Session, { log, folder, description, comparison, verdict }: Finished): string {
  const parts = [
    harness.formatLog(log),
    ...(description === undefined ? [] : [description]),
    ...(comparison === undefined ? [] : [harness.formatComparison(comparison, verdict)]),
    `log  ${nameInside(context.io.cwd, join(folder, "log.json"))}\n`,
  ];
  return parts.join("\n");
}

function documentOf({ name, folder, log, answer, comparison, verdict }: Finished): unknown {
  const { results, ...rest } = log;
  return {
    ...{ name, log: join(folder, "log.json"), ...rest },
    not_passed: results.filter(({ passed }) => !passed).map(({ sample, epoch, status }) => ({ sample, epoch, status })),
    ...(answer === undefined ? {} : { answer }),
    ...(comparison === undefined ? {} : { comparison, regression: verdict }),
  };
}

function answerOf({ log: { summary, results }, answer, verdict }: Finished, isByRegression: boolean): number {
  if (answer !== undefined) return codeOf(isByRegression && verdict?.is_regression ? "no" : answer);
  const hasFailed = results.some(({ status, passed }) => !passed && (status === "scored" || status === "timed_out"));
  const isNo = isByRegression ? verdict?.is_regression === true : hasFailed;
  if (isNo) return exitCodes.no;
  if (summary.infrastructure_failed > 0) return exitCodes.fault;
  return summary.is_complete ? exitCodes.yes : exitCodes.unclear;
}

/** Another answer than the three, of a team's own code, tells nothing. */
function codeOf(answer: EvaluationAnswer): number {
  if (answer === "yes" || answer === "no") return exitCodes[answer];
  return exitCodes.unclear;
}

function nameInside(folder: string, path: string): string {
  const inside = relative(folder, path);
  return inside.startsWith("..") ? path : inside;
}
