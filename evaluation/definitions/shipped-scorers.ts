import { z } from "zod";
import type { Scorer } from "../scorer.ts";
import { buildPasses } from "../scorers/build-passes.ts";
import { filesContain } from "../scorers/files-contain.ts";
import { filesMatch } from "../scorers/files-match.ts";
import { idempotence } from "../scorers/idempotence.ts";
import { outcomeRead } from "../scorers/outcome-read.ts";
import { patchRatio } from "../scorers/patch-ratio.ts";
import { scopeKept } from "../scorers/scope-kept.ts";
import { testsPass } from "../scorers/tests-pass.ts";
import { wallTime } from "../scorers/wall-time.ts";
import { byName } from "./registry.ts";

function named<Id extends string>(id: Id, scorer: Scorer) {
  return z.strictObject({ use: z.literal(id) }).transform(() => scorer);
}

/** The scorers that a YAML definition can name. */
export const ScorerChoice = byName(
  "scorer",
  named("build-passes", buildPasses),
  named("files-contain", filesContain),
  named("files-match", filesMatch),
  named("idempotence", idempotence),
  named("outcome-read", outcomeRead),
  named("patch-ratio", patchRatio),
  named("scope-kept", scopeKept),
  named("tests-pass", testsPass),
  named("wall-time", wallTime),
);
