import { hashJson } from "../../orchestrator/io/hash.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { EvaluationIdentity } from "../schema/evaluation-log.ts";
import type { Dataset } from "../schema/sample.ts";
import { modelGradedId } from "../scorer.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import type { Try } from "./try-sample.ts";

export const defaultTimeLimitMs = 600_000;

/** What the record calls this evaluation; where the fixtures lie makes no difference. Throws `usage` for one that cannot be made. */
export function identityOf(
  request: Pick<EvaluationRequest, "dataset" | "selection" | "solver" | "scorers" | "epochs" | "seed" | "timeLimitMs">,
  fixtures: ReadonlyMap<string, string>,
): EvaluationIdentity {
  const { dataset, selection, solver, scorers, epochs = 1, seed = 0, timeLimitMs = defaultTimeLimitMs } = request;
  if (!scorers.some(({ kind }) => kind === "verdict"))
    throw new OrchestratorError("usage", "no scorer says whether a try passed; add one whose kind is verdict");
  if (!scorers.some(({ kind, id }) => kind === "verdict" && !id.startsWith(modelGradedId)))
    throw new OrchestratorError("usage", "a model's opinion is the only verdict; add one that does not ask a model");
  if (new Set(scorers.map(({ id }) => id)).size < scorers.length)
    throw new OrchestratorError("usage", "two scorers have the same id; give each its own");
  const samples = dataset.samples.map((sample) => ({ ...sample, fixture: fixtures.get(sample.id) }));
  const parsed = EvaluationIdentity.safeParse({
    schema_version: 1,
    dataset: {
      ...{ id: dataset.id, sha256: hashJson(samples), samples: samples.length },
      ...(selection === undefined ? {} : { selection }),
    },
    solver: { id: solver.id, sha256: hashJson([solver.id, solver.fingerprint]) },
    scorers: scorers.map(({ id, version, kind }) => ({ id, version, kind })),
    ...{ epochs, seed, time_limit_ms: timeLimitMs },
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
  throw new OrchestratorError("usage", `this cannot be evaluated: ${problems.join("; ")}`);
}

/** Every try, in the order of samples and epochs. */
export function triesOf(
  { samples }: Dataset,
  { solver, scorers, time_limit_ms, seed, epochs }: EvaluationIdentity,
  fixtures: ReadonlyMap<string, string>,
): readonly Try[] {
  return samples.flatMap((sample) =>
    Array.from({ length: epochs }, (_, index): Try => {
      const epoch = index + 1;
      const fixtureHash = fixtures.get(sample.id) ?? "";
      // 48 bits: an integer that JSON and JavaScript keep.
      const own = Number.parseInt(hashJson([seed, sample.id, epoch]).slice(0, 12), 16);
      const task = { ...sample, fixture: fixtureHash };
      return {
        sample,
        fixtureHash,
        epoch,
        seed: own,
        key: hashJson({ task, solver, scorers, time_limit_ms, seed: own }),
      };
    }),
  );
}
