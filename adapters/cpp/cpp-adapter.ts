import type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests, judgeWithoutReport } from "../reports/judge-check.ts";
import { readCtestJunit } from "../reports/read-junit.ts";

const reportName = "ctest.junit.xml";
/** Seconds that a test may take where its project says nothing: one that hangs is then told by the report. */
const testTimeoutSeconds = 600;

/** The adapter for C and C++ projects with a `CMakeLists.txt`, or a makefile beside sources, at their root. */
export function createCppAdapter(): LanguageAdapter {
  return {
    id: "cpp",
    title: "C and C++",
    detect,
    dependencies,
    compareInstalled: async () => "unknown",
    checkPaths,
    plan,
    read,
  };
}

type Project =
  | { readonly tool: "cmake"; readonly name: string | null }
  | { readonly tool: "make"; readonly file: string; readonly testTarget: string | null };

async function readProject(repository: RepositoryReader): Promise<Project | null> {
  const lists = (await repository.read("CMakeLists.txt"))?.replaceAll(/^\s*#.*$/gm, "");
  if (lists !== undefined && /^\s*project\s*\(/im.test(lists)) {
    return { tool: "cmake", name: /^\s*project\s*\(\s*"?([\w.+-]{1,100})/im.exec(lists)?.[1] ?? null };
  }
  for (const file of ["GNUmakefile", "makefile", "Makefile"]) {
    const text = await repository.read(file);
    if (text === null) continue;
    if (!(await hasSources(repository))) return null;
    const testTarget = ["check", "test"].find((name) => new RegExp(`^${name}[ \\t]*:(?!=)`, "m").test(text)) ?? null;
    return { tool: "make", file, testTarget };
  }
  return null;
}

/** A makefile is used for anything. */
async function hasSources(repository: RepositoryReader): Promise<boolean> {
  const names = [...(await repository.list(".")), ...(await repository.list("src"))];
  return names.some((name) => /\.(?:c|cc|cpp|cxx|c\+\+)$/.test(name));
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const project = await readProject(repository);
  if (project === null) return null;
  const [confidence, evidence] =
    project.tool === "cmake"
      ? [0.85, `CMakeLists.txt: CMake${project.name === null ? "" : `, the project ${project.name}`}`]
      : [0.6, `${project.file}: make, beside sources in C or C++`];
  return { adapter: "cpp", confidence, evidence: [evidence], roots: ["."] };
}

async function dependencies(repository: RepositoryReader): Promise<DependencyNeed> {
  const need = { needed: false, lockFile: null, folders: [], install: null, unsupported: null };
  for (const file of ["conanfile.txt", "conanfile.py", "vcpkg.json"]) {
    if (await repository.exists(file))
      return { ...need, reason: `what ${file} names is not installed here: the system must have it` };
  }
  return { ...need, reason: "libraries are those of the system" };
}

const configFiles =
  /(?:^|\/)(?:CMakeLists\.txt|CMake(?:User)?Presets\.json|CTest\w*\.cmake|GNUmakefile|[Mm]akefile|[^/]+\.mk)$/;
const testFiles = /(?:^|\/)tests?\/|(?:^|[/_-])tests?[_-]?[^/]*\.(?:c|cc|cpp|cxx)$|[_-]tests?\.(?:c|cc|cpp|cxx)$/;

async function checkPaths(changed: readonly ChangedPath[]): Promise<readonly string[]> {
  return changed
    .filter(({ path, kind }) => configFiles.test(path) || (kind === "deleted" && testFiles.test(path)))
    .map(({ path }) => path);
}

/** The project is configured and built anew for each command, beside the reports, so that nothing of it is in the tree. */
const buildScript = [
  'cmake -S . -B "$0" || exit',
  'cmake --build "$0" --parallel "$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)" || exit',
].join("\n");

const testScript = `${buildScript}\nexec ctest --test-dir "$0" --no-tests=error --timeout ${testTimeoutSeconds} --output-on-failure --output-junit "$1"`;

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const project = await readProject(repository);
  if (project === null || goal === "lint" || goal === "format") return null;
  if (project.tool === "cmake") {
    const folder = `${reportDir}/build`;
    if (goal === "build") return commandPlan({ goal, argv: ["sh", "-c", buildScript, folder] });
    const reportFile = `${reportDir}/${reportName}`;
    return commandPlan({ goal, argv: ["sh", "-c", testScript, folder, reportFile], reportFile });
  }
  if (goal === "build") return commandPlan({ goal, argv: ["make"] });
  return project.testTarget === null ? null : commandPlan({ goal, argv: ["make", project.testTarget] });
}

function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  if (plan.reportFile === null) {
    const remedy =
      "make tells no results; name the command with the report of its tests under adapters in orchestrator.config.yaml";
    return judgeWithoutReport(plan, outcome, remedy);
  }
  if (report === null && outcome.exitCode !== 0)
    return judgeWithoutReport(plan, outcome, "the project was not configured or built, so no test ran");
  return judgeTests(plan, outcome, report, "ctest-junit", (text) => readCtestJunit(text, outcome.outputTail));
}
