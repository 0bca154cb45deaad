import { type CommandSpec, type FlagSpec, type PositionalSpec, programName } from "./command-spec.ts";
import { checkCommandSpec, guardVerbs } from "./guard/guard-table.ts";

const format: FlagSpec & { readonly kind: "choice" } = {
  name: "format",
  kind: "choice",
  choices: ["text", "json"],
  fallback: "text",
  help: "text for people, json for programs: one document on stdout, all else on stderr",
};
const repo: FlagSpec = {
  name: "repo",
  kind: "text",
  placeholder: "dir",
  fallback: ".",
  help: "a folder in the repository",
};
const quiet: FlagSpec = { name: "quiet", kind: "switch", help: "show no progress" };
const help: FlagSpec = { name: "help", kind: "switch", short: "h", help: "show this help" };
const message: FlagSpec = { name: "message", kind: "text", placeholder: "text", help: "why; it stands in the record" };
const noAdvance: FlagSpec = { name: "no-advance", kind: "switch", help: "only leave it for the run, and do not go on" };
const question: FlagSpec = {
  name: "question",
  kind: "text",
  placeholder: "id",
  help: "which question; needed where the run has asked more than one",
};
const always: readonly FlagSpec[] = [repo, format, help];
const run: PositionalSpec = { name: "run", required: true, help: "a run id, the beginning of one, latest, or a path" };

const runVerb: CommandSpec = {
  name: "run",
  summary: "turn a goal or a task file into a reviewed change",
  details: [
    "The change is made in a private clone, on a branch of its own. Your working copy stays as it is until runs apply.",
    "A goal becomes a task with one criterion: the goal itself. Its id and scope are shown at once.",
    "Without a goal, --recipe alone means what its patterns say of themselves.",
  ],
  positionals: [{ name: "goal", required: false, help: "what is to be done, in words, in quotes" }],
  flags: [
    { name: "task", kind: "text", placeholder: "id|file", help: "a task file, or the id of one in tasks/" },
    { name: "base", kind: "text", placeholder: "ref", help: "the commit, branch or tag to start from; default HEAD" },
    {
      name: "model",
      kind: "text",
      placeholder: "model",
      help: "recipe, openai:<model> or replay:<run>; default from the config, else recipe",
    },
    { name: "base-url", kind: "text", placeholder: "url", help: "a server that speaks the OpenAI Responses API" },
    {
      name: "recipe",
      kind: "list",
      placeholder: "pattern,…",
      help: "patterns that the recipe model applies, in this order",
    },
    { name: "scope", kind: "list", placeholder: "glob,…", help: "what a goal may change; default everything" },
    { name: "approve", kind: "list", placeholder: "plan,finish", help: "ask a person at these points" },
    {
      name: "budget",
      kind: "list",
      placeholder: "limit=n,…",
      help: "narrow the limits: turns, tokens, cost_usd, wall_clock_seconds, builder_attempts, planner_attempts, changed_lines",
    },
    quiet,
    ...always,
  ],
  examples: [
    'run "use node: for the imports of builtin modules"',
    'run "migrate the logging" --recipe prefer-logger-over-console --scope "src/**" --approve plan',
    "run --recipe node-protocol",
    "run --task 0007 --model openai:gpt-5 --budget turns=50,cost_usd=1",
  ],
  load: async () => (await import("./commands/run-command.ts")).runCommand,
};

