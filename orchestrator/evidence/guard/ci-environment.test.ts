import { expect, test } from "vitest";
import { defaultBase, isContinuousIntegration } from "./ci-environment.ts";

test.each([
  [{ GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main" }, "refs/remotes/origin/main"],
  [
    { GITLAB_CI: "true", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main", CI_MERGE_REQUEST_DIFF_BASE_SHA: "a".repeat(40) },
    "refs/remotes/origin/main",
  ],
  [{ CI: "false" }, "refs/remotes/origin/HEAD"],
])("in %j the base is %s", (environment, base) => {
  expect(defaultBase(environment)).toBe(base);
});

test("a CI job that does not say its base must be told", () => {
  expect(isContinuousIntegration({ BUILDKITE: "1" })).toBe(true);
  expect(() => defaultBase({ BUILDKITE: "1" })).toThrow("name --base");
});
