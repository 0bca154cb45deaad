import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

interface Point {
  readonly ok: boolean;
  readonly name: string;
  readonly directive: "skip" | "todo" | undefined;
}

/** What was read of one level of subtests; the outermost one is the stream itself. */
interface Level {
  readonly cases: TestCase[];
  points: number;
  plan: number | undefined;
  /** A point whose subtests follow it in braces. */
  open: Point | undefined;
}

interface TapStream {
  readonly levels: Level[];
  ended: boolean;
  summaryTotal: number | undefined;
  problem: string | undefined;
  lastCase: { readonly level: Level; readonly index: number } | undefined;
}

/**
 * Reads TAP as ava, tape, node-tap and `node --test` write it, nested subtests included; a test with subtests is not counted
 * itself. The plan must fit at every level, and the comment that ends these runners' streams must be there. Other lines are ignored.
 */
export function readTap(text: string): ReportReading {
  return readStream(text, true);
}

/** Reads TAP as any other program writes it, such as bats or a script: its plan alone says that it is whole. */
export function readPlannedTap(text: string): ReportReading {
  return readStream(text, false);
}

function readStream(text: string, needsSummary: boolean): ReportReading {
  const stream: TapStream = {
    levels: [],
    ended: !needsSummary,
    summaryTotal: undefined,
    problem: undefined,
    lastCase: undefined,
  };
  const lines = text.split(/\r?\n/);
  // What follows the last line break may be a part of a line.
  lines.pop();
  for (let index = 0; index < lines.length && stream.problem === undefined; index += 1) {
    const line = lines[index] ?? "";
    if (/^ *---$/.test(line) && stream.lastCase !== undefined) index = readDetails(stream, lines, index);
    else readLine(stream, line);
  }
  return finish(stream);
}

