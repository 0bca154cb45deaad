import { expect, test } from "vitest";
import { defaultPolicy } from "./default-policy.ts";
import { meet } from "./meet.ts";
import { compileGlobRule, compilePathRule, isPathAllowed } from "./path-rule.ts";

const policy = meet(defaultPolicy(), {
  scope: { include: ["src/**", "package.json"], exclude: ["src/vendor/**"] },
  protected_paths: ["src/secret.ts"],
});

test.each(["src/a.ts", "src/with space/\u00e9.ts", "src/e\u0301.ts", "package.json", "src/.hidden", "src/vendored.ts"])(
  "the path %j may be changed",
  (path) => {
    expect(compilePathRule(policy)(path)).toBeNull();
  },
);

test.each([
  ["lib/a.ts", "outside"],
  ["SRC/a.ts", "outside"],
  ["src/vendor/a.ts", "outside"],
  ["src/Vendor/a.ts", "outside"],
  ["src/secret.ts", "protected"],
  ["src/SECRET.ts", "protected"],
  ["src/.git/config", "protected"],
  [".github/workflows/ci.yml", "protected"],
  [".GITHUB/Workflows/ci.yml", "protected"],
  ["orchestrator.config.yaml", "protected"],
  ["src/spec-guard.yaml", "protected"],
  ["CODEOWNERS", "protected"],
  ["docs/CODEOWNERS", "protected"],
  ["src/../lib/a.ts", "unsafe"],
  ["/src/a.ts", "unsafe"],
  ["src//a.ts", "unsafe"],
  ["./src/a.ts", "unsafe"],
  ["src\\a.ts", "unsafe"],
  ["src/a\0.ts", "unsafe"],
  ["", "unsafe"],
])("the path %j may not be changed: it is %s", (path, reason) => {
  expect(compilePathRule(policy)(path)?.reason).toBe(reason);
  expect(isPathAllowed(policy, path)).toBe(false);
});

test.each(["src/**", "src/deep/*.ts", "src/{a,b}.ts", "src/a.ts"])("work on %s may be planned", (glob) => {
  expect(compileGlobRule(policy)(glob)).toBeNull();
});

test.each([
  ["**", "outside"],
  ["**/*.ts", "outside"],
  ["lib/**", "outside"],
  ["src/vendor/**", "outside"],
  ["src/VENDOR/*.js", "outside"],
  ["src/secret.ts", "protected"],
  [".runs/**", "protected"],
  [".GIT/**", "protected"],
  ["tasks/specs/*.md", "protected"],
  ["src/@(a|b)", "unsafe"],
  ["../x", "unsafe"],
])("work on %s may not be planned: it is %s", (glob, reason) => {
  expect(compileGlobRule(policy)(glob)?.reason).toBe(reason);
});
