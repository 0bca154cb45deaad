import { type Scorer, verdict } from "../scorer.ts";

/** The run ended as the target's `run.status` allows. */
export const runStatus: Scorer = {
  id: "run-status",
  version: "1",
  kind: "verdict",
  score: async ({ sample: { target }, solution: { run, note } }) => {
    const wanted = target.run?.status;
    if (wanted === undefined) return null;
    if (run === undefined) return verdict(false, "the solver made no run");
    return verdict(
      wanted.some((status) => status === run.status),
      note,
    );
  },
};
