import { expect, test } from "vitest";
import { secretsGate } from "./secrets-gate.ts";

const clean = { unscanned: null, added: [] };

test.each([
  ["a change of scanned and clean files", { expected: ["a"], files: [{ path: "a", ...clean }] }],
  ["a change that only deletes", { expected: [], files: [] }],
])("%s passes", (_, evidence) => {
  expect(secretsGate.decide(evidence)).toEqual({ decision: "pass" });
});

test.each([
  ["a file that nobody scanned", { expected: ["a", "b"], files: [{ path: "a", ...clean }] }, "secrets/not-scanned"],
  [
    "a file that could not be scanned",
    { expected: ["a"], files: [{ path: "a", unscanned: "too large", added: [] }] },
    "secrets/not-scanned",
  ],
  [
    "a credential",
    { expected: ["a"], files: [{ path: "a", unscanned: null, added: [{ rule: "aws", line: 3 }] }] },
    "secrets/added",
  ],
  [
    "a credential in a file that was not expected",
    { expected: [], files: [{ path: "a", unscanned: null, added: [{ rule: "aws", line: 3 }] }] },
    "secrets/added",
  ],
])("a change with %s is refused", (_, evidence, rule) => {
  expect(secretsGate.decide(evidence)).toMatchObject({ decision: "refuse", findings: [{ rule }] });
});

test("a finding says where the credential is and how to mend it", () => {
  const files = [{ path: "src/a.ts", unscanned: null, added: [{ rule: "aws", line: 7 }] }];
  expect(secretsGate.decide({ expected: ["src/a.ts"], files })).toEqual({
    decision: "refuse",
    findings: [
      {
        rule: "secrets/added",
        path: "src/a.ts",
        line: 7,
        message: "the change adds a credential (aws); take it out and read it from the environment",
      },
    ],
  });
});
