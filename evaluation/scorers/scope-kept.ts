import { compileGlobs } from "../../orchestrator/gates/index.ts";
import { type Scorer, verdict } from "../scorer.ts";

/** No path outside of the sample's scope was changed. */
export const scopeKept: Scorer = {
  id: "scope-kept",
  version: "1",
  kind: "verdict",
  score: async ({ sample: { scope }, changedPaths }) => {
    if (scope === undefined) return null;
    const [isIncluded, isExcluded] = [compileGlobs(scope.include), compileGlobs(scope.exclude)];
    const outside = changedPaths.filter((path) => !isIncluded(path) || isExcluded(path));
    return verdict(outside.length === 0, outside.length === 0 ? "no path outside" : `outside: ${outside.join(", ")}`);
  },
};
