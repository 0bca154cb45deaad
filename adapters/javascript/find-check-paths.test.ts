import { expect, test } from "vitest";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { readerOf } from "../adapter.contract.ts";
import { findCheckPaths } from "./find-check-paths.ts";

const nothing = readerOf({});

function changed(path: string, kind: ChangedPath["kind"] = "modified"): ChangedPath {
  return { path, kind, mode: "100644", insertions: 1, deletions: 1 };
}

test.each([
  "vitest.config.ts",
  "packages/a/vite.config.mjs",
  "vitest.workspace.json",
  "jest.config.cjs",
  ".mocharc.yml",
  ".mocharc",
  "ava.config.js",
  ".taprc",
  ".tap/config",
  ".npmrc",
])("%s decides the checks, however it changes", async (path) => {
  for (const kind of ["added", "modified", "deleted", "type_changed"] as const) {
    expect(await findCheckPaths([changed(path, kind)], nothing, nothing)).toEqual([path]);
  }
});

test.each([
  "test/a.js",
  "src/a.test.ts",
  "src/__tests__/a.tsx",
  "lib/a_test.mjs",
  "tests/fixtures/a.json",
  "a.spec.js",
])("%s decides the checks when it is deleted, and not when it is written", async (path) => {
  expect(await findCheckPaths([changed(path, "deleted")], nothing, nothing)).toEqual([path]);
  for (const kind of ["added", "modified"] as const)
    expect(await findCheckPaths([changed(path, kind)], nothing, nothing)).toEqual([]);
});

test("other files decide nothing", async () => {
  const paths = ["src/a.ts", "src/latest.js", "README.md", "my-vitest.config.txt", "packages/a/package.json"];
  expect(
    await findCheckPaths(
      paths.map((path) => changed(path, "deleted")),
      nothing,
      nothing,
    ),
  ).toEqual([]);
});

test.each<[string, string | null, string | null, boolean]>([
  ["another script", '{"scripts":{"test":"a"}}', '{"scripts":{"test":"b"}}', true],
  ["a script more", "{}", '{"scripts":{"pretest":"b"}}', true],
  ["the scripts taken away", '{"scripts":{"test":"a"}}', "{}", true],
  ["another configuration of jest", '{"jest":{"bail":1}}', '{"jest":{"testMatch":[]}}', true],
  ["no JSON any more", "{}", "{", true],
  ["no JSON at all", "{", "{", true],
  ["no file before", null, "{}", true],
  ["a dependency more", '{"scripts":{"test":"a"}}', '{"scripts":{"test":"a"},"dependencies":{"b":"1"}}', false],
  ["another look", '{"scripts":{"test":"a"}}', '\uFEFF{ "scripts": { "test": "a" } }\n', false],
])("a package.json with %s", async (_, old, now, decides) => {
  const reader = (text: string | null) => readerOf(text === null ? {} : { "package.json": text });
  const found = await findCheckPaths([changed("package.json")], reader(old), reader(now));
  expect(found).toEqual(decides ? ["package.json"] : []);
});
