import { z } from "zod";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Metric } from "../metric.ts";
import { ScorerKind } from "../schema/evaluation-log.ts";
import { Dataset } from "../schema/sample.ts";
import type { Scorer } from "../scorer.ts";
import type { Solver } from "../solver.ts";
import type { EvaluationDefinition, ScorerSource, SolverSource } from "./definition.ts";
import { importModule } from "./import-module.ts";

const isFunction = (value: unknown) => typeof value === "function";
const callable = z.custom<unknown>(isFunction);
const SolverShape = z.looseObject({
  ...{ id: z.string().min(1), fingerprint: z.json(), isDeterministic: z.boolean() },
  solve: callable,
});
const ScorerShape = z.looseObject({ id: z.string(), version: z.string(), kind: ScorerKind, score: callable });
const MetricShape = z.looseObject({ id: z.string(), of: callable });

const Definition = z.strictObject({
  dataset: z.union([z.custom<() => Dataset | Promise<Dataset>>(isFunction), Dataset]),
  solver: z.custom<SolverSource>(
    (value) => isFunction(value) || isSolver(value),
    "must have id, fingerprint, isDeterministic and solve, or be a function that gives one that has",
  ),
  scorers: z
    .array(
      z.custom<ScorerSource>(
        (value) => isFunction(value) || isScorer(value),
        "must have id, version, kind and score, or be a function that gives one that has",
      ),
    )
    .min(1),
  metrics: z.array(z.custom<Metric>((value) => MetricShape.safeParse(value).success, "must have id and of")).optional(),
  epochs: z.number().int().min(1).max(1_000).optional(),
  seed: z.number().int().nonnegative().optional(),
  concurrency: z.number().int().min(1).max(64).optional(),
  timeLimitMs: z.number().positive().optional(),
  describe: z.custom<NonNullable<EvaluationDefinition["describe"]>>(isFunction, "must be a function").optional(),
  judge: z.custom<NonNullable<EvaluationDefinition["judge"]>>(isFunction, "must be a function").optional(),
});

/** True for what can be asked to solve. */
export function isSolver(value: unknown): value is Solver {
  return SolverShape.safeParse(value).success;
}

/** True for what can be asked to score. */
export function isScorer(value: unknown): value is Scorer {
  return ScorerShape.safeParse(value).success;
}

/** Runs a module of a team's own and takes the evaluation that it exports by default. Throws `document_invalid`, with the field. */
export async function importDefinition(file: string): Promise<EvaluationDefinition> {
  const exported = await importModule(file).catch((error: unknown) => {
    if (isOrchestratorError(error)) throw error;
    throw new OrchestratorError("document_invalid", `${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  });
  if (exported === undefined)
    throw new OrchestratorError(
      "document_invalid",
      `${file} has no default export; write export default defineEvaluation({…})`,
    );
  const parsed = Definition.safeParse(exported);
  if (!parsed.success)
    throw new OrchestratorError("document_invalid", `${file} exports no evaluation: ${describe(parsed.error)}`);
  return parsed.data;
}

function describe({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`))
    .join("; ");
}
