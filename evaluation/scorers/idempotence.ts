import { type Scorer, verdict } from "../scorer.ts";

/** The solver, at work once more on what it left, changes nothing. */
export const idempotence: Scorer = {
  id: "idempotence",
  version: "1",
  kind: "verdict",
  score: async ({ inCopy, solveAgain }) => {
    const changed = await inCopy(solveAgain);
    const reason = changed.length === 0 ? "a second time changes nothing" : `changed again: ${changed.join(", ")}`;
    return verdict(changed.length === 0, reason);
  },
};
