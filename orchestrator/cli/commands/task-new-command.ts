import { dirname, join, posix } from "node:path";
import { registryIds } from "../../evidence/guard/edit-registry.ts";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { readWorkingPolicy } from "../../evidence/guard/working-policy.ts";
import { parseSpecFile } from "../../evidence/spec-file.ts";
import { parseTaskFile } from "../../evidence/task-file.ts";
import { nextNumber, slugOf } from "../../evidence/task-name.ts";
import { isOpenGlob } from "../../gates/glob.ts";
import { Risk, type SpecPolicy } from "../../gates/spec-policy.ts";
import { createFile, ensureDirectory, listDirectory } from "../../io/files.ts";
import { localPerson } from "../../io/local-person.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { Json } from "../../schema/primitives.ts";
import type { TemplateLibrary } from "../../schema/template-port.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { inTurn } from "../guard/in-turn.ts";
import { readRegistryText, updateRegistry } from "../guard/update-registry.ts";
import { safeLine } from "../text/safe-text.ts";
import { hintsOf, repositoryFolder } from "./open-repository.ts";

const textFileMode = 0o644;
const triesMax = 20;

/** `task new`: a task file with the next number and, with `--spec`, a draft of its spec. Overwrites nothing. */
export async function taskNewCommand(context: CommandContext): Promise<number> {
  const root = await findRepositoryRoot(repositoryFolder(context));
  const policy = await readWorkingPolicy(root, specPolicyFileName);
  const made = await createTask(context, root, policy);
  const { id, task, spec } = made;
  const registry = await inTurn(root, () =>
    updateRegistry(root, policy, [
      { list: "items", path: task, fields: made.entry },
      ...(spec === null ? [] : [{ list: "specs" as const, path: spec.path, fields: spec.entry }]),
    ]),
  );
  const written = [task, ...(spec === null ? [] : [spec.path]), ...(registry === null ? [] : [registry])];
  const { printer, format } = context;
  if (format === "json") printer.printJson({ id, task, spec: spec?.path ?? null, registry });
  else {
    const next = hintsOf(context).command(spec === null ? "run" : "task approve");
    const rest = spec === null ? `--task ${id}` : `${spec.path} --role <role> --who <who>`;
    printer.print(
      `${printer.paint.green("✓")} ${safeLine(written.join(", "))}\n  fill it in, commit it, then: ${next} ${safeLine(rest)}`,
    );
  }
  return exitCodes.yes;
}

interface MadeTask {
  readonly id: string;
  readonly task: string;
  readonly entry: Readonly<Record<string, Json>>;
  readonly spec: {
    readonly path: string;
    readonly entry: Readonly<Record<string, Json>>;
  } | null;
}

/** Someone may take the number meanwhile; then the next one is tried. */
async function createTask(context: CommandContext, root: string, policy: SpecPolicy): Promise<MadeTask> {
  const wanted = readWishes(context);
  const { openTemplates } = await import("../../compose.ts");
  const templates = await openTemplates(root, context.io.environment);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const id = nextNumber(await takenNames(root, policy));
    const name = `${id}-${wanted.slug}`;
    const task = `tasks/${name}.md`;
    const path = posix.join(policy.specs, `${name}.md`);
    const entry = { id: name, title: wanted.title, path, status: "draft", last_review: wanted.today };
    const specText =
      wanted.spec === null ? null : await specTextOf(templates, { ...wanted, ...wanted.spec, name, task });
    const taskText = await taskTextOf(templates, { ...wanted, id, specs: specText === null ? [] : [path] });
    parseTaskFile(taskText, task);
    if (specText !== null) parseSpecFile(specText, path);
    if (!(await write(root, task, taskText))) continue;
    if (specText !== null && !(await write(root, path, specText)))
      throw new OrchestratorError(
        "usage",
        `${task} was written, and ${path} is there already; mend its "specs" by hand`,
      );
    return {
      id,
      task,
      entry: { id, slug: wanted.slug, title: wanted.title, path: task, kind: "task", status: "open" },
      spec: specText === null ? null : { path, entry },
    };
  }
  throw new OrchestratorError("usage", `${triesMax} numbers in a row were taken meanwhile; try again`);
}

interface TaskWish {
  readonly id: string;
  readonly title: string;
  readonly goal: string;
  readonly criteria: readonly string[];
  readonly scope: readonly string[];
  readonly specs: readonly string[];
}

async function taskTextOf(templates: TemplateLibrary, wish: TaskWish): Promise<string> {
  const { id, title, goal, criteria, scope, specs } = wish;
  const values = { id: [id], title: [title], goal: [goal], criterion: criteria, scope, spec: specs };
  return (await templates.fill("template/task", values)).text;
}

interface SpecWish {
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly risk: Risk;
  readonly owners: readonly string[];
  readonly today: string;
  readonly covers: readonly string[];
}

async function specTextOf(templates: TemplateLibrary, wish: SpecWish): Promise<string> {
  const { name, title, task, risk, owners, today, covers } = wish;
  const head = { id: [name], title: [title], relates_to: [task], risk: [risk], last_review: [today] };
  return (await templates.fill("template/mini-spec", { ...head, owner: owners, covers })).text;
}

function readWishes({ args, io }: CommandContext) {
  const title = (args.positionals[0] ?? "").trim();
  const goal = args.text("goal") ?? title;
  const covers = args.list("covers");
  const scope = args.list("scope");
  const criteria = args.list("criterion");
  const risk = Risk.safeParse(args.text("risk") ?? "low");
  if (!risk.success) throw new OrchestratorError("usage", "--risk is low, medium or high");
  if (args.isOn("spec") && covers.length + scope.length === 0)
    throw new OrchestratorError("usage", "say what the spec covers: --covers <glob,…>, such as src/retry/**");
  const open = args.isOn("spec") ? (covers.length > 0 ? covers : scope).find(isOpenGlob) : undefined;
  if (open !== undefined)
    throw new OrchestratorError(
      "usage",
      `a spec may not cover ${open}: begin with a folder or a name, such as src/retry/**`,
    );
  const owners = args.list("owner");
  return {
    title,
    goal,
    slug: slugOf(title),
    today: io.clock.now().toISOString().slice(0, 10),
    criteria: criteria.length === 0 ? [goal] : criteria,
    scope: scope.length > 0 ? scope : covers.length > 0 ? covers : ["**"],
    spec: args.isOn("spec")
      ? {
          covers: covers.length > 0 ? covers : scope,
          risk: risk.data,
          owners: owners.length > 0 ? owners : [localPerson(io.environment).id],
        }
      : null,
  };
}

/** Names that begin with a number that is taken: of tasks, of specs, and in the registry. */
async function takenNames(root: string, policy: SpecPolicy): Promise<string[]> {
  const folders = await Promise.all(["tasks", policy.specs].map((folder) => listDirectory(join(root, folder))));
  const { file, text } = await readRegistryText(root, policy);
  return [...folders.flat().map(({ name }) => name), ...(text === null ? [] : registryIds(text, file))];
}

async function write(root: string, file: string, text: string): Promise<boolean> {
  await ensureDirectory(dirname(join(root, file)));
  return createFile(join(root, file), text, { mode: textFileMode });
}
