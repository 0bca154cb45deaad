import { sha256 } from "../../orchestrator/io/hash.ts";
import type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests } from "../reports/judge-check.ts";
import { findCheckPaths } from "./find-check-paths.ts";
import { findJavaTool, type JavaProject, readJavaProject } from "./java-project.ts";
import { readJavaTests } from "./read-java-tests.ts";
import {
  gradleFolder,
  gradleInstallScript,
  gradleScript,
  joinedReports,
  mavenFolder,
  mavenInstallScript,
  mavenScript,
} from "./tool-scripts.ts";

const reportNames = { maven: "surefire.junit.xml", gradle: "gradle.junit.xml" } as const;

/** The adapter for Java and other languages of its machine: Maven and Gradle at the root, with their modules. */
export function createJavaAdapter(): LanguageAdapter {
  return {
    id: "java",
    title: "Java",
    detect,
    dependencies,
    compareInstalled: async () => "unknown",
    checkPaths: findCheckPaths,
    plan,
    read,
  };
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const project = await findJavaTool(repository);
  if (project === null) return null;
  return { adapter: "java", confidence: 0.95, evidence: project.evidence, roots: ["."] };
}

/** Maven has no lock file, and few projects of Gradle have one: what is downloaded goes by all build files, and is kept by the main one. */
async function dependencies(repository: RepositoryReader): Promise<DependencyNeed> {
  const project = await readJavaProject(repository);
  const folders = [project?.tool === "gradle" ? gradleFolder : mavenFolder];
  const none = { needed: false, lockFile: null, folders, install: null, unsupported: null };
  if (project === null) return { ...none, reason: "there is neither a pom.xml nor a build script of Gradle" };
  const { tool, mainFile, buildFiles } = project;
  const lockFile = buildFiles.has("gradle.lockfile") ? "gradle.lockfile" : mainFile;
  const what = tool === "maven" ? "Maven" : "Gradle";
  const reason = `${mainFile} names plugins and libraries that ${what} downloads`;
  return { ...none, needed: true, lockFile, install: installPlan(project), reason };
}

/** The build files of modules stand in the command by their hash, so that another one is another installation. */
function installPlan({ tool, hasWrapper, buildFiles }: JavaProject): CommandPlan {
  const mark = `build-files-${sha256(JSON.stringify([...buildFiles].sort()))}`;
  const script =
    tool === "maven" ? `${mavenScript(hasWrapper)}\n${mavenInstallScript}` : gradleInstallScript(hasWrapper);
  return commandPlan({ goal: "install", argv: ["sh", "-c", script, mark], needsNetwork: true });
}

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const project = await findJavaTool(repository);
  if (project === null || goal === "lint" || goal === "format") return null;
  const { tool, hasWrapper } = project;
  const isTest = goal === "test";
  const reportFile = isTest ? `${reportDir}/${reportNames[tool]}` : null;
  const [prepare, pattern, args] =
    tool === "maven"
      ? ([mavenScript(hasWrapper), "*/target/surefire-reports/TEST-*.xml", ["-o", "-fae"]] as const)
      : ([gradleScript, "*/build/test-results/*/TEST-*.xml", ["--continue"]] as const);
  const script = `${prepare}\n${isTest ? joinedReports(pattern) : 'tool "$@"'}`;
  const task = tool === "maven" ? (isTest ? "test" : "test-compile") : isTest ? "test" : "testClasses";
  const own = tool === "maven" ? [] : [reportDir];
  const argv = ["sh", "-c", script, reportFile ?? "sh", ...own, ...args, task] as const;
  return commandPlan({ goal, argv, reportFile });
}

function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  const dialect = plan.reportFile?.endsWith(`/${reportNames.gradle}`) === true ? "gradle-junit" : "surefire-junit";
  return judgeTests(plan, outcome, report, dialect, readJavaTests(outcome));
}
