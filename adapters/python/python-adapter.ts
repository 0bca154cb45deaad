import type {
  CheckReading,
  CommandPlan,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests } from "../reports/judge-check.ts";
import { readPytestJunit } from "../reports/read-junit.ts";
import { readPythonUnittest } from "../reports/read-python-unittest.ts";
import { compareInstalled } from "./compare-installed.ts";
import { findCheckPaths } from "./find-check-paths.ts";
import { findDependencies, packageFolder } from "./find-dependencies.ts";
import { findTestRunner } from "./find-test-runner.ts";
import { evidenceOf, hasTable, type PythonProject, readPythonProject } from "./python-project.ts";
import { pytestRunner, runFromEnvironment, unittestRunner } from "./python-runners.ts";

const pytestReport = "pytest.junit.xml";
const unittestReport = "unittest.jsonl";
const runnerVariable = "CODEX_ORCHESTRATOR_RUNNER";

/** The adapter for Python projects: uv, Poetry or pip; pytest or unittest; ruff and mypy. Python has nothing to build. */
export function createPythonAdapter(): LanguageAdapter {
  return {
    id: "python",
    title: "Python",
    detect,
    dependencies: async (repository) => findDependencies(await readPythonProject(repository)),
    compareInstalled,
    checkPaths: findCheckPaths,
    plan,
    read,
  };
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const project = await readPythonProject(repository);
  const evidence = project === null ? [] : evidenceOf(project);
  const [surest] = evidence;
  if (surest === undefined) return null;
  return {
    adapter: "python",
    confidence: surest[1],
    evidence: evidence.map(([sentence]) => sentence),
    roots: ["."],
  };
}

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const project = await readPythonProject(repository);
  if (project === null || goal === "build") return null;
  if (goal === "lint") return planLint(project);
  if (goal === "format") return planFormat(project);
  const runner = await findTestRunner(repository, project);
  return runner === null ? null : runner === "pytest" ? planPytest(reportDir) : planUnittest(reportDir);
}

/**
 * What is installed lies in a folder that was copied, so neither its interpreter nor its scripts can be relied on: the commands run the
 * machine's Python of that version with the packages on its path. The project's own code comes first, so no installed copy hides it.
 */
const inProject = `
python=python3
packages=
for folder in "$PWD"/${packageFolder}/lib/python3.*/site-packages; do
  [ -d "$folder" ] || continue
  packages=":$folder"
  name=\${folder%/site-packages}
  name=\${name##*/}
  if command -v "$name" >/dev/null 2>&1 && "$name" -c pass >/dev/null 2>&1; then python=$name; fi
done
ruff=${packageFolder}/bin/ruff
[ -x "$ruff" ] || ruff=ruff
export PYTHONPATH="$PWD/src:$PWD$packages\${PYTHONPATH:+:$PYTHONPATH}" PATH="$PATH:$PWD/${packageFolder}/bin"
`.trim();

/** No byte code beside the sources. */
const environment = { PYTHONDONTWRITEBYTECODE: "1" } as const;

/** With this family, pytest writes the file and the line of each test. */
function planPytest(reportDir: string): CommandPlan {
  const reportFile = `${reportDir}/${pytestReport}`;
  const options = ["-o", "junit_family=xunit1", "-o", `cache_dir=${reportDir}/pytest-cache`];
  return planRunner(pytestRunner, [...options, `--junitxml=${reportFile}`], reportFile);
}

function planUnittest(reportDir: string): CommandPlan {
  const reportFile = `${reportDir}/${unittestReport}`;
  return planRunner(unittestRunner, [reportFile], reportFile);
}

function planRunner(runner: string, args: readonly string[], reportFile: string): CommandPlan {
  const script = `${inProject}\nexec "$python" "$@"`;
  return commandPlan({
    goal: "test",
    argv: ["sh", "-c", script, "sh", "-c", runFromEnvironment(runnerVariable), ...args],
    env: { ...environment, [runnerVariable]: runner },
    reportFile,
  });
}

/** The linters that the project configures, one after the other; the exit code is that of the first one that does not pass. */
function planLint(project: PythonProject): CommandPlan | null {
  const { names, tables, texts } = project;
  const hasRuff = names.has("ruff.toml") || names.has(".ruff.toml") || hasTable(project, "tool.ruff");
  const hasMypy =
    names.has("mypy.ini") ||
    names.has(".mypy.ini") ||
    hasTable(project, "tool.mypy") ||
    /^\[mypy\]/m.test(texts.get("setup.cfg") ?? "");
  const settings = `${tables.get("tool.mypy") ?? ""}\n${texts.get("setup.cfg") ?? ""}`;
  const hasTargets =
    names.has("mypy.ini") || names.has(".mypy.ini") || /^\s*(?:files|packages|modules)\s*=/m.test(settings);
  const commands = [
    ...(hasRuff ? [`"$ruff" check --no-cache --extend-exclude ${packageFolder} .`] : []),
    ...(hasMypy ? [`"$python" -m mypy --cache-dir=/dev/null${hasTargets ? "" : " ."}`] : []),
  ];
  if (commands.length === 0) return null;
  return commandPlan({ goal: "lint", argv: ["sh", "-c", `${inProject}\n${commands.join(" && ")}`], env: environment });
}

/** Only where the project has settings of a formatter: that ruff lints it does not say that ruff formats it. */
function planFormat(project: PythonProject): CommandPlan | null {
  const { texts } = project;
  const hasRuff =
    hasTable(project, "tool.ruff.format") ||
    ["ruff.toml", ".ruff.toml"].some((name) => /^\[format\]/m.test(texts.get(name) ?? ""));
  if (!hasRuff && !hasTable(project, "tool.black")) return null;
  const command = hasRuff
    ? `"$ruff" format --check --no-cache --exclude ${packageFolder} .`
    : `"$python" -m black --check --extend-exclude '/\\${packageFolder}/' .`;
  return commandPlan({ goal: "format", argv: ["sh", "-c", `${inProject}\n${command}`], env: environment });
}

function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  const isPytest = plan.reportFile?.endsWith(`/${pytestReport}`) === true;
  return isPytest
    ? judgeTests(plan, outcome, report, "pytest-junit", readPytestJunit)
    : judgeTests(plan, outcome, report, "python-unittest", readPythonUnittest);
}
