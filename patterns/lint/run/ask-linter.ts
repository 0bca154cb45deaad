import { type CapturedProcess, captureProcess } from "../../../orchestrator/io/capture-process.ts";
import type { Clock } from "../../../orchestrator/io/clock.ts";
import { withTemporaryFolder } from "../../../orchestrator/io/temporary-folder.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import type { LintRequest } from "../../../orchestrator/schema/pattern-workbench.ts";
import type { LintPattern } from "../shipped-lint-rules.ts";
import { eslintArguments, readEslint } from "./ask-eslint.ts";
import { oxlintArguments, readOxlint } from "./ask-oxlint.ts";
import type { FoundLinter } from "./find-linter.ts";
import type { LinterAnswer, LinterQuestion, ToldFinding } from "./linter-answer.ts";

/** What linting needs of the machine. */
export interface LintParts {
  readonly clock: Clock;
  /** The plugin as a file that a linter can load; null where this was not built. */
  readonly plugin: string | null;
  /** Node, which runs the linters. */
  readonly node: string;
  /** What the linter, which may be the repository's, sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Below what all systems take as arguments of a program. */
const argumentBytesMax = 100_000;
const answerBytesMax = 268_435_456;
const saidLengthMax = 600;
/** What is linted, by what. */
export interface LintWork {
  readonly root: string;
  readonly linter: FoundLinter;
  readonly files: readonly string[];
  readonly rules: readonly LintPattern[];
}

/** Asks the linter about the files, as many at a time as fit into its arguments. Throws `linter_failed` and `aborted`. */
export async function askLinter(parts: LintParts, request: LintRequest, work: LintWork): Promise<LinterAnswer> {
  const deadlineMs = parts.clock.monotonicMs() + request.timeoutMs;
  const findings: ToldFinding[] = [];
  const unread: LinterAnswer["unread"][number][] = [];
  let done = 0;
  for (const paths of batchesOf(work.files)) {
    request.onProgress?.({ phase: "linting", done, total: work.files.length });
    const timeoutMs = Math.max(1, deadlineMs - parts.clock.monotonicMs());
    const answer = await withTemporaryFolder("lint", (folder) =>
      ask(parts, { ...request, timeoutMs }, work, paths, folder),
    );
    for (const finding of answer.findings) findings.push(finding);
    for (const file of answer.unread) unread.push(file);
    done += paths.length;
  }
  return { findings, unread };
}

/** Parts of a list of paths, each of which fits into the arguments of a program. */
function* batchesOf(paths: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const more = Buffer.byteLength(path) + 1;
    if (batch.length > 0 && bytes + more > argumentBytesMax) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(path);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

async function ask(
  { node, plugin, environment }: LintParts,
  { timeoutMs, signal }: LintRequest,
  { root, linter, rules }: LintWork,
  paths: readonly string[],
  folder: string,
): Promise<LinterAnswer> {
  if (plugin === null)
    throw new OrchestratorError("linter_unavailable", "the lint rules were not built: npm run build");
  const question: LinterQuestion = { root, paths, rules: rules.map(({ name }) => name), plugin, folder };
  const given = await argumentsFor(linter, question);
  const command = { argv: [node, linter.program, ...given], cwd: root, env: environment, timeoutMs } as const;
  const ended = await captureProcess({ ...command, ...(signal ? { signal } : {}) }, answerBytesMax);
  if (ended.status === "aborted") throw new OrchestratorError("aborted", "the folder was not linted to its end");
  return readAnswer(linter, question, ended);
}

function argumentsFor({ name, parser }: FoundLinter, question: LinterQuestion): Promise<readonly string[]> {
  return name === "oxlint" ? oxlintArguments(question) : eslintArguments(question, parser);
}

/** Both linters end with 0 or 1 where they linted. Anything else is no answer, whatever it says. */
function readAnswer({ name, version }: FoundLinter, question: LinterQuestion, ended: CapturedProcess): LinterAnswer {
  const stdout = ended.stdout.toString("utf8");
  const isEnded = ended.status === "exited" && (ended.exitCode === 0 || ended.exitCode === 1) && !ended.isCut;
  const read = !isEnded ? null : name === "oxlint" ? readOxlint(stdout, question) : readEslint(stdout, question);
  if (read?.ok === true) return read.answer;
  const how = ended.isCut ? "it said too much" : ended.detail || `exit code ${ended.exitCode}`;
  const said = (ended.stderr.toString("utf8").trim() || stdout.trim()).slice(0, saidLengthMax);
  const why = [read?.reason ?? how, said].filter((part) => part !== "").join("\n");
  throw new OrchestratorError("linter_failed", `${name} ${version} gave no answer that can be used: ${why}`);
}
