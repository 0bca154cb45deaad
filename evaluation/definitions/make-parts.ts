import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Scorer } from "../scorer.ts";
import type { Solver } from "../solver.ts";
import type { EvaluationDefinition, SolverSettings } from "./definition.ts";
import { isScorer, isSolver } from "./import-definition.ts";

const flags = { model: "--model", baseUrl: "--base-url", cassettes: "--record or --replay" } as const;

/**
 * The solver and the scorers of a definition under what the command line says. Throws `usage` where something was said that nobody asked for: a
 * result must not look as if it were of another model. Throws `document_invalid` for what is neither.
 */
export async function makeParts(
  { solver: source, scorers: sources }: Pick<EvaluationDefinition, "solver" | "scorers">,
  settings: SolverSettings,
  name: string,
): Promise<{ readonly solver: Solver; readonly scorers: readonly Scorer[] }> {
  const asked = new Set<string>();
  const watched: SolverSettings = {
    get model() {
      asked.add("model");
      return settings.model;
    },
    get baseUrl() {
      asked.add("baseUrl");
      return settings.baseUrl;
    },
    get cassettes() {
      asked.add("cassettes");
      return settings.cassettes;
    },
  };
  const solver = typeof source === "function" ? await source(watched) : source;
  const scorers = sources.map((each) => (typeof each === "function" ? each(watched) : each));
  if (!isSolver(solver)) throw noPart(name, "solver", "id, fingerprint, isDeterministic and solve");
  if (!scorers.every(isScorer)) throw noPart(name, "scorer", "id, version, kind and score");
  const unheard = Object.entries(flags).filter(
    ([key]) =>
      !asked.has(key) && Object.entries(settings).some(([given, value]) => given === key && value !== undefined),
  );
  if (unheard.length === 0) return { solver, scorers };
  const said = unheard.map(([, flag]) => flag).join(", ");
  throw new OrchestratorError("usage", `the solver ${solver.id} of ${name} has no use for ${said}; leave it out`);
}

function noPart(name: string, what: string, parts: string): OrchestratorError {
  return new OrchestratorError("document_invalid", `${name}: ${what} gave no ${what}; one has ${parts}`);
}
