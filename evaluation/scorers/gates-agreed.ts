import type { Verdict } from "../../orchestrator/schema/verdict.ts";
import type { RunTarget } from "../schema/workflow.ts";
import { type Scorer, verdict } from "../scorer.ts";

type Wanted = NonNullable<RunTarget["gates"]>[number];

/** Each gate said what the target's `run.gates` names: passed, refused (for that rule) or asked. */
export const gatesAgreed: Scorer = {
  id: "gates-agreed",
  version: "1",
  kind: "verdict",
  score: async ({ sample: { target }, solution: { verdicts } }) => {
    const wanted = target.run?.gates;
    if (wanted === undefined || wanted.length === 0) return null;
    if (verdicts === undefined) return verdict(false, "the solver names no verdicts of gates");
    const missing = wanted.find((each) => !verdicts.some((given) => isMeant(each, given)));
    return verdict(
      missing === undefined,
      missing === undefined ? "every gate said so" : differenceOf(missing, verdicts),
    );
  },
};

function isMeant({ gate, decision, rule }: Wanted, given: Verdict): boolean {
  if (given.gate !== gate || given.decision !== decision) return false;
  if (rule === undefined) return true;
  return given.decision === "refuse" && given.findings.some((finding) => finding.rule === rule);
}

function differenceOf({ gate, decision, rule }: Wanted, verdicts: readonly Verdict[]): string {
  const said = verdicts.filter((given) => given.gate === gate).map((given) => given.decision);
  const told = said.length === 0 ? "was not asked" : `said: ${said.join(", ")}`;
  return `the ${gate} gate should ${decision}${rule === undefined ? "" : ` for ${rule}`}, and ${told}`;
}
