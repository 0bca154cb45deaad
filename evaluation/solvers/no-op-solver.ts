import type { Solver } from "../solver.ts";

/** Changes nothing. What it passes, a dataset gives away. */
export const noOpSolver: Solver = {
  id: "no-op",
  fingerprint: 1,
  isDeterministic: true,
  solve: async () => ({ note: "nothing was done" }),
};