const pipelineVerbs: readonly CommandSpec[] = [
  {
    name: "start",
    summary: "run a pipeline of commands as a durable run",
    details: [
      "diagnostics is build, lint, test and spec-guard; your own stand under settings.pipelines in orchestrator.config.yaml.",
      "The commands run in your working copy, as it is.",
    ],
    positionals: [{ name: "pipeline", required: false, help: "which one; default diagnostics" }],
    flags: [
      {
        name: "command",
        kind: "texts",
        placeholder: "line",
        help: "run this command line instead, without a shell; may be given more than once",
      },
      { name: "keep-going", kind: "switch", help: "go on after a command that did not pass" },
      { name: "network", kind: "switch", help: "let the commands given by --command open connections" },
      {
        name: "via",
        kind: "choice",
        choices: ["local", "mcp"],
        fallback: "local",
        help: "mcp: through the MCP server of settings.mcp_server, by default mcp tools",
      },
      { name: "task", kind: "text", placeholder: "id", help: "keep the run under this task; default pipeline-<name>" },
      { name: "detach", kind: "switch", help: "print the run's id at once, and work on it in the background" },
      quiet,
      ...always,
    ],
    examples: ["start", "start release --detach", 'start --command "npm run build" --command "npm test" --keep-going'],
    load: async () => (await import("./commands/start-command.ts")).startCommand,
  },
  {
    name: "poll",
    summary: "say how a run gets on: heartbeat, commands, manifest, and how to resume",
    details: ["With --watch and --format json each look is one line. The exit code is that of the run."],
    positionals: [run],
    flags: [
      { name: "watch", kind: "switch", help: "look again and again, until nobody works on the run any more" },
      { name: "interval", kind: "count", placeholder: "seconds", fallback: "2", help: "between two looks" },
      ...always,
    ],
    load: async () => (await import("./commands/poll-command.ts")).pollCommand,
  },
  {
    name: "metrics",
    summary: "figures of the finished runs, pruned ones as well",
    details: [
      "A run is ready for a reviewer when its record verifies, with every required guardrail and evidence for each criterion.",
    ],
    positionals: [],
    flags: [
      { name: "summarize", kind: "switch", help: "sum up instead of a row for each run" },
      { name: "task", kind: "text", placeholder: "id", help: "only runs of this task" },
      { name: "last", kind: "count", placeholder: "n", fallback: "500", help: "only so many, the newest ones" },
      repo,
      {
        ...format,
        choices: ["text", "json", "prometheus"],
        help: `${format.help}; prometheus: summed up, in its text format`,
      },
      help,
    ],
    load: async () => (await import("./commands/metrics-command.ts")).metricsCommand,
  },
];

const verbsOnRuns: readonly CommandSpec[] = [
  {
    name: "resume",
    summary: "go on with a run that was stopped or paused",
    positionals: [run],
    flags: [message, quiet, ...always],
    load: async () => (await import("./commands/resume-command.ts")).resumeCommand,
  },
  {
    name: "pause",
    summary: "block a run at the next step boundary",
    positionals: [run],
    flags: [message, noAdvance, quiet, ...always],
    load: async () => (await import("./commands/pause-command.ts")).pauseCommand,
  },
  {
    name: "cancel",
    summary: "end a run for good",
    positionals: [run],
    flags: [message, noAdvance, quiet, ...always],
    load: async () => (await import("./commands/cancel-command.ts")).cancelCommand,
  },
  {
    name: "approve",
    summary: "answer the open question of a run with yes, and go on",
    positionals: [run],
    flags: [message, question, noAdvance, quiet, ...always],
    load: async () => (await import("./commands/answer-command.ts")).approveCommand,
  },
  {
    name: "reject",
    summary: "answer the open question of a run with no, and go on",
    details: [
      "A plan or a change that is rejected with a message goes back with your words. Any other rejection ends the run.",
    ],
    positionals: [run],
    flags: [message, question, noAdvance, quiet, ...always],
    load: async () => (await import("./commands/answer-command.ts")).rejectCommand,
  },
];

