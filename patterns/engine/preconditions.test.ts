import { expect, test } from "vitest";
import { nodeProtocol } from "../codemods/node-protocol.ts";
import { needsDependency, needsNode } from "./preconditions.ts";
import { transformText } from "./run-codemod.ts";

const enginesOf = (node: unknown) => ({ packageJson: { engines: { node } } });

test.each([
  [">=18", true],
  ["^16.13.0 || >=18.0.0", false],
  ["18.x || 20.x", true],
  [">= 18.1 < 21", true],
  [">14 >=18", true],
  ["<22", false],
  ["*", false],
  ["18.0.0 - 20", true],
  ["lts", false],
  [18, false],
])("of engines.node %j it is said whether Node 18 is the oldest", (range, isMet) => {
  expect(needsNode("18.0")(enginesOf(range), "a.js") === null).toBe(isMet);
});

test("a package that names no dependency, and no package, do not meet one", () => {
  const zod = needsDependency("zod");
  expect(zod({ packageJson: { devDependencies: { zod: "^3.0.0" } } }, "a.ts")).toBeNull();
  expect(zod({ packageJson: { dependencies: ["zod"] } }, "a.ts")).toMatch(/needs zod/);
  expect(zod({ packageJson: null }, "a.ts")).toMatch(/needs zod/);
});

test("a precondition that does not hold skips a file that the codemod is about, and no other", () => {
  const codemod = { ...nodeProtocol, preconditions: [needsNode("16.0")] };
  const text = "import 'fs';\n";
  expect(transformText(codemod, "a.js", text)).toMatchObject({
    status: "skipped",
    reason: expect.stringMatching(/Node 16.0/),
  });
  expect(transformText(codemod, "a.js", text, enginesOf(">=14"))).toMatchObject({ status: "skipped" });
  expect(transformText(codemod, "a.js", text, enginesOf(">=16"))).toMatchObject({ status: "changed" });
  expect(transformText(codemod, "a.js", "a();\n")).toEqual({ path: "a.js", status: "unchanged" });
});
