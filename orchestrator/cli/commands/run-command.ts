import { isAbsolute, relative, resolve } from "node:path";
import { findTaskFile, readTaskFile } from "../../evidence/task-file.ts";
import { globProblem } from "../../gates/glob.ts";
import type { Goal, RunHandle, RunOptions } from "../../orchestrator.ts";
import { Budget } from "../../schema/budget.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { ApprovalPoint, type TaskSpec } from "../../schema/task-spec.ts";
import type { CommandContext } from "../command-spec.ts";
import { layFields } from "../text/layout.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { announceRun, followRun } from "./follow-run.ts";
import { openOrchestrator, repositoryFolder } from "./open-repository.ts";

/** `run`: makes a run of a goal or a task file, and works on it until it is finished or waits for a person. */
export async function runCommand(context: CommandContext): Promise<number> {
  const { args, signal } = context;
  const options = readOptions(context);
  const [model, baseUrl] = [args.text("model"), args.text("base-url")];
  assertOneSource(context);
  const orchestrator = await openOrchestrator(context, {
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  const { task, source } = await readTask(context, orchestrator.repository);
  const handle = await orchestrator.run(task, { ...options, source, signal });
  announceRun(context, handle, "run");
  if (source === "goal") announceTask(context, handle);
  return (await followRun(context, orchestrator.runs, handle)).exitCode;
}

function assertOneSource({ args }: CommandContext): void {
  const [goal, file] = [args.positionals[0], args.text("task")];
  if (goal === undefined && file === undefined && args.list("recipe").length === 0) {
    const ways = 'run "<goal>", run --task <id or file>, or run --recipe <pattern>';
    throw new OrchestratorError("usage", `say what is to be done: ${ways}`);
  }
  if (goal !== undefined && file !== undefined) {
    throw new OrchestratorError("usage", "a goal and --task exclude each other: the task file has its own goal");
  }
  if (file !== undefined && args.list("scope").length > 0) {
    throw new OrchestratorError("usage", "--scope goes with a goal; a task file says its own scope");
  }
}

async function readTask(
  context: CommandContext,
  repository: string,
): Promise<{ task: TaskSpec | Goal; source: string }> {
  const { args, io } = context;
  const recipe = args.list("recipe");
  const named = args.text("task");
  if (named === undefined) return { task: await readGoal(context), source: "goal" };
  const isFile = named.endsWith(".md") || /[\\/]/.test(named);
  const path = isFile ? resolve(io.cwd, named) : await findTaskFile(repository, named);
  const task = await readTaskFile(path);
  return { task: recipe.length === 0 ? task : { ...task, recipe: [...recipe] }, source: nameInside(repository, path) };
}

/** A path as the record should name it: relative where it lies in the repository. */
function nameInside(repository: string, path: string): string {
  const inside = relative(repository, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside.replaceAll("\\", "/");
}

async function readGoal(context: CommandContext): Promise<Goal> {
  const { args } = context;
  const [recipe, include] = [args.list("recipe"), args.list("scope")];
  for (const glob of include) {
    const problem = globProblem(glob);
    if (problem !== null) throw new OrchestratorError("usage", `--scope: "${glob}" ${problem}`);
  }
  return {
    goal: args.positionals[0] ?? (await goalOf(context, recipe)),
    ...(include.length === 0 ? {} : { scope: { include: [...include], exclude: [] } }),
    ...(recipe.length === 0 ? {} : { recipe }),
  };
}

/** What the patterns say of themselves. Throws `pattern_not_found`. */
async function goalOf(context: CommandContext, recipe: readonly string[]): Promise<string> {
  const { openPatterns } = await import("../../compose.ts");
  const { environment } = context.io;
  const patterns = (await openPatterns(repositoryFolder(context), environment, context.args.text("base"))).list();
  const unknown = recipe.filter((id) => !patterns.some((pattern) => pattern.id === id));
  if (unknown.length > 0) {
    const known = patterns.map(({ id }) => id).join(", ");
    throw new OrchestratorError("pattern_not_found", `there is no pattern ${unknown.join(", ")}; there are ${known}`);
  }
  const described = recipe.flatMap((id) => patterns.find((pattern) => pattern.id === id)?.description ?? []);
  return described.join("\n");
}

function readOptions({ args }: CommandContext): RunOptions {
  const base = args.text("base");
  const approvals = args.list("approve").map(readApproval);
  const budget = readBudget(args.list("budget"));
  return {
    ...(base === undefined ? {} : { base }),
    ...(approvals.length === 0 ? {} : { approvals }),
    ...(budget === null ? {} : { budget }),
  };
}

function readApproval(point: string): ApprovalPoint {
  const parsed = ApprovalPoint.safeParse(point);
  if (parsed.success) return parsed.data;
  throw new OrchestratorError("usage", `--approve takes ${ApprovalPoint.options.join(", ")}, not "${point}"`);
}

/** Limits written as `turns=50,cost_usd=1`. Throws `usage` naming the limit, and those there are. */
export function readBudget(parts: readonly string[]): Budget | null {
  if (parts.length === 0) return null;
  const limits = parts.map(readLimit);
  const twice = limits.find(([name], index) => limits.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined) throw new OrchestratorError("usage", `--budget: ${twice[0]} is given twice`);
  const parsed = Budget.safeParse(Object.fromEntries(limits));
  if (parsed.success) return parsed.data;
  const known = `limits are ${Object.keys(Budget.shape).join(", ")}`;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? `no limit is called ${issue.keys.join(", ")}` : null;
  throw new OrchestratorError(
    "usage",
    `--budget: ${unknown ?? `${issue?.path.join(".")}: ${issue?.message}`}; ${known}`,
  );
}

function readLimit(part: string): readonly [string, number] {
  const [, name, amount] = /^([a-z_]+)=(\d+(?:\.\d+)?)$/.exec(part) ?? [];
  if (name !== undefined && amount !== undefined) return [name, Number(amount)];
  throw new OrchestratorError("usage", `--budget: "${part}" is no limit; write name=number, such as turns=50`);
}

function announceTask({ io, printer }: CommandContext, { task }: RunHandle): void {
  const { include, exclude } = task.scope;
  printer.note(
    layFields(
      [
        ["goal", safeBlock(task.goal)],
        ["criteria", task.acceptance_criteria.map(({ id, text }) => `${safeLine(id)}: ${safeLine(text)}`).join("\n")],
        ["scope", [...include, ...exclude.map((glob) => `not ${glob}`)].map(safeLine).join(", ")],
        ["recipe", (task.recipe ?? []).map(safeLine).join(", ")],
      ],
      2,
      io.stderr.columns ?? 100,
    ),
  );
}
