import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { hasTable, type PythonProject } from "./python-project.ts";

export type PythonTestRunner = "pytest" | "unittest";

const foldersMax = 40;
const filesMax = 20;

/** The runner of a project's tests: pytest where it is configured, required or used by tests, else unittest; null where no tests are found. */
export async function findTestRunner(
  repository: RepositoryReader,
  project: PythonProject,
): Promise<PythonTestRunner | null> {
  if (isPytestNamed(project)) return "pytest";
  const folders = await testFolders(repository, project);
  const lists = await Promise.all(folders.map(async (folder) => ({ folder, names: await repository.list(folder) })));
  if (lists.some(({ folder, names }) => folder !== "." && names.includes("conftest.py"))) return "pytest";
  const files = lists.flatMap(({ folder, names }) =>
    names.filter(isTestFile).map((name) => (folder === "." ? name : `${folder}/${name}`)),
  );
  for (const file of files.slice(0, filesMax)) if (usesPytest((await repository.read(file)) ?? "")) return "pytest";
  return files.length > 0 ? "unittest" : null;
}

function isPytestNamed(project: PythonProject): boolean {
  const { names, texts } = project;
  if (["pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "conftest.py"].some((name) => names.has(name)))
    return true;
  if (hasTable(project, "tool.pytest")) return true;
  return [...texts.values()].some((text) => /(?:^|[\s"'[,:])pytest(?=[\s"'<>=~!;,\][:]|$)/m.test(text));
}

/** The root, the usual folders of tests with what is in them, and those in packages: one level each. */
async function testFolders(repository: RepositoryReader, { names }: PythonProject): Promise<readonly string[]> {
  const folders = [...names].filter((name) => name.endsWith("/") && !name.startsWith(".")).map(withoutSlash);
  const tests = folders.filter((name) => name === "tests" || name === "test");
  const packages = folders.includes("src") ? await subfolders(repository, "src") : [];
  const inTests = (await Promise.all(tests.map((folder) => subfolders(repository, folder)))).flat();
  const inPackages = [...folders, ...packages].flatMap((folder) => [`${folder}/tests`, `${folder}/test`]);
  return [".", ...tests, ...inTests, ...inPackages].slice(0, foldersMax);
}

async function subfolders(repository: RepositoryReader, folder: string): Promise<readonly string[]> {
  const names = await repository.list(folder);
  return names
    .filter((name) => name.endsWith("/") && !/^[._]/.test(name))
    .map((name) => `${folder}/${withoutSlash(name)}`);
}

function withoutSlash(name: string): string {
  return name.replace(/\/$/, "");
}

function isTestFile(name: string): boolean {
  return /^test.*\.py$|_test\.py$/.test(name);
}

/** A test that is a function at the beginning of a line is none for unittest. */
function usesPytest(text: string): boolean {
  return /^\s*(?:import|from)\s+pytest\b|^(?:async )?def test_/m.test(text);
}