const runsVerbs: readonly CommandSpec[] = [
  {
    name: "runs list",
    summary: "list the runs, newest first",
    positionals: [],
    flags: [
      { name: "limit", kind: "count", placeholder: "n", fallback: "20", help: "at most so many" },
      { name: "task", kind: "text", placeholder: "id", help: "only runs of this task" },
      {
        name: "status",
        kind: "text",
        placeholder: "status",
        help: "only runs that stand so: running, blocked, paused, passed, refused, cancelled, faulted",
      },
      { name: "blocked", kind: "switch", help: "only runs that wait for a person, and what each waits for" },
      ...always,
    ],
    load: async () => (await import("./commands/runs-list-command.ts")).runsListCommand,
  },
  {
    name: "runs show",
    summary: "show what a reviewer reads first: verdict, gates, change, tests, answers, cost",
    positionals: [run],
    flags: always,
    load: async () => (await import("./commands/runs-show-command.ts")).runsShowCommand,
  },
  {
    name: "runs watch",
    summary: "follow the events of a run until it is finished",
    details: ["With --format json each event is one line. The exit code is that of the run."],
    positionals: [run],
    flags: always,
    load: async () => (await import("./commands/runs-watch-command.ts")).runsWatchCommand,
  },
  {
    name: "runs verify",
    summary: "recompute what a run's folder claims: its log, hashes, artifacts and manifest",
    details: [
      "A log whose end was cut off, or that was written anew as a whole, shows only in the signature: runs are signed where",
      "ORCHESTRATOR_SIGNING_KEY_FILE names an Ed25519 private key (PEM) while they finish.",
    ],
    positionals: [{ ...run, help: `${run.help} of a run's folder, which may be a copy` }],
    flags: [
      {
        name: "key",
        kind: "text",
        placeholder: "file",
        help: "the public key (PEM) by which the manifest must be signed",
      },
      ...always,
    ],
    load: async () => (await import("./commands/runs-verify-command.ts")).runsVerifyCommand,
  },
  {
    name: "runs diff",
    summary: "print the change of a run as a patch",
    details: ["Secrets in it are replaced, so it is for reading; runs apply brings in the commit itself."],
    positionals: [run],
    flags: always,
    load: async () => (await import("./commands/runs-diff-command.ts")).runsDiffCommand,
  },
  {
    name: "runs apply",
    summary: "bring the commit of a passed run into your repository",
    details: ["A conflict, or an uncommitted change in a file that the run changed, is refused and left as it is."],
    positionals: [run],
    flags: [
      { name: "branch-only", kind: "switch", help: "only fetch the run's branch, and leave the working copy alone" },
      ...always,
    ],
    load: async () => (await import("./commands/runs-apply-command.ts")).runsApplyCommand,
  },
  {
    name: "runs export",
    summary: "write a run as a tree of readable files: report, plan, change, and logs of each step",
    positionals: [run],
    flags: [
      {
        name: "to",
        kind: "text",
        placeholder: "dir",
        help: "a folder that is new or empty; default one named after the run",
      },
      ...always,
    ],
    load: async () => (await import("./commands/runs-export-command.ts")).runsExportCommand,
  },
  {
    name: "runs prune",
    summary: "remove finished runs, and what runs that are gone left behind",
    details: [
      "A run that is live, blocked, unfinished, damaged, or named under tasks/ stays. The metrics of all runs stay.",
      "Where both limits are given, a run must be beyond both.",
    ],
    positionals: [],
    flags: [
      { name: "keep", kind: "text", placeholder: "n", help: "the newest finished runs that stay" },
      {
        name: "older-than",
        kind: "text",
        placeholder: "age",
        help: "only runs that finished longer ago, such as 30d or 12h",
      },
      {
        name: "blobs",
        kind: "switch",
        help: "remove only the outputs of their commands; the rest can still be verified",
      },
      { name: "dry-run", kind: "switch", help: "remove nothing, and say what would be" },
      ...always,
    ],
    examples: ["runs prune --keep 50 --older-than 30d --dry-run"],
    load: async () => (await import("./commands/runs-prune-command.ts")).runsPruneCommand,
  },
];

const repositoryVerbs: readonly CommandSpec[] = [
  {
    name: "init",
    summary: "set up a repository: a commented configuration, and .runs out of git",
    details: ["Nothing that exists is overwritten."],
    positionals: [],
    flags: always,
    load: async () => (await import("./commands/init-command.ts")).initCommand,
  },
  {
    name: "doctor",
    summary: "say what is missing, and how to get it",
    positionals: [],
    flags: always,
    load: async () => (await import("./commands/doctor-command.ts")).doctorCommand,
  },
];

