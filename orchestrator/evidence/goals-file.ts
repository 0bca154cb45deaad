import { decodeText } from "../io/documents/decode-text.ts";
import type { TextSource } from "../io/documents/strict-yaml.ts";
import { type DocumentProblem, parseYamlDocument } from "../io/documents/yaml-document.ts";
import { readFileIfThere } from "../io/files.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { GoalsFile } from "../schema/goals.ts";
import { globProblems } from "./glob-problems.ts";

/** Ten thousand goals, each with a page of text. */
const goalsBytesMax = 33_554_432;

/** Reads goals from a YAML file. Throws `usage` where there is no such file, and `document_invalid` naming file, line and field. */
export async function readGoalsFile(path: string): Promise<GoalsFile> {
  const bytes = await readFileIfThere(path, goalsBytesMax);
  if (bytes === null) throw new OrchestratorError("usage", `there is no file of goals ${path}`);
  const source: TextSource = { file: path, code: "document_invalid" };
  return parseYamlDocument(GoalsFile, decodeText(bytes, source), source, problemsOf);
}

function problemsOf({ goals }: GoalsFile): readonly DocumentProblem[] {
  const ids = new Set(goals.map(({ id }) => id));
  return goals.flatMap(({ depends_on, scope }, index) => [
    ...depends_on.flatMap((other, place) =>
      ids.has(other) ? [] : [{ path: ["goals", index, "depends_on", place], message: `there is no goal ${other}` }],
    ),
    ...globProblems(["goals", index, "scope", "include"], scope?.include),
    ...globProblems(["goals", index, "scope", "exclude"], scope?.exclude),
  ]);
}
