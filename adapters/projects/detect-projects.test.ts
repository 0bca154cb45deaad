import { expect, test } from "vitest";
import type { LanguageAdapter } from "../../orchestrator/schema/adapter-port.ts";
import { readerOf, type SampleFiles } from "../adapter.contract.ts";
import { createGoAdapter } from "../go/go-adapter.ts";
import { createJavaScriptAdapter } from "../javascript/javascript-adapter.ts";
import { detectProjects } from "./detect-projects.ts";

/** An adapter that knows a folder by one file; the workspaces of its stack are what is tried. */
function byFile(id: string, files: readonly string[], more: Partial<LanguageAdapter> = {}): LanguageAdapter {
  return {
    ...createGoAdapter(),
    id,
    detect: async (reader) => {
      const there = await Promise.all(files.map((file) => reader.exists(file)));
      return there.includes(true) ? { adapter: id, confidence: 0.9, evidence: [`${id}: found`], roots: ["."] } : null;
    },
    ...more,
  };
}

const adapters = [
  createJavaScriptAdapter(),
  createGoAdapter(),
  byFile("python", ["pyproject.toml", "requirements.txt"]),
  byFile("rust", ["Cargo.toml"]),
  byFile("java", ["pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle"]),
  byFile("cpp", ["CMakeLists.txt", "Makefile"]),
];

async function projectsOf(files: SampleFiles, own: readonly LanguageAdapter[] = adapters): Promise<readonly string[]> {
  const found = await detectProjects(own, readerOf(files));
  return found.map(({ adapter, root }) => `${root} ${adapter.id}`);
}

const script = '{"scripts":{"test":"node --test"}}';

test.each<[string, SampleFiles, readonly string[]]>([
  ["one project at the root", { "package.json": script, "src/a.js": "" }, [". javascript"]],
  ["no project", { "README.md": "hello" }, []],
  ["a project below alone", { "web/package.json": script }, ["web javascript"]],
  [
    "several stacks side by side and in one folder",
    { "go.mod": "module a\n", "package.json": script, "api/pyproject.toml": "", "web/package.json": script },
    [". javascript", ". go", "api python", "web javascript"],
  ],
  [
    "workspaces of npm, and one that is none",
    {
      "package.json": '{"scripts":{"test":"x"},"workspaces":["packages/*","!packages/old"]}',
      "packages/a/package.json": script,
      "packages/old/package.json": script,
      "tools/b/package.json": script,
    },
    [". javascript", "packages/old javascript", "tools/b javascript"],
  ],
  [
    "workspaces of pnpm and of yarn's longer form",
    {
      "a/package.json": script,
      "a/pnpm-workspace.yaml": "packages:\n  - 'libs/**'\n",
      "a/libs/deep/down/package.json": script,
      "b/package.json": '{"scripts":{"test":"x"},"workspaces":{"packages":["{x,y}/*"]}}',
      "b/x/one/package.json": script,
      "b/z/one/package.json": script,
    },
    ["a javascript", "b javascript", "b/z/one javascript"],
  ],
  [
    "a manifest that only says a type",
    { "package.json": script, "esm/package.json": '{"type":"module"}' },
    [". javascript"],
  ],
  [
    "modules of a go.work, and one outside of it",
    { "go.work": "use (\n\t./a\n)\n", "a/go.mod": "module a\n", "b/go.mod": "module b\n" },
    [". go", "b go"],
  ],
  [
    "a workspace of Cargo with what it excludes",
    {
      "Cargo.toml": '[workspace]\nmembers = ["a"]\nexclude = ["x"]\n',
      "a/Cargo.toml": "[package]\n",
      "x/Cargo.toml": "[package]\n",
      "lone/deep/Cargo.toml": "[package]\n",
    },
    [". rust", "x rust"],
  ],
  [
    "a crate beside one that is no workspace",
    { "Cargo.toml": "[package]\n", "sub/Cargo.toml": "[package]\n" },
    [". rust", "sub rust"],
  ],
  [
    "modules of modules of Maven",
    {
      "pom.xml": "<project><modules><module>a</module></modules></project>",
      "a/pom.xml": "<project><modules><module>../a/b</module><module>b</module></modules></project>",
      "a/b/pom.xml": "<project/>",
      "c/pom.xml": "<project/>",
    },
    [". java", "c java"],
  ],
  [
    "subprojects of Gradle, and a build of its own",
    { "settings.gradle": "", "app/build.gradle": "", "own/settings.gradle": "", "own/build.gradle": "" },
    [". java", "own java"],
  ],
  [
    "subfolders of CMake and make, and a project of its own",
    {
      "CMakeLists.txt": "cmake_minimum_required(VERSION 3.5)\nadd_subdirectory(lib)\n",
      "lib/CMakeLists.txt": "cmake_minimum_required(VERSION 3.5)\n",
      "src/CMakeLists.txt": "add_library(a a.c)\n",
      "own/CMakeLists.txt": "cmake_minimum_required(VERSION 3.5)\n",
      "m/Makefile": "",
      "m/sub/Makefile": "",
    },
    [". cpp", "m cpp", "own cpp"],
  ],
  [
    "members of a uv workspace",
    {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      "packages/a/pyproject.toml": "",
      "other/pyproject.toml": "",
    },
    [". python", "other python"],
  ],
  [
    "what was installed, made or lies hidden",
    {
      "package.json": script,
      "node_modules/a/package.json": script,
      "vendor/b/go.mod": "module b\n",
      "target/package/Cargo.toml": "",
      ".cache/package.json": script,
      "out/CMakeCache.txt": "",
      "out/Makefile": "",
    },
    [". javascript"],
  ],
  [
    "fixtures and examples beside a project",
    { "package.json": script, "test/fixtures/a/package.json": script, "examples/go/go.mod": "module a\n" },
    [". javascript"],
  ],
  ["examples alone", { "examples/go/go.mod": "module a\n" }, ["examples/go go"]],
  ["a broken manifest below", { "go.mod": "module a\n", "broken/package.json": "{" }, [". go"]],
])("%s", async (_, files, projects) => {
  expect(await projectsOf(files)).toEqual(projects);
});

test("a broken manifest at the root is a fault that names it", async () => {
  await expect(projectsOf({ "package.json": "{" })).rejects.toMatchObject({ code: "document_invalid" });
});

test("a team's own adapter is asked where its marker lies, and tells its folders from the repository's root", async () => {
  const own = byFile("ours", ["ours.toml"], { markers: ["ours.toml"] });
  const [found] = await detectProjects([own], readerOf({ "a/b/ours.toml": "" }));
  expect(found).toMatchObject({ root: "a/b", roots: ["a/b"], confidence: 0.9, evidence: ["ours: found"] });
});

test("an adapter is not asked to read what its folder does not hold", async () => {
  const asked: string[] = [];
  const files = readerOf({ "package.json": script, "a/go.mod": "module a\n" });
  const watched = {
    ...files,
    read: (path: string) => files.read(path).finally(() => asked.push(path)),
    exists: (path: string) => files.exists(path).finally(() => asked.push(path)),
  };
  await detectProjects(adapters, watched);
  expect([...new Set(asked)].sort()).toEqual(["a/go.mod", "package.json"]);
});