const patternSettings: FlagSpec = {
  name: "set",
  kind: "texts",
  placeholder: "key=value",
  help: "a setting of a pattern or a field of a template (see patterns show); may be given more than once",
};

const patternVerbs: readonly CommandSpec[] = [
  {
    name: "patterns list",
    summary: "list the patterns that can be used here, and in how many runs they were",
    positionals: [],
    flags: [format, help],
    load: async () => (await import("./commands/patterns-list-command.ts")).patternsListCommand,
  },
  {
    name: "patterns show",
    summary: "show what a pattern changes, its settings and an example",
    positionals: [{ name: "id", required: true, help: "the id of a pattern" }],
    flags: [format, help],
    load: async () => (await import("./commands/patterns-show-command.ts")).patternsShowCommand,
  },
  {
    name: "patterns apply",
    summary: "apply patterns to the files of a folder, all of them or none; or fill a template",
    details: [
      "Files that git ignores, foreign and generated ones are left alone, and so is each file that a pattern cannot change soundly; the report says why.",
      "A change can be undone. One that is cut off in the middle is put back by the next apply or undo.",
      "template/<id> is filled alone and without a folder: on stdout, or with --to as a new file.",
    ],
    positionals: [
      { name: "pattern…", required: true, repeats: true, help: "ids of patterns, applied to each file in this order" },
      { name: "dir", required: false, help: "a folder with sources; a template takes none" },
    ],
    flags: [
      { name: "dry-run", kind: "switch", help: "write nothing, and print the change as a unified diff" },
      {
        name: "check",
        kind: "text",
        placeholder: "line",
        help: "run this command line afterwards, without a shell; where it fails, every file is put back",
      },
      {
        name: "check-timeout",
        kind: "count",
        placeholder: "seconds",
        fallback: "1800",
        help: "how long the check may take",
      },
      patternSettings,
      { name: "to", kind: "text", placeholder: "file", help: "write the filled template as this new file" },
      quiet,
      {
        ...format,
        choices: ["text", "json", "sarif", "patch"],
        help: `${format.help}; sarif: each change as a result; patch: what git apply takes in the repository's root`,
      },
      help,
    ],
    examples: [
      "patterns apply node-protocol src --dry-run",
      'patterns apply node-protocol structured-event-emit . --check "npm test"',
      "patterns apply prefer-logger-over-console src --set loggerModule=src/logger.js",
      "patterns apply template/incident --set title='Calls hang' --set severity=high … --to docs/incidents/0001.md",
    ],
    load: async () => (await import("./commands/patterns-apply-command.ts")).patternsApplyCommand,
  },
  {
    name: "patterns undo",
    summary: "put back every file of an application, or none where one was edited since",
    positionals: [
      { name: "journal", required: true, help: "the id that apply printed, the beginning of it, or latest" },
    ],
    flags: always,
    load: async () => (await import("./commands/patterns-undo-command.ts")).patternsUndoCommand,
  },
  {
    name: "patterns lint",
    summary: "run the lint rules of the library over a folder, by oxlint or ESLint",
    details: [
      "The linter of the repository comes first, then one beside this package. Its own configuration is not loaded.",
      "What patterns apply leaves alone is not linted. Ends with 2 where a file could not be read and nothing was found in the others.",
    ],
    positionals: [{ name: "dir", required: true, help: "a folder with sources" }],
    flags: [
      { name: "rule", kind: "list", placeholder: "id,…", help: "only these rules, such as lint/node-protocol" },
      {
        name: "linter",
        kind: "choice",
        choices: ["auto", "oxlint", "eslint"],
        fallback: "auto",
        help: "auto: oxlint where there is one, else ESLint",
      },
      {
        name: "timeout",
        kind: "count",
        placeholder: "seconds",
        fallback: "600",
        help: "how long the linter may take",
      },
      quiet,
      {
        ...format,
        choices: ["text", "json", "sarif", "github"],
        help: `${format.help}; sarif: for code scanning; github: annotations of a workflow`,
      },
      help,
    ],
    examples: [
      "patterns lint src",
      "patterns lint . --rule lint/no-floating-run,lint/no-unredacted-log --format sarif",
    ],
    load: async () => (await import("./commands/patterns-lint-command.ts")).patternsLintCommand,
  },
  {
    name: "patterns test",
    summary: "run the fixtures of the patterns, and see that each can fail",
    positionals: [{ name: "id", required: false, help: "only this pattern, or the folder of a candidate" }],
    flags: [format, help],
    load: async () => (await import("./commands/patterns-test-command.ts")).patternsTestCommand,
  },
  {
    name: "patterns pin",
    summary: "print the hash by which a library of a team is pinned",
    details: ["The code of the library is read, not run. What is pinned counts once it is committed."],
    positionals: [
      { name: "library", required: true, help: "its name, ./<folder> in the repository, or an npm package" },
    ],
    flags: [
      {
        name: "name",
        kind: "text",
        placeholder: "name",
        help: "what stands before the ids; default the folder's name",
      },
      ...always,
    ],
    examples: ["patterns pin ./tools/patterns --name own", "patterns pin own"],
    load: async () => (await import("./commands/patterns-pin-command.ts")).patternsPinCommand,
  },
];