function readLine(stream: TapStream, line: string): void {
  const indent = line.length - line.trimStart().length;
  const content = line.trim();
  if (indent % 4 !== 0) return;
  const depth = indent / 4;
  const plan = /^1\.\.([0-9]+)(?:\s*#.*)?$/.exec(content);
  const point = /^(not )?ok\b(?:\s+[0-9]+)?(?:\s+-)?\s*(.*?)(\s\{)?$/.exec(content);
  if (plan !== null) readPlan(stream, depth, Number(plan[1]));
  else if (point !== null)
    readPoint(stream, depth, parsePoint(point[1] === undefined, point[2] ?? ""), point[3] !== undefined);
  else if (content === "}" && stream.levels[depth]?.open !== undefined) closeBraces(stream, depth);
  else if (content.startsWith("Bail out!")) stream.problem = `the TAP stream was given up: ${content.slice(0, 300)}`;
  else if (depth === 0 && content.startsWith("# ")) readComment(stream, content);
}

function parsePoint(ok: boolean, text: string): Point {
  const directive = /(?:^|\s)#\s*(skip|todo)\w*/i.exec(text);
  const name = text.replace(/(?:^|\s)#\s*(?:skip|todo|time=).*$/i, "").trim();
  const kind = directive?.[1]?.toLowerCase();
  return { ok, name, directive: kind === "skip" || kind === "todo" ? kind : undefined };
}

function levelAt(stream: TapStream, depth: number): Level | undefined {
  if (depth > 50) stream.problem = "the TAP stream is nested deeper than 50 levels";
  while (stream.levels.length <= depth && stream.problem === undefined) {
    stream.levels.push({ cases: [], points: 0, plan: undefined, open: undefined });
  }
  return stream.levels[depth];
}

function readPlan(stream: TapStream, depth: number, plan: number): void {
  const level = levelAt(stream, depth);
  if (level === undefined) return;
  if (level.plan !== undefined) stream.problem = "the TAP stream has two plans, so it holds more than one run";
  level.plan = plan;
}

function readPoint(stream: TapStream, depth: number, point: Point, opensBraces: boolean): void {
  const level = levelAt(stream, depth);
  if (level === undefined) return;
  level.points += 1;
  if (opensBraces) level.open = point;
  else addPoint(stream, depth, level, point);
}

function closeBraces(stream: TapStream, depth: number): void {
  const level = stream.levels[depth];
  if (level?.open === undefined) return;
  addPoint(stream, depth, level, level.open);
  level.open = undefined;
}

function addPoint(stream: TapStream, depth: number, level: Level, point: Point): void {
  const below = stream.levels.splice(depth + 1);
  const [subtests, ...deeper] = below;
  stream.problem ??= subtests && planProblem(subtests, `the subtests of "${point.name}"`);
  if (deeper.length > 0) stream.problem ??= `the subtests of "${point.name}" are not complete`;
  const cases = subtests === undefined ? [] : subtests.cases.map((inner) => nested(inner, point));
  const isExplained = cases.some(({ outcome }) => isFailing(outcome));
  level.cases.push(...cases);
  if (cases.length === 0 || (outcomeOf(point) === "failed" && !isExplained)) {
    level.cases.push(testCase({ suite: "", name: point.name, outcome: outcomeOf(point) }));
    stream.lastCase = { level, index: level.cases.length - 1 };
  } else {
    stream.lastCase = undefined;
  }
}

function nested(inner: TestCase, point: Point): TestCase {
  const suite = inner.suite === "" ? point.name : `${point.name} > ${inner.suite}`;
  const outcome = point.directive === "todo" && isFailing(inner.outcome) ? "todo" : inner.outcome;
  return { ...inner, suite, outcome };
}

function outcomeOf(point: Point): CaseOutcome {
  if (point.directive === "todo") return "todo";
  if (!point.ok) return "failed";
  return point.directive === "skip" ? "skipped" : "passed";
}

function planProblem(level: Level, what: string): string | undefined {
  if (level.open !== undefined) return `${what} are not complete: a brace is not closed`;
  if (level.plan === undefined) return `${what} are not complete: the plan is missing`;
  return level.plan === level.points
    ? undefined
    : `${what} are not complete: the plan is ${level.plan}, but there are ${level.points}`;
}

const endOfStream = /^# (?:ok|fail\s+[0-9]+|time=[0-9.]+m?s|duration_ms [0-9.]+)$/;

function readComment(stream: TapStream, comment: string): void {
  const total = /^# \{ total: ([0-9]+)\b.*\}$/.exec(comment)?.[1];
  if (total !== undefined) stream.summaryTotal = Number(total);
  // A comment before the plan may be the title of a test.
  const isAfterPlan = stream.levels[0]?.plan !== undefined || stream.summaryTotal !== undefined;
  if (isAfterPlan && endOfStream.test(comment)) stream.ended = true;
}

/** Takes the block of details under a point as its message, and gives the index of the block's last line. */
function readDetails(stream: TapStream, lines: readonly string[], first: number): number {
  const indent = (lines[first] ?? "").replace("---", "");
  const length = lines.slice(first + 1).indexOf(`${indent}...`);
  if (length === -1) {
    stream.problem = `the TAP stream is not complete: the details that begin in line ${first + 1} do not end`;
    return first;
  }
  const { lastCase } = stream;
  const found = lastCase?.level.cases[lastCase.index];
  if (lastCase !== undefined && found !== undefined) {
    const message = lines.slice(first + 1, first + 1 + length).map((line) => line.slice(indent.length));
    lastCase.level.cases[lastCase.index] = testCase({ ...found, message: message.join("\n") });
  }
  return first + 1 + length;
}

function finish(stream: TapStream): ReportReading {
  if (stream.problem !== undefined) return unusable(stream.problem);
  const [top, ...below] = stream.levels;
  if (top === undefined) return unusable("the output holds no TAP");
  if (below.length > 0) return unusable("the TAP stream is not complete: it ends inside of a test");
  const { summaryTotal } = stream;
  if (summaryTotal !== undefined && summaryTotal !== top.cases.length) {
    return unusable(`the TAP stream declares ${summaryTotal} tests, but holds ${top.cases.length}`);
  }
  const problem =
    summaryTotal !== undefined && top.plan === undefined ? undefined : planProblem(top, "the tests of the TAP stream");
  if (problem !== undefined) return unusable(problem);
  return stream.ended
    ? { usable: true, cases: top.cases }
    : unusable("the TAP stream is not complete: the summary after its plan is missing");
}
