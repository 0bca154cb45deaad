import { z } from "zod";
import type { RegistryEntry, RegistryEvidence, SpecHeader } from "../../gates/guard/guard-evidence.ts";
import { messageOf } from "../../schema/errors.ts";
import { RepositoryPath } from "../../schema/primitives.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { GuardView } from "./guard-view.ts";
import type { TaskFile } from "./task-files.ts";

const entry = {
  id: z.string().min(1),
  path: RepositoryPath,
  title: z.string().optional(),
  status: z.string().optional(),
};

/** `tasks/index.json`, as far as the guard compares it. It may say more. */
const TaskRegistry = z.looseObject({
  items: z.array(z.looseObject(entry)).default([]),
  specs: z.array(z.looseObject({ ...entry, last_review: z.string().optional() })).default([]),
});
type TaskRegistry = z.infer<typeof TaskRegistry>;

const doneWords = ["done", "completed", "succeeded", "closed"];

/** Reads the registry and lays it beside the files. */
export async function readRegistry(
  view: GuardView,
  path: string,
  specs: readonly (SpecHeader & { readonly title: string | null })[],
  tasks: readonly TaskFile[],
): Promise<RegistryEvidence> {
  const side = view.head.get(path);
  if (side === undefined) return { readable: false, path, reason: `${path} does not exist` };
  const bytes = (await view.read([side])).get(side.object) ?? null;
  if (bytes === null)
    return { readable: false, path, reason: `${path} is no file of at most ${documentBytesMax} bytes` };
  const parsed = parseRegistry(bytes.toString("utf8"));
  if (typeof parsed === "string") return { readable: false, path, reason: `${path}: ${parsed}` };
  return {
    readable: true,
    path,
    entries: [...specEntries(parsed, view, specs), ...itemEntries(parsed, view, tasks)],
    orphans: orphansOf(parsed, path, view, specs, tasks),
  };
}

function parseRegistry(text: string): TaskRegistry | string {
  try {
    const parsed = TaskRegistry.safeParse(parseStrictJson(text.replace(/^\uFEFF/, "")));
    if (parsed.success) return parsed.data;
    return parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the document"}: ${message}`).join("; ");
  } catch (error) {
    return messageOf(error);
  }
}

function specEntries(
  registry: TaskRegistry,
  view: GuardView,
  specs: readonly (SpecHeader & { readonly title: string | null })[],
): RegistryEntry[] {
  const byPath = new Map(specs.map((spec) => [spec.path, spec]));
  return registry.specs.map(({ id, path, title, status, last_review }) => {
    const spec = byPath.get(path);
    const claims = { id, title, status, last_review };
    const said = { id: spec?.id, title: spec?.title, status: spec?.status, last_review: spec?.last_review };
    const fields = spec === undefined ? [] : pairs(claims, said);
    return { list: "specs", id, path, exists: view.head.has(path), fields, open_when_done: 0 };
  });
}

function itemEntries(registry: TaskRegistry, view: GuardView, tasks: readonly TaskFile[]): RegistryEntry[] {
  const byPath = new Map(tasks.map((task) => [task.path, task]));
  return registry.items.map(({ id, path, title, status }) => {
    const task = byPath.get(path);
    const open = task?.items.filter(({ checked }) => !checked).length ?? 0;
    return {
      list: "items",
      id,
      path,
      exists: view.head.has(path),
      fields:
        task === undefined
          ? []
          : [...pairs({ id, title }, { id: task.id, title: task.title }), ...missingStatus(status)],
      open_when_done: doneWords.includes(status?.toLowerCase() ?? "") ? open : 0,
    };
  });
}

type Said = Readonly<Record<string, string | null | undefined>>;

/** What the registry says of each field, or leaves out while the file says it, and what the file says. */
function pairs(claims: Said, said: Said): RegistryEntry["fields"] {
  return Object.entries(claims).map(([name, claimed]) => ({
    name,
    claimed: claimed ?? null,
    actual: said[name] ?? null,
  }));
}

/** A task file does not say its status, so the registry alone can; an entry without one would never be called done. */
function missingStatus(status: string | undefined): RegistryEntry["fields"] {
  return status === undefined ? [{ name: "status", claimed: null, actual: "one" }] : [];
}

function orphansOf(
  registry: TaskRegistry,
  path: string,
  view: GuardView,
  specs: readonly SpecHeader[],
  tasks: readonly TaskFile[],
): { path: string; message: string }[] {
  const listed = new Set([...registry.specs, ...registry.items].map((each) => each.path));
  // Markdown that has neither an id nor an item is a text beside the tasks, such as a README.
  const files = [...specs, ...tasks.filter(({ id, items }) => id !== null || items.length > 0)].map(
    (file) => file.path,
  );
  const dangling = specs.flatMap((spec) => {
    const { relates_to } = spec;
    if (relates_to === null || view.head.has(relates_to)) return [];
    return [{ path: spec.path, message: `${spec.path} relates to ${relates_to}, which does not exist` }];
  });
  const missing = files.filter((file) => !listed.has(file));
  return [...missing.map((file) => ({ path: file, message: `${file} is not in ${path}` })), ...dangling];
}