const ingestVerbs: readonly CommandSpec[] = [
  {
    name: "patterns ingest",
    summary: "propose what an approved run changed as a candidate in patterns/staging",
    details: [
      "Sources become a draft of a codemod with the change as its fixtures, a document becomes a template. Secrets are taken out first.",
      "What the run's own patterns did is left out. Nothing loads a candidate: docs/learning.md says how it becomes a pattern.",
    ],
    positionals: [],
    flags: [
      { name: "run", kind: "text", placeholder: "run", help: "a passed run whose change a person approved" },
      { name: "id", kind: "text", placeholder: "id", help: "what the candidate is called; default after the task" },
      { name: "with-known", kind: "switch", help: "propose also what known patterns did, for a variant of one" },
      { name: "dry-run", kind: "switch", help: "write nothing" },
      ...always,
    ],
    load: async () => (await import("./commands/patterns-ingest-command.ts")).patternsIngestCommand,
  },
  {
    name: "patterns promote",
    summary: "move a candidate whose tests pass into a library of the repository, and pin it",
    details: [
      "Refused where spec-guard's committed policy does not control the library and the configuration: then nobody would have to approve it.",
      "Nothing is committed. The pattern can be used from the commit on that holds it and the pin.",
    ],
    positionals: [{ name: "id", required: true, help: "the name of a folder in patterns/staging" }],
    flags: [
      {
        name: "library",
        kind: "text",
        placeholder: "name",
        help: "a library of the configuration; a new one lies in patterns/<name>",
      },
      ...always,
    ],
    load: async () => (await import("./commands/patterns-promote-command.ts")).patternsPromoteCommand,
  },
];

