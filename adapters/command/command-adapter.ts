import type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  LanguageAdapter,
  PlanPurpose,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import {
  type CommandAdapterSetting,
  type CommandSetting,
  ReportFormat,
  reportPlaceholder,
  type TestCommandSetting,
} from "../../orchestrator/schema/adapter-setting.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests, judgeWithoutReport } from "../reports/judge-check.ts";
import { reportFormats } from "../reports/report-formats.ts";

/** The adapter for a root whose commands a team wrote into its configuration. It fits whatever lies there. */
export function createCommandAdapter(setting: CommandAdapterSetting): LanguageAdapter {
  return {
    id: "command",
    title: "Commands of the configuration",
    detect: async () => ({
      adapter: "command",
      confidence: 1,
      evidence: [`orchestrator.config.yaml: commands for ${goalsOf(setting).join(", ") || "nothing"}`],
      roots: ["."],
    }),
    dependencies: (repository) => dependencies(setting, repository),
    compareInstalled: async () => "unknown",
    checkPaths: async (changed) => checkPaths(setting, changed),
    plan: async (_, goal, reportDir, purpose = "work") => plan(setting, goal, reportDir, purpose),
    read,
  };
}

function goalsOf({ commands }: CommandAdapterSetting): readonly PlanGoal[] {
  return PlanGoal.options.filter((goal) => commands[goal] !== undefined);
}

async function dependencies(
  { dependencies: wanted }: CommandAdapterSetting,
  repository: RepositoryReader,
): Promise<DependencyNeed> {
  const need = { needed: false, lockFile: null, folders: [], install: null, unsupported: null };
  if (wanted === undefined) return { ...need, reason: "orchestrator.config.yaml names no dependencies" };
  const { lock_file, folders, install } = wanted;
  const common = { ...need, needed: true, folders };
  if (!(await repository.exists(lock_file)))
    return { ...common, reason: `${lock_file}, which orchestrator.config.yaml names, is not there` };
  const planned = commandPlan({ goal: "install", ...facts(install), needsNetwork: true });
  return { ...common, lockFile: lock_file, install: planned, reason: `${lock_file} fixes what is installed` };
}

/** The command's own words, where they are files; what make is told; and files that went away and look like tests. */
function checkPaths({ commands }: CommandAdapterSetting, changed: readonly ChangedPath[]): readonly string[] {
  const told = Object.values(commands).flatMap((command) => {
    if (command === undefined) return [];
    const folder = command.cwd === "." ? "" : `${command.cwd}/`;
    const words = command.argv.map((word) => `${folder}${word.replace(/^\.\//, "")}`);
    const makefiles = ["GNUmakefile", "makefile", "Makefile"].map((name) => `${folder}${name}`);
    return command.argv[0] === "make" ? [...words, ...makefiles] : words;
  });
  return changed
    .filter(
      ({ path, kind }) =>
        told.includes(path) || (kind === "deleted" && /(?:^|[/._-])(?:tests?|specs?)(?:[/._-]|$)/i.test(path)),
    )
    .map(({ path }) => path);
}

function plan(
  { commands, evaluation }: CommandAdapterSetting,
  goal: PlanGoal,
  reportDir: string,
  purpose: PlanPurpose,
): CommandPlan | null {
  const own = purpose === "evaluation" ? { ...commands, ...evaluation } : commands;
  if (goal === "test") return own.test === undefined ? null : planTest(own.test, reportDir);
  const command = own[goal];
  return command === undefined ? null : commandPlan({ goal, ...facts(command) });
}

function planTest(command: TestCommandSetting, reportDir: string): CommandPlan {
  const { format, from } = command.report;
  const reportFile = `${reportDir}/report.${format}`;
  const fill = (text: string) => text.replaceAll(reportPlaceholder, reportFile);
  const { argv, env, ...rest } = facts(command);
  const [program, ...args] = argv.map(fill);
  const words: readonly [string, ...string[]] = [program ?? "", ...args];
  return commandPlan({
    goal: "test",
    ...rest,
    argv: from === "file" ? words : ["sh", "-c", streamScript(format), reportFile, ...words],
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    reportFile,
  });
}

/** A pipe would lose the exit code. What cargo tells stands in both of its streams. */
function streamScript(format: ReportFormat): string {
  const { end } = reportFormats[format];
  const close = end === undefined ? [] : [`printf '\\n%s\\n' '${end}' >> "$0"`];
  const streams = format === "cargo-test" ? '> "$0" 2>&1' : '> "$0"';
  return [`"$@" ${streams}; code=$?`, ...close, 'cat "$0"', "exit $code"].join("\n");
}

function facts({ argv, cwd, env, timeout_seconds }: CommandSetting) {
  const [program = "", ...args] = argv;
  return {
    argv: [program, ...args] as const,
    cwd,
    env,
    ...(timeout_seconds === undefined ? {} : { timeoutMs: timeout_seconds * 1000 }),
  };
}

/** The name of the report tells its format, since work and evaluation may have different ones. */
function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  const format = ReportFormat.safeParse(plan.reportFile?.replace(/^.*\/report\./, ""));
  if (!format.success) return judgeWithoutReport(plan, outcome, "the test command has no report");
  return judgeTests(plan, outcome, report, format.data, reportFormats[format.data].read);
}
