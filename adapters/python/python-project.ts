import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { tomlTables } from "./toml-tables.ts";

/** What the root of a repository has of Python. */
export interface PythonProject {
  /** The names at the root, folders with a trailing `/`. */
  readonly names: ReadonlySet<string>;
  /** The tables of `pyproject.toml`; empty where there is none. */
  readonly tables: ReadonlyMap<string, string>;
  /** The texts of those of `textFiles` that are there, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Lists of requirements that a project keeps at its root, in the order in which they are looked at. */
export const requirementFiles = [
  "requirements.txt",
  "requirements-dev.txt",
  "requirements_dev.txt",
  "dev-requirements.txt",
  "requirements-test.txt",
  "requirements-tests.txt",
  "test-requirements.txt",
] as const;

const textFiles = [
  "pyproject.toml",
  "ruff.toml",
  ".ruff.toml",
  "setup.py",
  "setup.cfg",
  "tox.ini",
  ...requirementFiles,
];

/** By these a folder is told to hold a Python project, the surest first. */
const marks: readonly (readonly [name: string, confidence: number, what: string])[] = [
  ["setup.py", 0.95, "setuptools"],
  ["uv.lock", 0.95, "uv"],
  ["poetry.lock", 0.95, "Poetry"],
  ["pdm.lock", 0.95, "PDM"],
  ["Pipfile.lock", 0.95, "Pipenv"],
  ["Pipfile", 0.9, "Pipenv"],
  ["pytest.ini", 0.75, "pytest"],
  ["tox.ini", 0.7, "tox"],
  ...requirementFiles.map((name) => [name, 0.8, "requirements for pip"] as const),
];

/** Reads what is at the root of a repository; null where nothing there says Python. */
export async function readPythonProject(repository: RepositoryReader): Promise<PythonProject | null> {
  const names = new Set(await repository.list("."));
  const isMarked = marks.some(([name]) => names.has(name)) || names.has("pyproject.toml") || names.has("setup.cfg");
  if (!isMarked) return null;
  const found = textFiles.filter((name) => names.has(name));
  const read = await Promise.all(found.map(async (name) => [name, (await repository.read(name)) ?? ""] as const));
  const texts = new Map(read);
  const project = { names, tables: tomlTables(texts.get("pyproject.toml") ?? ""), texts };
  return evidenceOf(project).length === 0 ? null : project;
}

/** What tells that the project is one, with how sure each is from 0 to 1, the surest first. */
export function evidenceOf({ names, tables, texts }: PythonProject): readonly (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  if (names.has("pyproject.toml")) found.push(pyprojectEvidence(tables));
  if (/^\[(?:metadata|options|tool:pytest)\]/m.test(texts.get("setup.cfg") ?? ""))
    found.push(["setup.cfg: setuptools", 0.9]);
  for (const [name, confidence, what] of marks) if (names.has(name)) found.push([`${name}: ${what}`, confidence]);
  return found.sort(([, left], [, right]) => right - left);
}

function pyprojectEvidence(tables: ReadonlyMap<string, string>): readonly [string, number] {
  const name = /^\s*name\s*=\s*["']([^"']+)/m.exec(tables.get("project") ?? tables.get("tool.poetry") ?? "")?.[1];
  if (name !== undefined) return [`pyproject.toml: the project ${name}`, 0.95];
  const backend = /build-backend\s*=\s*["']([^"']+)/.exec(tables.get("build-system") ?? "")?.[1];
  if (backend !== undefined) return [`pyproject.toml: built by ${backend}`, 0.9];
  return ["pyproject.toml: settings of tools", 0.6];
}

/** True where `pyproject.toml` has a table of a name, or one below it. */
export function hasTable({ tables }: PythonProject, name: string): boolean {
  return [...tables.keys()].some((key) => key === name || key.startsWith(`${name}.`));
}
