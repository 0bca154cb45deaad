import { placeGlob } from "../spec-coverage.ts";
import type { SpecPolicy } from "../spec-policy.ts";
import type { PlacedPolicy } from "../spec-record.ts";

/** Where the guard's own rules are written, those of who may change them, and what starts the guard. */
const always = [
  "**/spec-guard.yaml",
  "**/spec-guard.mjs",
  "{,.github/,.gitlab/,.gitea/,.forgejo/,.bitbucket/,docs/}CODEOWNERS",
  // CI systems
  ".{github,gitea,forgejo}/{workflows,actions}/**",
  "**/.gitlab-ci.{yml,yaml}",
  ".gitlab/ci/**",
  "**/Jenkinsfile{,-*,.groovy,.ci,.pr,.build,.test,.deploy,.release}",
  ".jenkins/**",
  ".circleci/**",
  "{,.}azure-pipelines*.{yml,yaml}",
  "{,.}azure-pipelines/**",
  ".azuredevops/**",
  ".buildkite/**",
  "bitbucket-pipelines.{yml,yaml}",
  ".drone.{yml,yaml,star,jsonnet}",
  ".woodpecker{.yml,.yaml,/**}",
  ".travis.{yml,yaml}",
  "{,.}appveyor.{yml,yaml}",
  ".cirrus.{yml,yaml,star}",
  ".{teamcity,semaphore,builds,tekton}/**",
  "cloudbuild.{yml,yaml,json}",
  "buildspec.{yml,yaml}",
  "{,.}codefresh.{yml,yaml}",
  ".{build,zuul,prow}.{yml,yaml}",
  "{zuul,prow}.{yml,yaml}",
  // Rules of the host, kept as files
  ".mergify.{yml,yaml}",
  ".github/{mergify,settings}.{yml,yaml}",
  // Hooks
  ".pre-commit-config.{yml,yaml}",
  ".husky/**",
  ".githooks/**",
  "{,.,.config/}lefthook{,-local}.{yml,yaml,toml,json,jsonc}",
  ".lefthook{,-local}/**",
];

/**
 * Globs of the files that decide what the guard does. They are controlled whatever a policy says; a policy adds to them
 * by `own_files`.
 */
export function ownFiles(policies: readonly PlacedPolicy<SpecPolicy>[], policyPath: string): readonly string[] {
  const waivers = policies.flatMap(({ folder, policy }) =>
    policy.waivers === undefined ? [] : [placeGlob(folder, `${policy.waivers}/**`)],
  );
  const named = policies.flatMap(({ folder, policy }) => policy.own_files.map((glob) => placeGlob(folder, glob)));
  return [...always, policyPath, ...waivers, ...named];
}
