import type { RunAdoption } from "../../runs/run-adoption.ts";
import { neverUsed, type PatternAdoption } from "../../schema/pattern-use.ts";
import { countOf, formatCount } from "../text/quantities.ts";

/** How often the runs that are here used a pattern. */
export function adoptionOf(adoption: RunAdoption | null, id: string): PatternAdoption {
  return adoption?.byPattern.get(id) ?? neverUsed;
}

/** The same in words; "" where no run used it. */
export function adoptionText(adoption: RunAdoption | null, id: string): string {
  const { runs, passed } = adoptionOf(adoption, id);
  if (adoption === null || runs === 0) return "";
  const of = adoption.more ? ` of the newest ${formatCount(adoption.runs)}` : "";
  return `used in ${countOf(runs, "run")}${of}, ${formatCount(passed)} passed`;
}