const adapterVerbs: readonly CommandSpec[] = [
  {
    name: "adapters list",
    summary: "list the stacks that are known",
    positionals: [],
    flags: [format, help],
    load: async () => (await import("./commands/adapters-list-command.ts")).adaptersListCommand,
  },
  {
    name: "adapters detect",
    summary: "say which projects a folder holds, how that shows, and what would be run",
    details: ["Starts nothing. Ends with 1 where no adapter knows a project."],
    positionals: [{ name: "dir", required: false, help: "default this folder" }],
    flags: [format, help],
    load: async () => (await import("./commands/adapters-detect-command.ts")).adaptersDetectCommand,
  },
  {
    name: "adapters run",
    summary: "run a goal of every project in a folder, and say what it showed",
    details: [
      "Goals: install, build, lint, test, format. They run in the folder itself, inside bubblewrap where that works, without network but for install.",
      "Tests pass only with exit code 0 and a whole report of more than no test. Ends with 2 where no project has a command for the goal.",
    ],
    positionals: [
      { name: "goal", required: true, help: "install, build, lint, test or format" },
      { name: "dir", required: false, help: "default this folder" },
    ],
    flags: [
      { name: "adapter", kind: "text", placeholder: "id", help: "only the projects of this adapter" },
      { name: "network", kind: "switch", help: "let the commands open connections" },
      quiet,
      {
        ...format,
        choices: ["text", "json", "junit", "ctrf", "sarif"],
        help: `${format.help}; junit, ctrf: the tests; sarif: what a linter or a compiler found`,
      },
      help,
    ],
    examples: ["adapters run test", "adapters run lint services/api --format sarif"],
    load: async () => (await import("./commands/adapters-run-command.ts")).adaptersRunCommand,
  },
  {
    name: "adapters compare",
    summary: "run the tests of two commits, and say which got worse",
    details: [
      "Each commit is tested in a private clone, so the working copy is neither touched nor looked at. Where something got worse, the base is tested twice.",
      "Ends with 1 where a test that passed on the base fails, is gone or is switched off, and with 2 where a side left no list of its tests.",
    ],
    positionals: [{ name: "dir", required: false, help: "a folder in the repository; default this one" }],
    flags: [
      { name: "base", kind: "text", placeholder: "commit", help: "what is compared with; needed" },
      { name: "head", kind: "text", placeholder: "commit", fallback: "HEAD", help: "what is judged" },
      quiet,
      format,
      help,
    ],
    examples: ["adapters compare --base origin/main"],
    load: async () => (await import("./commands/adapters-compare-command.ts")).adaptersCompareCommand,
  },
];

const goalVerbs: readonly CommandSpec[] = [
  {
    name: "goals run",
    summary: "work through many goals over one or many repositories, each by a run of its own",
    details: [
      "The run is recorded in the repository around the file, and links those of the goals; resume goes on with it, and begins no goal twice.",
      "Ends with 3 where goals wait for a person and nothing else can be done.",
    ],
    positionals: [{ name: "file", required: true, help: "goals as YAML; see docs/goals.md" }],
    flags: [
      { name: "concurrency", kind: "count", placeholder: "n", help: "goals under way at once; default as in the file" },
      { name: "fail-fast", kind: "switch", help: "start no other goal after one that did not pass" },
      { name: "dry-run", kind: "switch", help: "print the schedule, and start nothing" },
      { name: "model", kind: "text", placeholder: "model", help: "for goals that name none" },
      quiet,
      ...always,
    ],
    examples: ["goals run migrations.yaml --concurrency 4", "goals run migrations.yaml --dry-run"],
    load: async () => (await import("./commands/goals-run-command.ts")).goalsRunCommand,
  },
];

const evalVerdictFlags: readonly FlagSpec[] = [
  {
    name: "alpha",
    kind: "text",
    placeholder: "p",
    help: "below which p-value a difference is more than chance; default 0.05",
  },
  {
    name: "fail-on",
    kind: "choice",
    choices: ["significant", "any"],
    fallback: "significant",
    help: "what is a regression: worse by more than chance, or any sample that got worse",
  },
  {
    name: "never-worse",
    kind: "list",
    placeholder: "glob,…",
    help: "samples of which a single worse one is a regression",
  },
  { name: "partial", kind: "switch", help: "compare what both tried, where one of the two is not complete" },
];
const failOnRegression: FlagSpec = {
  name: "fail-on-regression",
  kind: "switch",
  help: "end with 1 where it is worse than the baseline",
};
const reportFlag: FlagSpec = {
  name: "report",
  kind: "list",
  placeholder: "name=file,…",
  help: "write it down for other readers too: text, json, markdown, …; - is stdout",
};
const baselineFlag: FlagSpec = {
  name: "baseline",
  kind: "text",
  placeholder: "log",
  help: "hold it against this log of the same samples",
};

