import { modelGradedId } from "../scorer.ts";

/** A scorer as every report names it: what is the opinion of a model says so beside its id. */
export function scorerName(id: string): string {
  return id.startsWith(modelGradedId) ? `${id} (a model's opinion)` : id;
}
