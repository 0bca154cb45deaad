import { expect, test } from "vitest";
import type { LanguageAdapter, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { readerOf, type SampleFiles } from "../adapter.contract.ts";
import { createGoAdapter } from "../go/go-adapter.ts";
import { createJavaScriptAdapter } from "../javascript/javascript-adapter.ts";
import { detectProjects } from "./detect-projects.ts";
import { findProjects } from "./find-projects.ts";

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
      "package.json": '{"scripts":{"test":"npm test -ws"},"workspaces":["packages/*","!packages/old"]}',
      "packages/a/package.json": script,
      "packages/old/package.json": script,
      "tools/b/package.json": script,
    },
    [". javascript", "packages/old javascript", "tools/b javascript"],
  ],
  [
    "workspaces of pnpm and of yarn's longer form",
    {
      "a/package.json": '{"scripts":{"test":"pnpm -r test"}}',
      "a/pnpm-workspace.yaml": "packages:\n  - 'libs/**'\n",
      "a/libs/deep/down/package.json": script,
      "b/package.json": '{"scripts":{"test":"turbo test"},"workspaces":{"packages":["{x,y}/*"]}}',
      "b/x/one/package.json": script,
      "b/z/one/package.json": script,
    },
    ["a javascript", "b javascript", "b/z/one javascript"],
  ],
  [
    "workspaces whose tests the root does not run",
    {
      "package.json": '{"scripts":{"test":"node --test test/"},"workspaces":["packages/*"]}',
      "packages/a/package.json": script,
      "packages/esm/package.json": '{"type":"module"}',
      "b/package.json": '{"scripts":{"build":"turbo build"},"workspaces":["x"]}',
      "b/x/package.json": script,
    },
    [". javascript", "b javascript", "b/x javascript", "packages/a javascript"],
  ],
  [
    "workspaces whose tests the root runs by another script, or by a runner that looks everywhere",
    {
      "a/package.json": '{"scripts":{"test":"npm run unit && npm run all","all":"lerna run test"},"workspaces":["x"]}',
      "a/x/package.json": script,
      "b/package.json": '{"scripts":{"test":"vitest run"},"workspaces":["x"]}',
      "b/x/package.json": script,
      "c/package.json": '{"scripts":{"test":"node --test"},"workspaces":["x"]}',
      "c/x/package.json": script,
    },
    ["a javascript", "b javascript", "c javascript"],
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

test("where an adapter is sure of a folder, one that is not so sure of it has no project there", async () => {
  const unsure = byFile("cpp", ["Makefile"]);
  const detect = async (reader: RepositoryReader) => {
    const found = await unsure.detect(reader);
    return found === null ? null : { ...found, confidence: 0.6 };
  };
  const own = [createJavaScriptAdapter(), { ...unsure, detect }];
  expect(await projectsOf({ "package.json": script, Makefile: "test:\n" }, own)).toEqual([". javascript"]);
  expect(await projectsOf({ Makefile: "test:\n" }, own)).toEqual([". cpp"]);
});

test("a workspace that is a project of its own is installed with the project that holds it", async () => {
  const files = {
    "package.json": '{"scripts":{"lint":"x"},"workspaces":["packages/*"],"dependencies":{"x":"1.0.0"}}',
    "packages/a/package.json": '{"scripts":{"test":"node --test"},"dependencies":{"y":"1.0.0"}}',
  };
  const setUp = { adapters, own: [], configured: [], isWanted: () => true };
  const [root, member] = await findProjects(setUp, readerOf(files));
  expect(await root?.adapter.dependencies(readerOf(files))).toMatchObject({ needed: true });
  expect(member).toMatchObject({ root: "packages/a" });
  expect(await member?.adapter.dependencies(readerOf(files))).toMatchObject({
    needed: false,
    reason: expect.stringContaining("workspace"),
  });
});

test("commands for a root and the team's own adapter win there, and roots that are not wanted are left out", async () => {
  const files = { "package.json": script, "api/go.mod": "module a\n", "web/package.json": script };
  const known = { adapter: "ours", confidence: 0.99, evidence: [], roots: ["."] };
  const detect = async (reader: RepositoryReader) => ((await reader.exists("package.json")) ? known : null);
  const ours = byFile("ours", [], { detect });
  const setUp = {
    adapters: [ours, ...adapters],
    own: ["ours"],
    configured: [{ root: "api", adapter: byFile("command", ["go.mod"]) }],
    isWanted: (root: string) => root !== "web",
  };
  const found = await findProjects(setUp, readerOf(files));
  expect(found.map(({ root, adapter }) => `${root} ${adapter.id}`)).toEqual([". ours", "api command"]);
});

test("a broken manifest at the root is a fault that names it", async () => {
  await expect(projectsOf({ "package.json": "{" })).rejects.toMatchObject({ code: "document_invalid" });
});

test("a broken manifest below the root is told to whoever asks, unless the project is not wanted", async () => {
  const reader = readerOf({ "go.mod": "module a\n", "web/package.json": "{", "old/package.json": "{" });
  const heard: string[] = [];
  const setUp = { adapters, own: [], configured: [], isWanted: (root: string) => root !== "old" };
  await findProjects(setUp, reader, ({ root, adapter, reason }) => heard.push(`${adapter} ${root}: ${reason}`));
  expect(heard).toEqual([expect.stringMatching(/^javascript web: package\.json.* is not valid JSON/)]);
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