const evalVerbs: readonly CommandSpec[] = [
  {
    name: "eval run",
    summary: "try a solver on samples, score what it leaves, and say how sure the figures are",
    details: [
      "A name is an evaluation of this package (patterns, adapters, bug-fixes, refactors, guardrails), a file (.ts, .mts, .mjs, .js, .yaml), or a folder with *.eval.* in it. A file of code is run as it is.",
      "The record lies in .runs/.evaluations, or in --out; one that is not complete is gone on with. Ends with 1 where a try did not pass, with 4 where only the infrastructure failed some, and with 2 where some were not made.",
    ],
    positionals: [
      { name: "evaluation", required: false, repeats: true, help: "a name, a file or a folder; default this folder" },
    ],
    flags: [
      { name: "out", kind: "text", placeholder: "folder", help: "the folder of the record" },
      { name: "limit", kind: "count", placeholder: "n", help: "only the first samples" },
      {
        name: "filter",
        kind: "list",
        placeholder: "glob|tag,…",
        help: "only samples with such an id, or with this tag",
      },
      { name: "epochs", kind: "count", placeholder: "n", help: "how often each sample is tried" },
      { name: "seed", kind: "text", placeholder: "n", help: "of the tries and of the bootstrap; default 0" },
      { name: "concurrency", kind: "count", placeholder: "n", help: "tries under way at once; default 2" },
      {
        name: "solver",
        kind: "text",
        placeholder: "id",
        help: "instead of its own: no-op, known-good, known-bad:<name>, codemod, workflow",
      },
      {
        name: "model",
        kind: "text",
        placeholder: "model",
        help: "for a solver that takes one: recipe, openai:<model>, …",
      },
      {
        name: "base-url",
        kind: "text",
        placeholder: "url",
        help: "for a solver that takes one: the server of the model",
      },
      {
        name: "record",
        kind: "text",
        placeholder: "folder",
        help: "for a solver with a model: keep each answer there",
      },
      {
        name: "replay",
        kind: "text",
        placeholder: "folder",
        help: "for a solver with a model: answer from there alone",
      },
      {
        name: "time-limit",
        kind: "count",
        placeholder: "seconds",
        help: "for the solver of one try, and for each scorer; default 600",
      },
      {
        name: "budget",
        kind: "list",
        placeholder: "limit=n,…",
        help: "of each evaluation: tries, tokens, cost_usd, wall_clock_seconds; the rest is not tried",
      },
      {
        name: "retry-infrastructure",
        kind: "switch",
        help: "make the tries of the record anew that the infrastructure failed",
      },
      {
        name: "cache",
        kind: "text",
        placeholder: "folder",
        help: "keep results of deterministic solvers there, and take them from there",
      },
      baselineFlag,
      failOnRegression,
      ...evalVerdictFlags,
      reportFlag,
      quiet,
      format,
      help,
    ],
    examples: [
      "eval run patterns",
      "eval run guardrails",
      "eval run checks/migration.eval.ts --epochs 5 --model openai:gpt-5 --budget cost_usd=2",
      "eval run patterns --baseline main.json --fail-on-regression --report markdown=report.md",
    ],
    load: async () => (await import("./commands/eval-run-command.ts")).evalRunCommand,
  },
  {
    name: "eval compare",
    summary: "say whether an evaluation is worse than another, and how sure that is",
    positionals: [
      { name: "base", required: true, help: "a log, or the folder of a record" },
      { name: "head", required: true, help: "the one that is judged" },
    ],
    flags: [failOnRegression, ...evalVerdictFlags, format, help],
    examples: ["eval compare main.json head.json --fail-on-regression"],
    load: async () => (await import("./commands/eval-compare-command.ts")).evalCompareCommand,
  },
  {
    name: "eval report",
    summary: "show the log of an evaluation, or write it down for other readers",
    positionals: [{ name: "log", required: true, help: "a log, or the folder of a record" }],
    flags: [baselineFlag, ...evalVerdictFlags, reportFlag, format, help],
    examples: ["eval report .runs/.evaluations/patterns-0123456789ab-1 --report markdown=-"],
    load: async () => (await import("./commands/eval-report-command.ts")).evalReportCommand,
  },
];

