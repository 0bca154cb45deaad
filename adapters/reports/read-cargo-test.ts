import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { panicPlace } from "./panic-place.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

/** The line that whoever starts `cargo test` writes behind its output: the output itself does not say that it is whole. */
export const cargoTestEnd = "cargo test has ended";

interface Told {
  readonly name: string;
  readonly line: number | undefined;
  readonly outcome: CaseOutcome;
  note: string;
}

/** One `running N tests` up to its `test result`. */
interface Block {
  readonly announced: number;
  readonly told: Told[];
  /** How many passed, failed, were ignored and were measured, in the order of the summary. */
  readonly counts: [number, number, number, number];
  /** A test whose end is not told yet, and the last line since then: with one thread, what it prints stands between. */
  open: { readonly name: string; tail: string } | null;
  /** The failed test whose output is being read; null before the failures begin. */
  failures: { of: Told | null; readonly byName: ReadonlyMap<string, Told> } | null;
}

/** What one program with tests printed. */
interface Program {
  readonly suite: string;
  readonly blocks: Block[];
  isOpen: boolean;
  /** How it ended, where cargo tells it. */
  end: string;
}

interface Output {
  readonly programs: Program[];
  readonly suites: Map<string, number>;
  problem: string | null;
}

/**
 * Reads what `cargo test` and libtest print, both of their streams in one. Only as many tests count as a program announces, and its summary must
 * agree with them; a program that ends before its summary, or announces nothing, has crashed. Output in which lines of tests stand elsewhere, as
 * where a test prints some itself, is refused, and so is one without its end line.
 */
export function readCargoTest(text: string): ReportReading {
  const whole = text.trimEnd();
  if (!whole.endsWith(`\n${cargoTestEnd}`)) return unusable("the output of cargo test was cut off");
  const output: Output = { programs: [], suites: new Map(), problem: null };
  for (const line of whole.slice(0, -cargoTestEnd.length).split("\n")) {
    readLine(output, line.endsWith("\r") ? line.slice(0, -1) : line);
    if (output.problem !== null) return unusable(output.problem);
  }
  const cases = output.programs.flatMap(casesOf);
  return { usable: true, cases: output.programs.length === 0 ? buildCases(whole) : cases };
}

function readLine(output: Output, line: string): void {
  const suite = suiteIn(line);
  if (suite !== null) addProgram(output, suite);
  const program = output.programs.at(-1);
  if (suite !== null || program === undefined) return;
  const block = program.isOpen ? program.blocks.at(-1) : undefined;
  if (block === undefined) readBetween(output, program, line);
  else if (block.failures === null) readTests(output, program, block, line);
  else readFailures(program, block, line);
}

