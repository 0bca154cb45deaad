import { join, relative } from "node:path";
import { decodeText } from "../io/documents/decode-text.ts";
import { splitFrontMatter } from "../io/documents/front-matter.ts";
import type { TextSource } from "../io/documents/strict-yaml.ts";
import { parseYamlDocument } from "../io/documents/yaml-document.ts";
import { listDirectory, readFileIfThere } from "../io/files.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { TaskSpec } from "../schema/task-spec.ts";
import { documentBytesMax } from "./document-bytes-max.ts";
import { globProblems } from "./glob-problems.ts";

/**
 * Reads a task from a Markdown file. Throws `usage` where there is no such file, and `document_invalid` naming
 * file, line and field.
 */
export async function readTaskFile(path: string): Promise<TaskSpec> {
  const bytes = await readFileIfThere(path, documentBytesMax);
  if (bytes === null) throw new OrchestratorError("usage", `there is no task file ${path}`);
  return parseTaskFile(decodeText(bytes, { file: path, code: "document_invalid" }), path);
}

/** Reads the text of a task file: its front matter is the task spec. Throws `document_invalid`. */
export function parseTaskFile(text: string, file: string): TaskSpec {
  const source: TextSource = { file, code: "document_invalid" };
  const { yaml, firstLine } = splitFrontMatter(text, source);
  return parseYamlDocument(TaskSpec, yaml, { ...source, firstLine }, ({ scope }) => [
    ...globProblems(["scope", "include"], scope.include),
    ...globProblems(["scope", "exclude"], scope.exclude),
  ]);
}

/**
 * The path of the task file for an id: `tasks/<id>.md` or `tasks/<id>-<slug>.md`. Throws `usage` where there is
 * none, or more than one.
 */
export async function findTaskFile(repository: string, id: string): Promise<string> {
  const folder = join(repository, "tasks");
  const entries = await listDirectory(folder);
  const names = entries.map((entry) => entry.name).filter((name) => name === `${id}.md` || isNamedAfter(name, id));
  const [name] = names;
  if (name !== undefined && names.length === 1) return join(folder, name);
  const place = relative(repository, folder);
  const found =
    names.length === 0 ? `no file ${place}/${id}.md or ${place}/${id}-….md` : `more than one: ${names.join(", ")}`;
  throw new OrchestratorError("usage", `task "${id}" has ${found}; name the file`);
}

function isNamedAfter(name: string, id: string): boolean {
  return name.startsWith(`${id}-`) && name.endsWith(".md");
}
