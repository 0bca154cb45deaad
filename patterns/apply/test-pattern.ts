import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import type { Codemod } from "../engine/codemod.ts";
import { parseSource } from "../engine/parse-source.ts";
import { transformText } from "../engine/run-codemod.ts";
import type { Scope } from "../engine/scope.ts";
import type { SourceFile } from "../engine/source-file.ts";
import type { PatternFixture } from "./pattern-fixtures.ts";

/** Words of which each is left out in turn. */
const wordsMax = 2_000;
/** Lines up to which every pair of them is tried as well. */
const pairLinesMax = 60;

/**
 * Runs one fixture: the change to the byte, nothing more at a second time, a result that parses; or a text that is read and stays. Then
 * sees that it can fail: a pattern that forgets one of its places must not pass, and some small change of a text that stays must make
 * the pattern act.
 */
export function testFixture(pattern: Codemod, fixture: PatternFixture): FixtureResult {
  // A fixture is a file without a package, of which nothing can be asked.
  const codemod: Codemod = { ...pattern, preconditions: [] };
  const { after } = fixture;
  const problems = after === null ? problemsOfSame(codemod, fixture) : problemsOfChange(codemod, fixture, after);
  const { mutants, noticed } = after === null ? provokeSame(codemod, fixture) : mutateChange(codemod, fixture, after);
  const isBlind = after === null ? noticed === 0 : noticed < mutants || mutants === 0;
  const blind =
    after === null
      ? "nothing shows that it can fail: no small change of it makes the pattern act"
      : "a pattern that forgets a place passes too";
  return {
    pattern: codemod.id,
    fixture: fixture.name,
    problems: isBlind ? [...problems, blind] : problems,
    mutants,
    noticed,
  };
}

function problemsOfChange(codemod: Codemod, { path, before }: PatternFixture, after: string): readonly string[] {
  const result = transformText(codemod, path, before);
  if (result.status === "skipped") return [`skipped: ${result.reason}`];
  if (result.status === "unchanged") return ["it was not changed"];
  if (result.after !== after)
    return [`the result differs from what is expected, at line ${firstDifference(result.after, after)}`];
  const again = transformText(codemod, path, after);
  return again.status === "changed" ? ["a second application changes it again"] : [];
}

function problemsOfSame(codemod: Codemod, { path, before }: PatternFixture): readonly string[] {
  if (!codemod.prefilter(before)) return ["the prefilter turns it away, so nothing is shown"];
  const result = transformText(codemod, path, before);
  return result.status === "unchanged" ? [] : [`it should stay, and is ${result.status}`];
}

function firstDifference(left: string, right: string): number {
  const [lines, others] = [left.split("\n"), right.split("\n")];
  const index = lines.findIndex((line, at) => line !== others[at]);
  return (index === -1 ? lines.length : index) + 1;
}

interface Mutation {
  readonly mutants: number;
  readonly noticed: number;
}

/** The pattern without one of its rewrites, each in turn. */
function mutateChange(codemod: Codemod, { path, before }: PatternFixture, after: string): Mutation {
  const parsed = parseSource(path, before.replace(/^\uFEFF/, ""));
  const places = parsed.ok ? codemod.scan(parsed.source).rewrites.map(({ at }) => at) : [];
  let noticed = 0;
  for (const [forgotten] of places.entries()) {
    const result = transformText(without(codemod, forgotten), path, before);
    if (result.status !== "changed" || result.after !== after) noticed += 1;
  }
  return { mutants: places.length, noticed };
}

function without(codemod: Codemod, forgotten: number): Codemod {
  let isFirst = true;
  const scan: Codemod["scan"] = (source) => {
    const found = codemod.scan(source);
    // The engine scans a second time to see that nothing is left, and would refuse what was only forgotten.
    if (!isFirst) return { ...found, rewrites: [] };
    isFirst = false;
    return { ...found, rewrites: found.rewrites.filter((_, index) => index !== forgotten) };
  };
  return { ...codemod, scan };
}

/** A reader that is blind to declarations, then the text without one word, one line or two: until the pattern acts. */
function provokeSame(codemod: Codemod, { path, before }: PatternFixture): Mutation {
  let mutants = 0;
  for (const act of provocations(codemod, path, before)) {
    mutants += 1;
    if (act()) return { mutants, noticed: 1 };
  }
  return { mutants, noticed: 0 };
}

function* provocations(codemod: Codemod, path: string, text: string): Generator<() => boolean> {
  const acts = (source: string, look = (file: SourceFile) => file) => {
    const parsed = parseSource(path, source);
    return parsed.ok && codemod.scan(look(parsed.source)).rewrites.length > 0;
  };
  yield () => acts(text, withoutDeclarations);
  for (const { index, 0: word } of [...text.matchAll(/\.?[\w$]+/g)].slice(0, wordsMax)) {
    yield () => acts(text.slice(0, index) + text.slice(index + word.length));
  }
  const lines = text.split("\n");
  for (const [index] of lines.entries()) yield () => acts(lines.filter((_, at) => at !== index).join("\n"));
  if (lines.length > pairLinesMax) return;
  for (const [first] of lines.entries()) {
    for (let second = first + 1; second < lines.length; second += 1) {
      yield () => acts(lines.filter((_, at) => at !== first && at !== second).join("\n"));
    }
  }
}

function withoutDeclarations(source: SourceFile): SourceFile {
  const topScope: Scope = { ...source.topScope, parent: null, bindings: new Map(), isDynamic: false };
  return {
    ...source,
    topScope,
    nodesOfType: (type) => source.nodesOfType(type).map((located) => ({ ...located, scope: topScope })),
    assignedNames: () => new Set(),
  };
}
