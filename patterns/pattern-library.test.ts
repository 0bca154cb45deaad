import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isOrchestratorError } from "../orchestrator/schema/errors.ts";
import { PatternSummary } from "../orchestrator/schema/handoff.ts";
import { createPatternLibrary } from "./index.ts";

const library = createPatternLibrary();

test("the library lists its patterns as documents, by id and each once", () => {
  const ids = library.list().map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids).toEqual(expect.arrayContaining(["node-protocol", "prefer-logger-over-console", "util-deprecations"]));
  for (const summary of library.list()) expect(PatternSummary.parse(summary)).toEqual(summary);
  for (const id of ids) expect(library.has(id)).toBe(true);
  expect(library.has("toString")).toBe(false);
});

test("an unknown pattern is a fault that names those there are", () => {
  for (const call of [
    () => library.transform("nope", "a.js", ""),
    () => library.check("nope", "a.js", ""),
    () => library.isCandidate("nope", "a.js", ""),
  ]) {
    expect(call).toThrow(/no pattern is called nope; the library has assert-strict, /);
    expect(() => call()).toThrow(expect.toSatisfy((error: unknown) => isOrchestratorError(error, "pattern_not_found")));
  }
});

test("what is a candidate is transformed, and then nothing is left to find", () => {
  const text = "import fs from 'fs';\n";
  expect(library.isCandidate("node-protocol", "a.js", text)).toBe(true);
  expect(library.check("node-protocol", "a.js", text)).toHaveLength(1);
  const result = library.transform("node-protocol", "a.js", text);
  expect(result).toMatchObject({ status: "changed", after: "import fs from 'node:fs';\n" });
  expect(library.check("node-protocol", "a.js", "import fs from 'node:fs';\n")).toEqual([]);
  expect(library.match("use the node: protocol").map(({ id }) => id)).toEqual(["node-protocol"]);
});

test("the option names the logger module", () => {
  const text = "import a from 'a';\nconsole.log(a);\n";
  const own = createPatternLibrary({ loggerModule: "src/logger.js" });
  expect(own.transform("prefer-logger-over-console", "src/b.mjs", text).status).toBe("changed");
  expect(library.transform("prefer-logger-over-console", "src/b.mjs", text).status).toBe("skipped");
});

test("the entry loads nothing heavier than the parser", async () => {
  const bundle = await (await import("esbuild")).build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    write: false,
    metafile: true,
  });
  const outside = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  expect([...new Set(outside)]).toEqual(["oxc-parser"]);
});
