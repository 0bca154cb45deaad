import { z } from "zod";
import { OrchestratorError } from "../../schema/errors.ts";
import { parseStrictYaml, type StrictYaml, type TextSource } from "./strict-yaml.ts";

/** Something wrong at one place of a document. */
export interface DocumentProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const problemsMax = 20;

/**
 * Reads strict YAML as a document. Throws `source.code` with one line for each thing that is wrong: file, line,
 * field, what is wrong and what would be right. `check` tells what the schema cannot.
 */
export function parseYamlDocument<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  source: TextSource,
  check: (document: z.output<Schema>) => readonly DocumentProblem[] = () => [],
): z.output<Schema> {
  const yaml = parseStrictYaml(text, source);
  const parsed = schema.safeParse(yaml.value);
  if (!parsed.success) throw documentFault(describeIssues(schema, parsed.error, yaml), source);
  const problems = check(parsed.data);
  if (problems.length > 0)
    throw documentFault(
      problems.map((problem) => describeProblem(problem, yaml)),
      source,
    );
  return parsed.data;
}

interface PlacedProblem {
  readonly line: number;
  readonly message: string;
}

function documentFault(problems: readonly PlacedProblem[], { file, code }: TextSource): OrchestratorError {
  const shown = problems.slice(0, problemsMax).map(({ line, message }) => `${file}:${line}: ${message}`);
  const more = problems.length > problemsMax ? [`and ${problems.length - problemsMax} more`] : [];
  return new OrchestratorError(code, [...shown, ...more].join("\n"));
}

function describeIssues(schema: z.ZodType, error: z.ZodError, yaml: StrictYaml): PlacedProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [describeProblem(issue, yaml)];
    const known = knownKeys(schema, issue.path);
    const hint = known.length === 0 ? "" : `; known are ${known.join(", ")}`;
    return issue.keys.map((key) => ({
      line: yaml.lineOf(issue.path, key),
      message: `${nameOf([...issue.path, key])}: unknown field${hint}`,
    }));
  });
}

function describeProblem({ path, message }: DocumentProblem, yaml: StrictYaml): PlacedProblem {
  return { line: yaml.lineOf(path), message: `${nameOf(path)}: ${message}` };
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "the document" : path.map(String).join(".");
}

/** The fields that a schema has at a path; empty where that cannot be told. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  const bare = unwrap(schema);
  const [first, ...rest] = path;
  if (bare instanceof z.ZodObject) {
    return first === undefined ? Object.keys(bare.shape) : knownKeys(bare.shape[String(first)], rest);
  }
  if (bare instanceof z.ZodArray && first !== undefined) return knownKeys(bare.element, rest);
  return [];
}

function unwrap(schema: unknown): unknown {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}