const serverVerbs: readonly CommandSpec[] = [
  {
    name: "mcp tools",
    summary: "serve read, search, edit, run and git on the working copy, over MCP on stdin and stdout",
    details: [
      "Under the policy of the last commit, as for agents. It ends when its input does; all that it logs goes to stderr.",
    ],
    positionals: [],
    flags: [
      { name: "any-command", kind: "switch", help: "let run start any program; start --via mcp needs it" },
      ...always,
    ],
    load: async () => (await import("./commands/mcp-tools-command.ts")).mcpToolsCommand,
  },
];

const taskVerbs: readonly CommandSpec[] = [
  {
    name: "task new",
    summary: "write a task file with the next number and, with --spec, a draft of its spec",
    details: [
      "Nothing that exists is overwritten. Where there is a registry, it gets the new entries.",
      "The spec is a draft: it lets nothing through until task approve.",
    ],
    positionals: [{ name: "title", required: true, help: "what the task is called, in quotes" }],
    flags: [
      { name: "goal", kind: "text", placeholder: "text", help: "what is to be done; default the title" },
      {
        name: "criterion",
        kind: "texts",
        placeholder: "text",
        help: "what must be true when it is done; may be given more than once; default the goal",
      },
      { name: "scope", kind: "list", placeholder: "glob,…", help: "what it may change; default what the spec covers" },
      { name: "spec", kind: "switch", help: "write a draft of its spec as well" },
      { name: "covers", kind: "list", placeholder: "glob,…", help: "what the spec covers; default the scope" },
      {
        name: "risk",
        kind: "choice",
        choices: ["low", "medium", "high"],
        fallback: "low",
        help: "the risk of the spec",
      },
      { name: "owner", kind: "list", placeholder: "who,…", help: "who owns the spec; default you" },
      ...always,
    ],
    examples: ['task new "Retry policy" --spec --covers "src/retry/**" --risk medium'],
    load: async () => (await import("./commands/task-new-command.ts")).taskNewCommand,
  },
  {
    name: "task list",
    summary: "list the task files, and how far each is",
    positionals: [],
    flags: always,
    load: async () => (await import("./commands/task-list-command.ts")).taskListCommand,
  },
  {
    name: "task done",
    summary: "check items of a task off, with the manifest of a passed run as evidence",
    details: [
      "Writes tasks/evidence/<run>.json, links each item to it, pinned by its hash, and brings the registry into step. Commit them.",
    ],
    positionals: [{ name: "id", required: true, help: "the id of a task in tasks/" }],
    flags: [
      { name: "run", kind: "text", placeholder: "run", help: "the passed run of this task that shows it" },
      { name: "item", kind: "text", placeholder: "text", help: "only the item with this text; default every open one" },
      ...always,
    ],
    load: async () => (await import("./commands/task-done-command.ts")).taskDoneCommand,
  },
  {
    ...checkCommandSpec,
    program: programName,
    name: "task check",
    summary: "judge the change, the registry and the checklists, as spec-guard does",
    examples: ["task check --base origin/main"],
  },
  ...guardVerbs
    .filter(({ name }) => name === "approve")
    .map((verb) => ({ ...verb, program: programName, name: "task approve", examples: [] })),
];

/** Every command there is, in the order of the help. */
export const commandTable: readonly CommandSpec[] = [
  runVerb,
  ...pipelineVerbs,
  ...verbsOnRuns,
  ...runsVerbs,
  ...taskVerbs,
  ...patternVerbs,
  ...ingestVerbs,
  ...adapterVerbs,
  ...goalVerbs,
  ...evalVerbs,
  ...serverVerbs,
  ...repositoryVerbs,
];
