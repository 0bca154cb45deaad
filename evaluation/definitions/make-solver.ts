import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Solver } from "../solver.ts";
import type { SolverSettings, SolverSource } from "./definition.ts";

const flags = { model: "--model", baseUrl: "--base-url", cassettes: "--record or --replay" } as const;

/**
 * The solver of a definition under what the command line says. Throws `usage` where something was said that nobody asked for: a result must not
 * look as if it were of another model.
 */
export async function makeSolver(source: SolverSource, settings: SolverSettings, name: string): Promise<Solver> {
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
  const unheard = Object.entries(flags).filter(
    ([key]) =>
      !asked.has(key) && Object.entries(settings).some(([given, value]) => given === key && value !== undefined),
  );
  if (unheard.length === 0) return solver;
  const said = unheard.map(([, flag]) => flag).join(", ");
  throw new OrchestratorError("usage", `the solver ${solver.id} of ${name} has no use for ${said}; leave it out`);
}
