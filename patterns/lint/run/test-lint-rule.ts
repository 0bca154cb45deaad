import type { FixtureResult } from "../../../orchestrator/schema/pattern-workbench.ts";
import type { LintContext, LintFinding, LintRule, LintScope, LintSource } from "../lint-rule.ts";
import type { LintPattern } from "../shipped-lint-rules.ts";
import { type LintFixture, readLintFixtures } from "./lint-fixtures.ts";
import type { RuleRunner } from "./load-eslint.ts";

/** Words of which each is left out in turn. */
const wordsMax = 500;

/** Runs the fixtures of lint rules, which lie in a folder. */
export async function testLintRules(
  folder: string,
  rules: readonly LintPattern[],
  runner: RuleRunner,
): Promise<readonly FixtureResult[]> {
  const results: FixtureResult[] = [];
  for (const { id, rule } of rules) {
    for (const fixture of await readLintFixtures(folder, id)) results.push(testLintRule(id, rule, fixture, runner));
  }
  return results;
}

/**
 * Runs one fixture of a lint rule: what is found stands in the lines that say so, nothing else is found, the fixes give the fixed text, and
 * a second time nothing. Then sees that it can fail: a rule that forgets one of its findings must not pass, and some small change of a text
 * in which nothing is found must make the rule find something.
 */
export function testLintRule(id: string, rule: LintRule, fixture: LintFixture, runner: RuleRunner): FixtureResult {
  const problems = [...problemsOf(rule, fixture, runner)];
  const expected = expectedLines(fixture.text);
  const { mutants, noticed } =
    expected.length > 0 ? forgetEach(rule, fixture, runner, expected.length) : provoke(rule, fixture, runner);
  const isBlind = expected.length > 0 ? noticed < mutants : noticed === 0;
  if (isBlind) problems.push("nothing shows that it can fail");
  return { pattern: id, fixture: fixture.name, problems, mutants, noticed };
}

function* problemsOf(rule: LintRule, { path, text, fixed }: LintFixture, runner: RuleRunner): Generator<string> {
  const [found, expected] = [runner.lines({ rule, path, text }), expectedLines(text)];
  if (String(found) !== String(expected)) {
    yield `found in the lines ${found.join(", ") || "none"}, expected in ${expected.join(", ") || "none"}`;
  }
  const result = runner.fix({ rule, path, text });
  if (result !== fixed) yield "the fixes give another text than is expected";
  if (runner.fix({ rule, path, text: result }) !== result) yield "a second time something is fixed again";
}

/** The lines that say that something is found in them, each as often as it says. */
function expectedLines(text: string): readonly number[] {
  return text.split("\n").flatMap((line, index) => {
    const found = /\/\/ found(?: (\d))?$/.exec(line);
    return found === null ? [] : new Array<number>(Number(found[1] ?? 1)).fill(index + 1);
  });
}

interface Mutation {
  readonly mutants: number;
  readonly noticed: number;
}

/** The rule without one of its findings, each in turn. */
function forgetEach(rule: LintRule, fixture: LintFixture, runner: RuleRunner, mutants: number): Mutation {
  let noticed = 0;
  for (let forgotten = 0; forgotten < mutants; forgotten += 1) {
    const [problem] = problemsOf(without(rule, forgotten), fixture, runner);
    if (problem !== undefined) noticed += 1;
  }
  return { mutants, noticed };
}

function without(rule: LintRule, forgotten: number): LintRule {
  return {
    ...rule,
    create: (context) => {
      let count = 0;
      const report = (finding: LintFinding): void => {
        if (count !== forgotten) context.report(finding);
        count += 1;
      };
      const given: LintContext = Object.create(context, { report: { value: report } });
      return rule.create(given);
    },
  };
}

/** A rule that is blind to declarations, then the text without one word or one line: until something is found. */
function provoke(rule: LintRule, { path, text }: LintFixture, runner: RuleRunner): Mutation {
  const lines = text.split("\n");
  const words = [...text.matchAll(/\.?[\w$]+|#!/g)].slice(0, wordsMax);
  const changed = [
    ...words.map(({ index, 0: word }) => text.slice(0, index) + text.slice(index + word.length)),
    ...lines.map((_, index) => lines.filter((__, at) => at !== index).join("\n")),
  ];
  if (finds(withoutDeclarations(rule), path, text, runner)) return { mutants: 1, noticed: 1 };
  const at = changed.findIndex((mutant) => finds(rule, path, mutant, runner));
  return at === -1 ? { mutants: changed.length + 1, noticed: 0 } : { mutants: at + 2, noticed: 1 };
}

function withoutDeclarations(rule: LintRule): LintRule {
  const scope: LintScope = { type: "global", upper: null, set: new Map(), through: [] };
  return {
    ...rule,
    create: (context) => {
      const sourceCode: LintSource = Object.create(context.sourceCode, { getScope: { value: () => scope } });
      const given: LintContext = Object.create(context, { sourceCode: { value: sourceCode } });
      return rule.create(given);
    },
  };
}

/** A text that cannot be parsed shows nothing. */
function finds(rule: LintRule, path: string, text: string, runner: RuleRunner): boolean {
  try {
    return runner.lines({ rule, path, text }).length > 0;
  } catch {
    return false;
  }
}
