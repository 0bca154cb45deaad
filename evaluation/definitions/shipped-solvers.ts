import { z } from "zod";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Solver } from "../solver.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import { createCommandSolver } from "../solvers/command-solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import type { SolverSettings } from "./definition.ts";
import { byName } from "./registry.ts";

type MakeSolver = (settings: SolverSettings) => Solver;

const Command = z.strictObject({
  use: z.literal("command"),
  id: z.string().min(1).default("command"),
  argv: z.tuple([z.string().min(1)], z.string()).describe("the program and its arguments, without a shell"),
  version: z.string().min(1).default("1").describe("raise it when the program changes"),
  network: z.boolean().default(false),
  deterministic: z.boolean().default(false),
});

/** The solvers that a YAML definition can name, alone or with options (`{ use: command, argv: [...] }`). */
export const SolverChoice = byName(
  "solver",
  z.strictObject({ use: z.literal("no-op") }).transform((): MakeSolver => () => noOpSolver),
  z.strictObject({ use: z.literal("known-good") }).transform((): MakeSolver => () => knownGoodSolver),
  z.strictObject({ use: z.literal("codemod") }).transform((): MakeSolver => () => createCodemodSolver()),
  Command.transform(({ id, argv, version, network, deterministic }): MakeSolver => {
    const [program, ...rest] = argv;
    return () =>
      createCommandSolver({ id, argv: [program, ...rest], version, network, isDeterministic: deterministic });
  }),
);

/** The solver of a name, without options. Throws `usage` for another. */
export function solverNamed(name: string): MakeSolver {
  const parsed = SolverChoice.safeParse(name);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(" "));
  throw new OrchestratorError("usage", `--solver ${name} cannot be used: ${problems.join("; ")}`);
}
