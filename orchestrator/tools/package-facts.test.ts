import { expect, test } from "vitest";
import { OrchestratorError } from "../schema/errors.ts";
import { createPackageFacts } from "./package-facts.ts";

test("a file belongs to the nearest package.json that can be read, and each is read once", async () => {
  const texts = new Map([
    ["package.json", '{ "name": "top" }'],
    ["a/b/package.json", '{ "name": "inner" }'],
    ["a/c/package.json", "not JSON"],
  ]);
  const reads: string[] = [];
  const read = async (path: string) => {
    reads.push(path);
    const text = texts.get(path);
    if (text === undefined) throw new OrchestratorError("path_refused", path);
    return text;
  };
  const factsOf = createPackageFacts({ read });
  const names = [];
  for (const path of ["x.js", "a/b/x.js", "a/b/d/x.js", "a/c/x.js", "a/c/y.js"]) {
    names.push((await factsOf(path)).packageJson?.["name"]);
  }
  expect(names).toEqual(["top", "inner", "inner", "top", "top"]);
  expect(reads).toEqual([...new Set(reads)]);
});
