import { expect, test } from "vitest";
import { createGoAdapter, createJavaScriptAdapter, findProjects } from "../../adapters/index.ts";
import { PipelineSpec } from "../schema/pipeline.ts";
import { expandChecks } from "./expand-checks.ts";

const files: Readonly<Record<string, string>> = {
  "package.json": '{"scripts":{"test":"node --test"}}',
  "services/api/go.mod": "module a\n",
  "web/package.json": '{"scripts":{"lint":"x"}}',
};
const namesIn = (folder: string) => {
  const paths = Object.keys(files).filter((path) => folder === "." || path.startsWith(`${folder}/`));
  return [...new Set(paths.map((path) => path.slice(folder === "." ? 0 : folder.length + 1).replace(/\/.*/, "/")))];
};
const reader = {
  read: async (path: string) => files[path] ?? null,
  exists: async (path: string) => files[path] !== undefined,
  list: async (folder: string) => namesIn(folder),
};

const expanded = async (commands: readonly unknown[]) => {
  const adapters = [createJavaScriptAdapter(), createGoAdapter()];
  const projects = await findProjects({ adapters, own: [], configured: [], isWanted: () => true }, reader);
  const spec = await expandChecks(PipelineSpec.parse({ name: "all", commands }), projects, reader);
  return spec.commands.map(({ name, check, project }) => [name, check, project]);
};

test("a check that several projects have becomes a command for each, with a name of its own", async () => {
  expect(
    await expanded([
      { name: "test", check: "test" },
      { name: "test-services-api", argv: ["true"] },
    ]),
  ).toEqual([
    ["test", "test", "."],
    ["test-services-api-2", "test", "services/api"],
    ["test-services-api", undefined, undefined],
  ]);
});

test("a check of one project, one that names its project and one that nobody has stay as they are", async () => {
  expect(
    await expanded([
      { name: "build", check: "build" },
      { name: "api", check: "test", project: "services/api" },
      { name: "format", check: "format", project: "web" },
    ]),
  ).toEqual([
    ["build", "build", undefined],
    ["api", "test", "services/api"],
    ["format", "format", "web"],
  ]);
});
