import type { Solver } from "../solver.ts";
import { replaceText } from "./known-good-solver.ts";

/** Makes the change of a name that the target calls known to be bad. What such a solver passes, the scorers do not see through. */
export function createKnownBadSolver(name: string): Solver {
  return {
    id: `known-bad:${name}`,
    fingerprint: 1,
    isDeterministic: true,
    solve: async ({ sample: { id, target }, root }) => {
      const files = target.known_bad?.[name];
      if (files === undefined) return { note: `${id} knows no bad change ${name}, so nothing was done` };
      for (const [path, text] of Object.entries(files)) await replaceText(root, path, text);
      return { note: `the change ${name} was made, which must not pass` };
    },
  };
}