/** Cargo puts its words at the same column. The hash in a program's name is another with each change. */
function suiteIn(line: string): string | null {
  const documentation = /^ {3}Doc-tests (\S{1,200})$/.exec(line)?.[1];
  if (documentation !== undefined) return `${documentation} documentation`;
  if (!line.startsWith("     Running ") || line.length > 4000) return null;
  const [, source, program] = /^ {5}Running (?:unittests )?(\S.*?) \((.+)\)$/.exec(line) ?? [];
  if (source === undefined || program === undefined) return null;
  const name = program
    .replaceAll("\\", "/")
    .replace(/^.*\//, "")
    .replace(/-[0-9a-f]{16}(?:\.exe)?$/, "");
  return `${name} ${source.replaceAll("\\", "/")}`;
}

/** Two packages of a workspace may have programs of one name; cargo tells them in the same order each time. */
function addProgram({ programs, suites }: Output, name: string): void {
  const count = (suites.get(name) ?? 0) + 1;
  suites.set(name, count);
  programs.push({ suite: count === 1 ? name : `${name} (${count})`, blocks: [], isOpen: false, end: "" });
}

function readBetween(output: Output, program: Program, line: string): void {
  const announced = announcedIn(line);
  if (announced !== null) {
    program.blocks.push({ announced, told: [], counts: [0, 0, 0, 0], open: null, failures: null });
    program.isOpen = true;
  } else if (summaryIn(line) !== null || resultIn(line)?.end != null) output.problem = strayLine(program, line);
  else program.end = endIn(line) ?? program.end;
}

function readTests(output: Output, program: Program, block: Block, line: string): void {
  const summary = summaryIn(line);
  const result = summary === null ? resultIn(line) : null;
  if (announcedIn(line) !== null) output.problem = strayLine(program, line);
  else if (summary !== null || line === "failures:") {
    if (!settle(block) || block.told.length !== block.announced) {
      const count = `${program.suite} announces ${block.announced} tests, but ${block.told.length} are told`;
      output.problem = `${count} before "${line.slice(0, 80)}": something else wrote into the output of cargo test`;
    } else if (summary === null) block.failures = { of: null, byName: failedTests(block) };
    else if (isSumOf(block, summary)) program.isOpen = false;
    else output.problem = `the summary of ${program.suite} counts other results than its tests show: ${line}`;
  } else if (result !== null) {
    if (!settle(block) || block.told.length >= block.announced) output.problem = strayLine(program, line);
    else if (result.end === null) block.open = { name: result.name, tail: line };
    else tell(block, result.name, result.end);
  } else {
    program.end = endIn(line) ?? program.end;
    if (block.open !== null && line !== "") block.open.tail = line;
  }
}

/** What failed tests printed is anything, also what looks like results. Only a summary that agrees with the tests ends it. */
function readFailures(program: Program, block: Block, line: string): void {
  const summary = summaryIn(line);
  if (summary !== null && isSumOf(block, summary)) {
    program.isOpen = false;
    return;
  }
  const name = /^---- (.{1,1000}) stdout ----$/.exec(line)?.[1];
  if (block.failures === null) return;
  const failed = name === undefined ? undefined : block.failures.byName.get(keyOf(nameOf(name)));
  if (failed !== undefined) block.failures.of = failed;
  else if (line === "failures:") block.failures.of = null;
  else if (block.failures.of !== null && block.failures.of.note.length < noteLengthMax)
    block.failures.of.note += `${line}\n`;
}

const noteLengthMax = 4000;

function failedTests({ told }: Block): ReadonlyMap<string, Told> {
  return new Map(told.filter(({ outcome }) => outcome === "failed").map((each) => [keyOf(each), each]));
}

function keyOf({ name, line }: Pick<Told, "name" | "line">): string {
  return `${name}:${line ?? ""}`;
}

/** False where a test began and nothing shows how it ended. */
function settle(block: Block): boolean {
  const { open } = block;
  if (open === null) return true;
  const end = /(?:ok|FAILED|ignored)$/.exec(open.tail.slice(-20))?.[0];
  block.open = null;
  if (end === undefined) return false;
  tell(block, open.name, end);
  return true;
}

function tell({ told, counts }: Block, name: string, end: string): void {
  const index = end === "ok" ? 0 : end === "FAILED" ? 1 : end.startsWith("ignored") ? 2 : 3;
  counts[index] += 1;
  const outcome = (["passed", "failed", "skipped", "passed"] as const)[index];
  told.push({ ...nameOf(name), outcome, note: end.startsWith("ignored, ") ? end.slice("ignored, ".length) : "" });
}

/** The line of an example in the documentation moves with each line above it, so it is no part of its name. */
function nameOf(told: string): { name: string; line: number | undefined } {
  const plain = told.replace(/ - should panic$/, "");
  const place = / \(line ([0-9]{1,9})\)/.exec(plain);
  return place === null
    ? { name: plain, line: undefined }
    : { name: plain.replace(place[0], "").replace(/ -$/, ""), line: Number(place[1]) };
}

/** `test <name> ... <end>`, also behind what a test printed without an end of line; `end` is null where it is not told on this line. */
function resultIn(line: string): { readonly name: string; readonly end: string | null } | null {
  const begin = line.startsWith("test ") ? 0 : line.lastIndexOf("test ");
  const dots = begin < 0 ? -1 : line.indexOf(" ... ", begin);
  if (dots < 0 || dots - begin > 2000) return null;
  const rest = line.slice(dots + " ... ".length, dots + 2000).replace(/ <[0-9.]+m?s>$/, "");
  const end = /^(?:ok|FAILED|ignored(?:, .*)?|bench: .*)$/.test(rest) ? rest : null;
  if (begin > 0 && end === null) return null;
  return { name: line.slice(begin + "test ".length, dots), end };
}

function announcedIn(line: string): number | null {
  const count = /^running ([0-9]{1,9}) tests?$/.exec(line)?.[1];
  return count === undefined ? null : Number(count);
}

interface Summary {
  readonly isOk: boolean;
  readonly counts: readonly number[];
}

const summaryPattern =
  /^test result: (ok|FAILED)\. ([0-9]{1,9}) passed; ([0-9]{1,9}) failed; ([0-9]{1,9}) ignored; ([0-9]{1,9}) measured; [0-9]{1,9} filtered out(?:; finished in [0-9.]{1,20}s)?$/;

function summaryIn(line: string): Summary | null {
  const [, word, ...counts] = summaryPattern.exec(line) ?? [];
  return word === undefined ? null : { isOk: word === "ok", counts: counts.map(Number) };
}

function isSumOf({ counts: shown }: Block, { isOk, counts }: Summary): boolean {
  return isOk === (shown[1] === 0) && shown.every((each, index) => each === counts[index]);
}

function endIn(line: string): string | null {
  return /^ {2}process didn't exit successfully: .{1,2000}\(([^()]{1,200})\)$/.exec(line)?.[1] ?? null;
}

function strayLine({ suite }: Program, line: string): string {
  return `"${line.slice(0, 200)}" stands in the output of ${suite} where no test is told: something else wrote it`;
}

function casesOf({ suite, blocks, isOpen, end }: Program): TestCase[] {
  const seen = new Map<string, number>();
  // Examples of one item are told in any order, and are numbered by their lines.
  const told = blocks.flatMap((block) => block.told.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  const cases = told.map((each) => caseOf(suite, each, seen));
  if (!isOpen && blocks.length > 0) return cases;
  const how = end === "" ? "" : ` (${end})`;
  const message =
    blocks.length === 0
      ? `the program ended without announcing its tests${how}`
      : `the program ended before its tests did${how}`;
  const name = blocks.at(-1)?.open?.name ?? "the program";
  return [...cases, testCase({ suite, name, outcome: "crashed", message })];
}

function caseOf(suite: string, { name, line, outcome, note }: Told, seen: Map<string, number>): TestCase {
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  const place = outcome === "failed" ? panicPlace(note) : {};
  return testCase({
    suite,
    name: count === 1 ? name : `${name} (${count})`,
    outcome,
    message: note,
    ...(line === undefined ? {} : { line, file: name.replace(/ - .*$/, "") }),
    ...place,
  });
}

/** Where no program was started, cargo says why: what does not compile, or a lock file that does not fit. */
function buildCases(text: string): TestCase[] {
  const at = /^error(?:\[E[0-9]+\])?: /m.exec(text)?.index;
  if (at === undefined) return [];
  const message = text.slice(at, at + noteLengthMax);
  const [, file, line] = /^ *--> (.{1,500}\.rs):([0-9]{1,9}):/m.exec(message) ?? [];
  const place = file === undefined ? {} : { file, line: Number(line) };
  return [testCase({ suite: "cargo", name: "the build", outcome: "error", message, ...place })];
}
