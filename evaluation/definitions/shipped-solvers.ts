import { z } from "zod";
import { Budget } from "../../orchestrator/schema/budget.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Solver } from "../solver.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import { createCommandSolver } from "../solvers/command-solver.ts";
import { createKnownBadSolver } from "../solvers/known-bad-solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import { createWorkflowSolver } from "../solvers/workflow-solver.ts";
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

const KnownBad = z.strictObject({
  use: z.literal("known-bad"),
  name: z.string().min(1).describe("of the change in the target's known_bad"),
});

const Workflow = z.strictObject({
  use: z.literal("workflow"),
  model: z.string().min(1).optional().describe("recipe (the default), openai:<model>, replay:<path of a run>"),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("of a server that speaks the OpenAI Responses API"),
  budget: Budget.optional().describe("of each run"),
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
  KnownBad.transform(
    ({ name }): MakeSolver =>
      () =>
        createKnownBadSolver(name),
  ),
  Workflow.transform(
    (options): MakeSolver =>
      (settings) =>
        workflowOf(options, settings),
  ),
);

/** The command line comes before the definition. */
function workflowOf({ budget, ...written }: z.infer<typeof Workflow>, settings: SolverSettings): Solver {
  const { model = written.model, baseUrl = written.base_url, cassettes } = settings;
  return createWorkflowSolver({
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(budget === undefined ? {} : { budget }),
    ...(cassettes === undefined ? {} : { cassettes }),
  });
}

/** The solver of a name, without options but for `known-bad:<name of the change>`. Throws `usage` for another. */
export function solverNamed(name: string): MakeSolver {
  const [, change] = /^known-bad:(.+)$/s.exec(name) ?? [];
  const parsed = SolverChoice.safeParse(change === undefined ? name : { use: "known-bad", name: change });
  if (parsed.success) return parsed.data;
  if (name === "known-bad")
    throw new OrchestratorError("usage", "--solver known-bad needs the name of a change: --solver known-bad:<name>");
  const problems = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(" "));
  throw new OrchestratorError("usage", `--solver ${name} cannot be used: ${problems.join("; ")}`);
}
