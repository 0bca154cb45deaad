import { isBuiltin, builtinModules as ofThisNode } from "node:module";
import { expect, test } from "vitest";
import { builtinModules } from "./builtin-modules.ts";

test("every name on the list is a built-in module with and without the prefix", () => {
  const wrong = [...builtinModules].filter((name) => !isBuiltin(name) || !isBuiltin(`node:${name}`));
  expect(wrong).toEqual([]);
});

test("no public built-in module of this Node.js that works without the prefix is missing", () => {
  const missing = ofThisNode.filter(
    (name) => isBuiltin(name) && !name.startsWith("node:") && !name.startsWith("_") && !builtinModules.has(name),
  );
  expect(missing).toEqual([]);
});
