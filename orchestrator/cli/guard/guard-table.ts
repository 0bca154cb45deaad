import type { CommandSpec, FlagSpec } from "../command-spec.ts";

/** The name of the guard's program. */
export const guardProgram = "spec-guard";

const help: FlagSpec = { name: "help", kind: "switch", short: "h", help: "show this help" };
const repo: FlagSpec = {
  name: "repo",
  kind: "text",
  placeholder: "dir",
  fallback: ".",
  help: "a folder in the repository",
};
const now: FlagSpec = {
  name: "now",
  kind: "text",
  placeholder: "date",
  help: "judge on this UTC day instead of today; in CI only where the policy allows it",
};
const config: FlagSpec = {
  name: "config",
  kind: "text",
  placeholder: "file",
  fallback: "spec-guard.yaml",
  help: "the policy's path in the repository",
};
const format = (choices: readonly string[]): FlagSpec => ({
  name: "format",
  kind: "choice",
  choices,
  fallback: "text",
  help: "how the answer is written on stdout",
});

/** What the guard does without a verb. */
export const checkCommandSpec: CommandSpec = {
  program: guardProgram,
  name: "",
  summary: "refuses a change to controlled code without an approved, fresh spec that covers it",
  details: [
    "The policy is read from the base commit, so a change cannot loosen the rule that judges it. In CI the commits between base and head are judged, elsewhere the working copy as well.",
    "Exit code 0: clean. 1: findings. 2: could not tell, which is never a pass.",
  ],
  positionals: [],
  flags: [
    {
      name: "base",
      kind: "text",
      placeholder: "ref",
      help: "what the change goes into; default from the CI system, else origin's default branch",
    },
    { name: "head", kind: "text", placeholder: "ref", help: "the last commit of the change; default HEAD" },
    { name: "worktree", kind: "switch", help: "judge what is not committed too; the default outside CI" },
    config,
    now,
    { name: "dry-run", kind: "switch", help: "say what the exit code would be, and exit with 0" },
    format(["text", "github", "json", "sarif", "junit", "markdown"]),
    {
      name: "explain",
      kind: "text",
      placeholder: "rule",
      help: "say what a rule such as SG001 means, and look at nothing",
    },
    repo,
    help,
  ],
  examples: ["--base origin/main", "--base origin/main --head HEAD --format github", "--explain SG006"],
  load: async () => (await import("./check-command.ts")).checkCommand,
};

/** The verbs of the guard. */
export const guardVerbs: readonly CommandSpec[] = [
  {
    program: guardProgram,
    name: "approve",
    summary: "writes an approval of a spec, as it stands, into its front matter",
    details: [
      "Sets `last_review` to the day of the approval, and `status: approved` once every role that its risk needs has approved it.",
    ],
    positionals: [{ name: "spec", required: true, help: "a spec's file or id" }],
    flags: [
      { name: "role", kind: "text", placeholder: "role", help: "the role that approves, such as engineering" },
      { name: "who", kind: "text", placeholder: "who", help: "the person, as an address that git knows them by" },
      now,
      config,
      format(["text", "json"]),
      repo,
      help,
    ],
    examples: ["approve tasks/specs/0007-retry.md --role engineering --who ana@example.com"],
    load: async () => (await import("./approve-command.ts")).approveCommand,
  },
  {
    program: guardProgram,
    name: "init",
    summary: "writes a first policy, and overwrites nothing",
    positionals: [],
    flags: [format(["text", "json"]), repo, help],
    load: async () => (await import("./init-command.ts")).initGuardCommand,
  },
  {
    program: guardProgram,
    name: "rules",
    summary: "lists the rules",
    positionals: [],
    flags: [format(["text", "json"]), help],
    load: async () => (await import("./rules-command.ts")).rulesCommand,
  },
];
