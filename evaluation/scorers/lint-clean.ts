import type { Scorer } from "../scorer.ts";
import { goalPasses } from "./goal-passes.ts";

/** The linter of every project passes, as its adapter runs it. A folder without a linter does not pass. */
export const lintClean: Scorer = {
  id: "lint-clean",
  version: "1",
  kind: "verdict",
  score: (subject) => goalPasses(subject, "lint"),
};
