import { z } from "zod";
import { messageOf } from "../../orchestrator/schema/errors.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

/** A line of the stream, as far as it is read. Elapsed in seconds. */
const GoEvent = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
  Elapsed: z.number().optional(),
});
type GoEvent = z.infer<typeof GoEvent>;

interface GoTest {
  readonly name: string;
  outcome: "passed" | "failed" | "skipped" | null;
  seconds: number | undefined;
  output: string;
}

interface GoPackage {
  readonly path: string;
  readonly tests: Map<string, GoTest>;
  outcome: "passed" | "failed" | "skipped" | null;
  output: string;
}

interface GoStream {
  readonly packages: Map<string, GoPackage>;
  /** What the compiler said, package by package. */
  builds: string;
}

const ends = { pass: "passed", fail: "failed", skip: "skipped" } as const;
const outputLengthMax = 20_000;

/** The line that whoever starts `go test -json` writes behind its stream: the stream itself does not say that it is whole. */
export const goTestEnd = '{"Action":"complete"}';

/** Reads a stream of `go test -json` that has its end line; without it, it was cut off, and is refused. */
export function readClosedGoJson(text: string): ReportReading {
  const whole = text.trimEnd();
  if (!whole.endsWith(`\n${goTestEnd}`)) return unusable("the stream of go test was cut off");
  return readGoJson(whole.slice(0, -goTestEnd.length));
}

/**
 * Reads the stream of `go test -json`. A test with subtests is told by them alone, unless it failed by itself; one that began and did
 * not end has crashed, or timed out; a package that fails beside its tests, or that has tests and shows none, is an error of its own.
 * A stream with a line that is no event, or in which a package does not end, is refused.
 */
export function readGoJson(text: string): ReportReading {
  const stream: GoStream = { packages: new Map(), builds: "" };
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const event = readEvent(line);
    if (typeof event === "string") return unusable(`line ${index + 1} of the stream of go test is no event: ${event}`);
    addEvent(stream, event);
  }
  const packages = [...stream.packages.values()];
  if (packages.length === 0) return unusable("the stream of go test names no package");
  const open = packages.find(({ outcome }) => outcome === null);
  if (open !== undefined) return unusable(`the stream of go test ends before the package ${open.path} does`);
  return { usable: true, cases: packages.flatMap((each) => casesOf(each, stream.builds)) };
}

function readEvent(line: string): GoEvent | string {
  try {
    const parsed = GoEvent.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? "it has another shape");
  } catch (error) {
    return `${line.slice(0, 200)} (${messageOf(error)})`;
  }
}

function addEvent(stream: GoStream, { Action, Package, Test, Output = "", Elapsed }: GoEvent): void {
  if (Action === "build-output") stream.builds = append(stream.builds, Output);
  if (Package === undefined) return;
  const found = stream.packages.get(Package) ?? { path: Package, tests: new Map(), outcome: null, output: "" };
  stream.packages.set(Package, found);
  const end = Action === "pass" || Action === "fail" || Action === "skip" ? ends[Action] : null;
  if (Test === undefined) {
    found.outcome = end ?? found.outcome;
    found.output = append(found.output, Output);
    return;
  }
  const told = found.tests.get(Test) ?? { name: Test, outcome: null, seconds: undefined, output: "" };
  found.tests.set(Test, told);
  // With -count, a test is told several times.
  if (told.outcome !== "failed") told.outcome = end ?? told.outcome;
  told.seconds = Elapsed ?? told.seconds;
  told.output = append(told.output, Output);
}

function append(text: string, more: string): string {
  return text.length >= outputLengthMax ? text : text + more.slice(0, outputLengthMax - text.length);
}

function casesOf({ path, tests, outcome, output }: GoPackage, builds: string): TestCase[] {
  const parents = parentsOf(tests);
  const cases = [...tests.values()].filter((told) => isTold(told, parents)).map((told) => caseOf(path, told));
  const problem = packageProblem(outcome, cases, output, builds);
  return problem === null ? cases : [...cases, testCase({ suite: path, name: "the package", ...problem })];
}

/** The names of tests with subtests, and whether one of those did neither pass nor skip. */
function parentsOf(tests: ReadonlyMap<string, GoTest>): ReadonlyMap<string, boolean> {
  const parents = new Map<string, boolean>();
  for (const { name, outcome } of tests.values()) {
    for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) {
      const parent = name.slice(0, at);
      parents.set(parent, parents.get(parent) === true || !isFine(outcome));
    }
  }
  return parents;
}

/** What a parent says is what its subtests say, but for a failure of its own. */
function isTold({ name, outcome }: GoTest, parents: ReadonlyMap<string, boolean>): boolean {
  const hasFailedBelow = parents.get(name);
  return hasFailedBelow === undefined || (!hasFailedBelow && !isFine(outcome));
}

function isFine(outcome: string | null): boolean {
  return outcome === "passed" || outcome === "skipped";
}

function caseOf(suite: string, { name, outcome, seconds, output }: GoTest): TestCase {
  const isPanic = /^panic: /m.test(output);
  const told: CaseOutcome = /^panic: test timed out/m.test(output) ? "timeout" : (outcome ?? "crashed");
  const line = /^\s+\S+_test\.go:([0-9]+):/m.exec(output)?.[1];
  return testCase({
    suite,
    name,
    outcome: told === "failed" && isPanic ? "crashed" : told,
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    message: told === "passed" ? undefined : output,
    ...(told === "passed" || line === undefined ? {} : { line: Number(line) }),
  });
}

type Problem = { readonly outcome: CaseOutcome; readonly message: string };

function packageProblem(
  outcome: GoPackage["outcome"],
  cases: readonly TestCase[],
  output: string,
  builds: string,
): Problem | null {
  if (outcome === "failed") {
    if (/\[(?:build|setup) failed\]/.test(output)) return { outcome: "error", message: `${builds}${output}` };
    return cases.some((each) => !isFine(each.outcome)) ? null : { outcome: "error", message: output };
  }
  if (outcome !== "passed" || cases.length > 0 || output.includes("[no tests to run]")) return null;
  return { outcome: "crashed", message: "the package ended without the report of a test in it" };
}
