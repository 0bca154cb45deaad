import { defaultBudget } from "../schema/budget.ts";
import type { Policy } from "../schema/policy.ts";

/**
 * The policy that every other layer narrows. Since no layer can loosen it, it protects only what decides over the
 * run itself: git's and the runs' own folders, the guard's files, and the workflows and owners that a team's CI
 * trusts. Lock files are not protected, because an honest change of dependencies must change them; a team that
 * wants that says so in its own layer.
 */
export function defaultPolicy(): Policy {
  return {
    scopes: [{ include: ["**"], exclude: [] }],
    protected_paths: [
      "**/.git/**",
      "**/.gitmodules",
      ".runs/**",
      "orchestrator.config.yaml",
      "**/spec-guard.yaml",
      "tasks/specs/**",
      "tasks/waivers/**",
      "tasks/evidence/**",
      "tasks/index.json",
      ".github/workflows/**",
      ".github/actions/**",
      ".gitlab-ci.yml",
      "{,.github/,.gitlab/,docs/}CODEOWNERS",
    ],
    tools: null,
    commands: [
      ["npm", "test"],
      ["npm", "run"],
      ["pnpm", "test"],
      ["pnpm", "run"],
      ["yarn", "test"],
      ["yarn", "run"],
      ["node", "--test"],
      ["node", "--check"],
    ],
    network: { commands: false, install: true },
    require_sandbox: false,
    budget: defaultBudget,
    limits: { command_timeout_ms: 600_000, output_bytes_max: 8_388_608, turns_per_step: 30 },
  };
}
