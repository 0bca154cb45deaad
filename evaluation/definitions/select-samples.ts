import { compileGlobs } from "../../orchestrator/gates/index.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Selection } from "../schema/evaluation-log.ts";
import type { Dataset } from "../schema/sample.ts";

/** A part of a dataset, and how it was chosen; without a selection where it is the whole. */
export interface Selected {
  readonly dataset: Dataset;
  readonly selection?: Selection;
}

/** The samples that have one of the tags, or an id that one of the globs matches, and of these the first ones. Throws `usage` where none is left. */
export function selectSamples(dataset: Dataset, filters: readonly string[], limit: number | null): Selected {
  const { samples } = dataset;
  const isNamed = compileGlobs(filters);
  const chosen = samples.filter(
    ({ id, tags }) => filters.length === 0 || isNamed(id) || tags.some((tag) => filters.includes(tag)),
  );
  if (chosen.length === 0) {
    const tags = [...new Set(samples.flatMap((sample) => sample.tags))].slice(0, 20).join(", ");
    const hint = `ids are like ${samples[0]?.id}${tags === "" ? "" : `, tags are ${tags}`}`;
    throw new OrchestratorError("usage", `${dataset.id} has no sample for ${filters.join(", ")}; ${hint}`);
  }
  const taken = limit === null ? chosen : chosen.slice(0, limit);
  if (taken.length === samples.length) return { dataset };
  return { dataset: { ...dataset, samples: taken }, selection: { filters: [...filters], limit, of: samples.length } };
}
