import { OrchestratorError } from "../../schema/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const marks = [
  "CI",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "TF_BUILD",
  "JENKINS_URL",
  "BUILDKITE",
  "CIRCLECI",
  "TEAMCITY_VERSION",
];

/** True where the environment says that this is a CI job. */
export function isContinuousIntegration(environment: Environment): boolean {
  return marks.some((name) => !["", "0", "false"].includes(environment[name]?.toLowerCase() ?? ""));
}

/**
 * What a change goes into where nobody names it: the branch that the CI system names, as it stands now and not where the
 * change parted from it, else the default branch of `origin`. One answer, and no second choice after it. Throws `usage` in a CI job that does not say it.
 */
export function defaultBase(environment: Environment): string {
  const base = findDefaultBase(environment);
  if (base !== null) return base;
  throw new OrchestratorError("usage", "name --base: this CI system does not say what the change goes into");
}

/** As `defaultBase`, but null in a CI job that does not say it. */
export function findDefaultBase(environment: Environment): string | null {
  const { GITHUB_BASE_REF, CI_MERGE_REQUEST_TARGET_BRANCH_NAME } = environment;
  if (GITHUB_BASE_REF) return `refs/remotes/origin/${GITHUB_BASE_REF}`;
  if (CI_MERGE_REQUEST_TARGET_BRANCH_NAME) return `refs/remotes/origin/${CI_MERGE_REQUEST_TARGET_BRANCH_NAME}`;
  return isContinuousIntegration(environment) ? null : "refs/remotes/origin/HEAD";
}
