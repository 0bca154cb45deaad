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
import { readCargoTest } from "../reports/read-cargo-test.ts";
import { readNextestJunit } from "../reports/read-junit.ts";
import { type CargoManifest, parseCargoManifest } from "./cargo-manifest.ts";
import { findCheckPaths } from "./find-check-paths.ts";
import { lintScript, nextestScript, testScript, vendorFolder, vendorScript, withVendor } from "./scripts.ts";

const reportName = "cargo-test.report";

/** The adapter for Rust: a `Cargo.toml` at the root, of a package or of a workspace. */
export function createRustAdapter(): LanguageAdapter {
  return {
    id: "rust",
    title: "Rust",
    detect,
    dependencies,
    compareInstalled: async () => "unknown",
    checkPaths: findCheckPaths,
    plan,
    read,
  };
}

async function readManifest(repository: RepositoryReader): Promise<CargoManifest | null> {
  return parseCargoManifest((await repository.read("Cargo.toml")) ?? "");
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const manifest = await readManifest(repository);
  if (manifest === null) return null;
  const { name, isWorkspace } = manifest;
  const evidence = [
    ...(name === null ? [] : [`Cargo.toml: the package ${name}`]),
    ...(isWorkspace ? ["Cargo.toml: a workspace"] : []),
    ...((await hasNextest(repository)) ? [".config/nextest.toml: cargo-nextest"] : []),
  ];
  return { adapter: "rust", confidence: 0.95, evidence, roots: ["."] };
}

function hasNextest(repository: RepositoryReader): Promise<boolean> {
  return repository.exists(".config/nextest.toml");
}

async function dependencies(repository: RepositoryReader): Promise<DependencyNeed> {
  const need = { needed: false, lockFile: null, folders: [vendorFolder], install: null, unsupported: null };
  const manifest = await readManifest(repository);
  if (manifest === null) return { ...need, reason: "there is no Cargo.toml" };
  for (const path of [".cargo/config.toml", ".cargo/config"]) {
    const isVendored = /^\s*directory\s*=/m.test((await repository.read(path)) ?? "");
    if (isVendored) return { ...need, reason: `${path} names the folder that holds the packages` };
  }
  const lock = await repository.read("Cargo.lock");
  if (lock === null && (await repository.exists("Cargo.lock")) === false) return withoutLock(need, manifest);
  // A lock file too long to be read names a great many packages.
  if (lock !== null && !/^source = "/m.test(lock))
    return { ...need, reason: "Cargo.lock names no package from elsewhere" };
  const install = commandPlan({
    goal: "install",
    argv: ["sh", "-c", vendorScript],
    env: { CARGO_TERM_COLOR: "never", RUSTUP_AUTO_INSTALL: "0" },
    needsNetwork: true,
  });
  return { ...need, needed: true, lockFile: "Cargo.lock", install, reason: "Cargo.lock names packages from elsewhere" };
}

function withoutLock(need: Omit<DependencyNeed, "reason">, manifest: CargoManifest): DependencyNeed {
  if (manifest.hasDependencies) return { ...need, needed: true, reason: "Cargo.toml names packages from elsewhere" };
  if (!manifest.isWorkspace) return { ...need, reason: "Cargo.toml names no package from elsewhere" };
  return { ...need, needed: true, reason: "without a Cargo.lock nothing says what the workspace needs: commit one" };
}

const environment = {
  CARGO_NET_OFFLINE: "true",
  CARGO_TERM_COLOR: "never",
  CARGO_TERM_QUIET: "false",
  CARGO_TERM_VERBOSE: "false",
  RUSTUP_AUTO_INSTALL: "0",
} as const;

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const manifest = await readManifest(repository);
  if (manifest === null) return null;
  const isNeedy = (await dependencies(repository)).needed;
  const env = { ...environment, ...(await targetFolder(repository, reportDir)) };
  const options = [
    ...(manifest.hasDefaultMembers ? [] : ["--workspace"]),
    ...((await repository.exists("Cargo.lock")) ? ["--locked"] : []),
  ];
  const run = (script: string, name: string, args: readonly string[]) =>
    commandPlan({ goal, argv: ["sh", "-c", isNeedy ? `${withVendor}${script}` : script, name, ...args], env });
  if (goal === "format") return commandPlan({ goal, argv: ["cargo", "fmt", "--check"], env });
  if (goal === "build") return run('exec cargo build "$@"', "sh", options);
  if (goal === "lint") return run(lintScript, "sh", ["--all-targets", ...options]);
  const reportFile = `${reportDir}/${reportName}`;
  const script = (await hasNextest(repository)) ? nextestScript(reportFile) : testScript;
  return { ...run(script, reportFile, [...options, "--no-fail-fast"]), reportFile };
}

/** What is compiled stays out of the change: where the project ignores it, it stays in its place, where it is used again. */
async function targetFolder(repository: RepositoryReader, reportDir: string): Promise<Record<string, string>> {
  const isIgnored = /^\/?(?:\*\*\/)?target\/?(?:\*{1,2})?\s*$/m.test((await repository.read(".gitignore")) ?? "");
  return isIgnored ? {} : { CARGO_TARGET_DIR: `${reportDir}/target` };
}

function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  if (report?.startsWith("<?xml") === true) return judgeTests(plan, outcome, report, "nextest-junit", readNextestJunit);
  return judgeTests(plan, outcome, report, "cargo-test", readCargoTest);
}
