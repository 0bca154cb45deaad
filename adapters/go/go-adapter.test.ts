import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { createGoAdapter } from "./go-adapter.ts";
import { parseGoModule, parseGoWork } from "./go-module.ts";

const plain = { "go.mod": "module example.com/sample\n\ngo 1.21\n", "a.go": "package sample\n" };
const needy = { "go.mod": "module example.com/sample\n\nrequire example.com/other v1.0.0 // indirect\n" };
const passed = readFileSync(new URL("../reports/fixtures/go-1.26-passed.jsonl", import.meta.url), "utf8");
const goals = ["build", "lint", "test", "format"] as const;

describeAdapter("the Go adapter", createGoAdapter, {
  projects: [
    { name: "a module of its own", files: plain, goals, installs: true, isOffline: true },
    { name: "a module that requires others", files: { ...needy, "go.sum": "x" }, goals, installs: true },
    {
      name: "a module with a vendor folder",
      files: { ...needy, "vendor/modules.txt": "x" },
      goals,
      installs: true,
      isOffline: true,
    },
    {
      name: "a workspace",
      files: {
        "go.work": "go 1.21\n\nuse (\n\t./a\n\t./b // the other\n)\n",
        "a/go.mod": "module a\n",
        "b/go.mod": "module b\n",
      },
      goals,
      installs: true,
      isOffline: true,
    },
  ],
  reports: [{ name: "go test", files: plain, passing: `${passed}{"Action":"complete"}\n` }],
});

test("a module is told with its path and version, a workspace with its folders", async () => {
  const adapter = createGoAdapter();
  expect(await adapter.detect(readerOf(plain))).toEqual({
    adapter: "go",
    confidence: 0.95,
    evidence: ["go.mod: the module example.com/sample, Go 1.21"],
    roots: ["."],
  });
  const work = { "go.work": "use ./a\nuse ../outside\n", "a/go.mod": "module a\n" };
  expect(await adapter.detect(readerOf(work))).toMatchObject({ roots: ["a"] });
  expect((await adapter.plan(readerOf(work), "lint", "/reports"))?.argv.slice(-3)).toEqual(["go", "vet", "./a/..."]);
  expect(await adapter.detect(readerOf({ "go.mod": "// module x\n" }))).toBeNull();
});

test("modules from elsewhere want a go.sum, and those of a workspace a vendor folder", async () => {
  const { dependencies } = createGoAdapter();
  expect(await dependencies(readerOf(needy))).toMatchObject({ needed: true, lockFile: null, install: null });
  const work = { "go.work": "use ./a\n", "a/go.mod": needy["go.mod"] };
  expect(await dependencies(readerOf(work))).toMatchObject({ unsupported: expect.stringContaining("go work vendor") });
});

test("modules are kept by go.sum and wanted from a registry; the standard library alone is neither", async () => {
  const { dependencies, plan } = createGoAdapter();
  const needed = readerOf({ ...needy, "go.sum": "x" });
  expect(await dependencies(needed)).toMatchObject({
    ...{ lockFile: "go.sum", folders: [".go-modules", ".go-build"], install: { needsNetwork: true } },
  });
  expect(await dependencies(readerOf(plain))).toMatchObject({
    ...{ lockFile: "go.mod", folders: [".go-build"], install: { needsNetwork: false } },
  });
  expect((await plan(needed, "build", "/reports"))?.argv.slice(3)).toEqual([
    ...["sh", "go", "build", "-o", "/dev/null", "./..."],
  ]);
});

test("settings, modules and tests that are gone decide the checks", async () => {
  const { checkPaths } = createGoAdapter();
  const reader = readerOf({});
  const changed = [
    { path: "go.mod", kind: "modified" },
    { path: "tools/.golangci.yml", kind: "added" },
    { path: "a/a_test.go", kind: "deleted" },
    { path: "a/b_test.go", kind: "modified" },
    { path: "a/a.go", kind: "deleted" },
  ] as const;
  const found = await checkPaths(
    changed.map((each) => ({ ...each, mode: "100644", insertions: 1, deletions: 1 })),
    reader,
    reader,
  );
  expect(found).toEqual(["go.mod", "tools/.golangci.yml", "a/a_test.go"]);
});

test("a stream that the shell did not close is refused, though every package in it passed", async () => {
  const { plan, read } = createGoAdapter();
  const testPlan = await plan(readerOf(plain), "test", "/reports");
  if (testPlan === null) throw new Error("there is no plan");
  expect(read(testPlan, outcomeOf(), passed)).toMatchObject({
    verdict: "failed",
    reason: expect.stringContaining("was cut off"),
  });
});

test("go.mod and go.work are read with their comments, brackets and quotes", () => {
  const text = 'module "example.com/a" // the module\ngo 1.22.1\nrequire (\n  // nothing\n)\n';
  expect(parseGoModule(text)).toEqual({ path: "example.com/a", go: "1.22.1", hasRequirements: false });
  expect(parseGoModule("go 1.2\n")).toBeNull();
  expect(parseGoWork('use "./a/"\r\nuse (\r\n\t.\r\n\tb\r\n)\r\n')).toEqual(["a", ".", "b"]);
});
