import type { Scorer } from "../scorer.ts";
import { goalPasses } from "./goal-passes.ts";

/** The build command of every project passes. A project without one does not pass. */
export const buildPasses: Scorer = {
  id: "build-passes",
  version: "1",
  kind: "verdict",
  score: (subject) => goalPasses(subject, "build"),
};
