import { type Scorer, verdict } from "../scorer.ts";
import { runGoal } from "./run-goal.ts";

/** The build command of every project passes. A project without one does not pass. */
export const buildPasses: Scorer = {
  id: "build-passes",
  version: "1",
  kind: "verdict",
  score: (subject) =>
    subject.inCopy(async (root) => {
      const runs = await runGoal(subject, root, "build");
      if (typeof runs === "string") return verdict(false, runs);
      const failed = runs.find((run) => run.verdict === "failed");
      return verdict(failed === undefined && runs.length > 0, failed?.reason ?? "every build passed");
    }),
};
