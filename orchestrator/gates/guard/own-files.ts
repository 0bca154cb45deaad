import { placeGlob } from "../spec-coverage.ts";
import type { SpecPolicy } from "../spec-policy.ts";
import type { PlacedPolicy } from "../spec-record.ts";

/** Where the guard's own rules are written, and those of who may change them. */
const always = [
  "**/spec-guard.yaml",
  "**/spec-guard.mjs",
  ".github/workflows/**",
  ".github/actions/**",
  ".github/actions",
  ".gitlab-ci.yml",
  ".pre-commit-config.yaml",
  "{,.github/,.gitlab/,docs/}CODEOWNERS",
];

/** Globs of the files that decide what the guard does. They are controlled whatever a policy says. */
export function ownFiles(policies: readonly PlacedPolicy<SpecPolicy>[], policyPath: string): readonly string[] {
  const waivers = policies.flatMap(({ folder, policy }) =>
    policy.waivers === undefined ? [] : [placeGlob(folder, `${policy.waivers}/**`)],
  );
  return [...always, policyPath, ...waivers];
}
