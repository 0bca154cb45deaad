import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Codemod } from "../engine/codemod.ts";

/** The codemods with these ids, in their order. Throws `pattern_not_found`, and `usage` for one that is named twice. */
export function chooseCodemods(codemods: readonly Codemod[], ids: readonly string[]): readonly Codemod[] {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new OrchestratorError("usage", `${twice} is named twice; once is enough`);
  return ids.map((id) => {
    const codemod = codemods.find((each) => each.id === id);
    if (codemod !== undefined) return codemod;
    const known = codemods.map((each) => each.id).join(", ");
    throw new OrchestratorError("pattern_not_found", `no codemod is called ${id}; the library has ${known}`);
  });
}
