import { expect, test } from "vitest";
import { compileLongNames } from "./short-names.ts";

const longNames = compileLongNames([
  "orchestrator/gates/**",
  ".github/workflows/**",
  "src/*.ts",
  "Jenkinsfile{,.groovy}",
]);

test.each([
  ["ORCHES~1/gates/a.ts", "orchestrator/gates/a.ts"],
  ["GITHUB~1/WORKFL~2/ci.yml", ".github/workflows/ci.yml"],
  ["orch~123/gates/a.ts", "orchestrator/gates/a.ts"],
  ["JENKIN~1.GRO", "jenkinsfile.groovy"],
])("%s may be %s", (path, long) => {
  expect(longNames(path)).toContain(long);
});

test.each([["orchestrator/gates/a.ts"], ["ORCH~1/gates/a.ts"], ["notes~1/a.ts"], ["JENKIN~1.TXT"], ["src/a~.ts"]])(
  "%s stands for nothing else",
  (path) => {
    expect(longNames(path)).toEqual([]);
  },
);

test("a path of many short names is not looked at in every way", () => {
  expect(longNames(Array(40).fill("ORCHES~1").join("/")).length).toBeLessThanOrEqual(64);
});
