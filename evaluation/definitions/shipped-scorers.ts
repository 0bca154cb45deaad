import { join } from "node:path";
import { z } from "zod";
import { type ModelOfRole, openModelCassette, openModels } from "../../orchestrator/index.ts";
import { Slug } from "../../orchestrator/schema/primitives.ts";
import { modelGradedId, type Scorer, type Subject } from "../scorer.ts";
import { buildPasses } from "../scorers/build-passes.ts";
import { diffContains } from "../scorers/diff-contains.ts";
import { filesContain } from "../scorers/files-contain.ts";
import { filesMatch } from "../scorers/files-match.ts";
import { gatesAgreed } from "../scorers/gates-agreed.ts";
import { guardHeld } from "../scorers/guard-held.ts";
import { idempotence } from "../scorers/idempotence.ts";
import { lintClean } from "../scorers/lint-clean.ts";
import { createModelGraded } from "../scorers/model-graded.ts";
import { outcomeRead } from "../scorers/outcome-read.ts";
import { patchRatio } from "../scorers/patch-ratio.ts";
import { runStatus } from "../scorers/run-status.ts";
import { scopeKept } from "../scorers/scope-kept.ts";
import { testsPass } from "../scorers/tests-pass.ts";
import { cost, tokens, turns } from "../scorers/usage-measures.ts";
import { wallTime } from "../scorers/wall-time.ts";
import type { SolverSettings } from "./definition.ts";
import { byName } from "./registry.ts";

type MakeScorer = (settings: SolverSettings) => Scorer;

function named<Id extends string>(id: Id, scorer: Scorer) {
  return z.strictObject({ use: z.literal(id) }).transform((): MakeScorer => () => scorer);
}

const ModelGraded = z.strictObject({
  use: z.literal(modelGradedId),
  name: Slug.optional().describe("where there are several"),
  rubric: z.string().trim().min(1).describe("what a good change is, in words"),
  model: z.string().min(1).describe("openai:<model>"),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  pass_from: z.number().min(0).max(1).optional().describe("from which grade on it is a verdict of 1; else a measure"),
});

/** The scorers that a YAML definition can name. */
export const ScorerChoice = byName(
  "scorer",
  named("build-passes", buildPasses),
  named("cost", cost),
  named("diff-contains", diffContains),
  named("files-contain", filesContain),
  named("files-match", filesMatch),
  named("gates-agreed", gatesAgreed),
  named("guard-held", guardHeld),
  named("idempotence", idempotence),
  named("lint-clean", lintClean),
  ModelGraded.transform(
    (options): MakeScorer =>
      (settings) =>
        gradedBy(options, settings),
  ),
  named("outcome-read", outcomeRead),
  named("patch-ratio", patchRatio),
  named("run-status", runStatus),
  named("scope-kept", scopeKept),
  named("tests-pass", testsPass),
  named("tokens", tokens),
  named("turns", turns),
  named("wall-time", wallTime),
);

/** A scorer whose model is asked, recorded and played again as the command line says, below a folder of its own. */
function gradedBy(options: z.infer<typeof ModelGraded>, { cassettes }: SolverSettings): Scorer {
  const { name, rubric, model, base_url: baseUrl, pass_from: passFrom } = options;
  const graded = (models: ModelOfRole) =>
    createModelGraded({
      ...{ rubric, models, fingerprint: [model, baseUrl ?? null] },
      ...(name === undefined ? {} : { name }),
      ...(passFrom === undefined ? {} : { passFrom }),
    });
  const live = ({ machine: { environment } }: Subject): ModelOfRole => {
    const wanted = { model, environment, ...(baseUrl === undefined ? {} : { baseUrl }) };
    return async (role) => (await openModels(wanted))(role);
  };
  const { score: _, ...described } = graded(() => Promise.reject(new Error("no subject")));
  return {
    ...described,
    score: async (subject) => {
      if (cassettes === undefined) return graded(live(subject)).score(subject);
      const place = [...subject.sample.id.split("/"), `epoch-${subject.epoch}`];
      const folder = join(cassettes.folder, described.id, ...place);
      const { redactor } = subject.machine;
      const isRecorded = cassettes.mode === "record";
      const cassette = await openModelCassette({ folder, redactor, ...(isRecorded ? { models: live(subject) } : {}) });
      return graded(cassette.ofRole).score(subject);
    },
  };
}
