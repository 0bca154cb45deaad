import { resolveCommand } from "package-manager-detector/commands";
import type { CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import { commandPlan } from "../command-plan.ts";
import type { PackageManagerName } from "./choose-package-manager.ts";
import { findTestRunner, type TestRunner } from "./find-test-runner.ts";
import { nodeTestGuard } from "./node-test-guard.ts";
import type { PackageManifest } from "./package-manifest.ts";
import type { SimpleCommand } from "./split-script.ts";

/** A variable of a plan without a report, that holds the sentence which says why. */
export const noReportVariable = "CODEX_ORCHESTRATOR_NO_REPORT";

/** The name of a runner's report tells `read` what wrote it. */
export const reportNames = {
  "node-test": "node-test.junit.xml",
  vitest: "vitest.junit.xml",
  jest: "jest.json",
  mocha: "mocha.json",
  ava: "ava.tap",
  tap: "node-tap.tap",
  tape: "tape.tap",
} as const satisfies Record<TestRunner, string>;

/** No watch mode, no prompt, no new snapshots, no `.only`; and no colours in the messages. */
const testEnvironment = { CI: "true", NO_COLOR: "1" } as const;

/** The arguments that make a runner write its report to a file, besides what it shows to people where it can do both. */
const reportArguments: Readonly<Partial<Record<TestRunner, (file: string) => readonly string[]>>> = {
  vitest: (file) => ["--reporter=default", "--reporter=junit", `--outputFile.junit=${file}`],
  jest: (file) => ["--json", `--outputFile=${file}`],
  mocha: (file) => ["--reporter", "json", "--reporter-option", `output=${file}`],
  tap: (file) => [`--output-file=${file}`],
};

/** The command that runs the `test` script so that its runner writes a report into `reportDir`. */
export function planTest(
  manifest: PackageManifest,
  manager: PackageManagerName,
  reportDir: string,
): CommandPlan | null {
  const packages = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  const search = findTestRunner(manifest.scripts, "test", packages);
  if (!search.found) return withoutReport(manager, search.reason);
  const { runner, words, passThrough } = search;
  const reportFile = `${reportDir.replace(/\/+$/, "")}/${reportNames[runner]}`;
  if (runner === "node-test") return planNodeTest(manager, words, reportFile);
  if (runner === "ava" || runner === "tape") {
    const args = runner === "ava" ? passThrough(["--tap"]) : [];
    return planRedirected(manager, args, reportFile);
  }
  const argv = runScript(manager, "test", passThrough(reportArguments[runner]?.(reportFile) ?? []));
  return argv && commandPlan({ goal: "test", argv, env: testEnvironment, reportFile });
}

/** The arguments that run a script of the `package.json`, with more arguments appended to it. */
export function runScript(
  manager: PackageManagerName,
  script: string,
  args: readonly string[],
): readonly [string, ...string[]] | null {
  // Classic yarn takes the first `--` for itself.
  const forwarded = manager === "yarn" && args[0] === "--" ? ["--", ...args] : args;
  const resolved = resolveCommand(manager, "run", [script, ...forwarded]);
  return resolved === null ? null : [resolved.command, ...resolved.args];
}

function withoutReport(manager: PackageManagerName, reason: string): CommandPlan | null {
  const argv = runScript(manager, "test", []);
  return argv && commandPlan({ goal: "test", argv, env: { ...testEnvironment, [noReportVariable]: reason } });
}

/** Arguments after the files would go to the tests, so the reporter is given by `NODE_OPTIONS`. */
function planNodeTest(manager: PackageManagerName, words: SimpleCommand, reportFile: string): CommandPlan | null {
  if (words.some((word) => word.startsWith("NODE_OPTIONS="))) {
    return withoutReport(
      manager,
      "the test script sets NODE_OPTIONS, which the report needs; put its options after `node`",
    );
  }
  const argv = runScript(manager, "test", []);
  const options = [reporter("junit"), destination(reportFile), ...humanReporter(words), ...guard(words)].join(" ");
  return argv && commandPlan({ goal: "test", argv, env: { ...testEnvironment, NODE_OPTIONS: options }, reportFile });
}

/** An import sends the files through the loader of modules, past what an option of the script registers for `require`. */
function guard(words: SimpleCommand): readonly string[] {
  return words.some((word) => /^(?:-r|--require|--loader|--experimental-loader)(?:=|$)/.test(word))
    ? []
    : [nodeTestGuard];
}

/** Every reporter needs a destination once there are two, and the options of the script come after ours. */
function humanReporter(words: SimpleCommand): readonly string[] {
  const reporters = words.filter((word) => /^--test-reporter(?:=|$)/.test(word)).length;
  const destinations = words.filter((word) => /^--test-reporter-destination(?:=|$)/.test(word)).length;
  if (reporters === 0) return [reporter("spec"), destination("stdout")];
  return destinations === 0 ? [destination("stdout")] : [];
}

function reporter(name: string): string {
  return `--test-reporter=${name}`;
}

function destination(file: string): string {
  return `--test-reporter-destination="${file.replace(/["\\]/g, "\\$&")}"`;
}

/** These runners write TAP to the standard output only. A pipe would lose the exit code, so the output goes to the file alone. */
function planRedirected(manager: PackageManagerName, args: readonly string[], reportFile: string): CommandPlan | null {
  const argv = runScript(manager, "test", args);
  const redirected = argv && (["sh", "-c", 'exec "$@" > "$0"', reportFile, ...argv] as const);
  return redirected && commandPlan({ goal: "test", argv: redirected, env: testEnvironment, reportFile });
}
