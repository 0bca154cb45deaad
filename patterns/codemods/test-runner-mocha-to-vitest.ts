import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { isBare } from "../engine/expressions.ts";
import { importSplice, quoteOf } from "../engine/import-place.ts";
import { type Load, loadsOf } from "../engine/loads.ts";
import { type Call, plainArguments } from "../engine/member-rewrites.ts";
import { memberName } from "../engine/module-members.ts";
import { needsDependency } from "../engine/preconditions.ts";
import type { Reference } from "../engine/references.ts";
import { resolveName } from "../engine/scope.ts";
import type { Located, NodeOfType, SourceFile } from "../engine/source-file.ts";
import { undeclaredWrite } from "../engine/strict-code.ts";
import { isHostName } from "../engine/syntax.ts";
import { vitestNames } from "./mocha-names.ts";

const suites: ReadonlySet<string> = new Set(["context", "describe", "xcontext", "xdescribe"]);
const hooks: ReadonlySet<string> = new Set(["after", "afterEach", "before", "beforeEach"]);
const modifiers: ReadonlySet<string> = new Set(["only", "skip"]);
/** Globals that only other runners have, and what a file of mocha has of CommonJS that an ES module has not. */
const foreignNames = [
  "jest",
  "vi",
  "expect",
  "test",
  "beforeAll",
  "afterAll",
  "run",
  "module",
  "exports",
  "mocha",
] as const;

/**
 * Turns a test file of mocha into one of vitest: `import { describe, it, … } from "vitest"` for what mocha has as globals or the file
 * took from `mocha`, `before` and `after` become `beforeAll` and `afterAll`, `context` and `specify` become `describe` and `it`, `xit` and
 * the like `it.skip`, a test without a function `it.todo`, and `this.timeout(500);` at the head of a test or hook its last argument.
 *
 * It is all or nothing: a file with anything that vitest does otherwise is refused, with the first such place:
 *
 * - a function with a parameter: mocha calls `done`, vitest hands over a context. Generators. `this` in any other use.
 * - hooks outside of a suite, which mocha runs for all files; hooks with a title; two `after` or two `afterEach` in one suite, which
 *   vitest runs last first; a hook that returns what might be a function, which vitest would call in the end.
 * - `only` and `skip` apart, members of `it` and the others (`it.retries`, `describe.each`), a name that is passed on or assigned to.
 * - `module`, `exports`, and globals of other runners (`jest`, `vi`, `expect`, `test`): then it is not, or not only, a file of mocha.
 *
 * `require` stays: vitest has it. A limit of 2 seconds becomes the one of vitest, 5 seconds. Options on the command line and
 * `.mocharc` are another file's matter. The package must name vitest among its dependencies.
 */
export const testRunnerMochaToVitest: Codemod = {
  id: "test-runner-mocha-to-vitest",
  version: "1.0.0",
  title: "Move tests from mocha to vitest",
  description: "Imports vitest in test files of mocha, and renames hooks, aliases, pending tests and timeouts.",
  keywords: [
    "mocha vitest",
    "mocha to vitest",
    "replace mocha vitest",
    "replace mocha tests vitest",
    "replace tests mocha vitest",
    "tests from mocha to vitest",
    "vitest over mocha",
    "replace test runner mocha vitest",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\b(?:x?(?:describe|context)|suite)\b/.test(text) && /\b(?:x?it|x?specify)\b/.test(text),
  preconditions: [needsDependency("vitest")],
  scan,
};

/** A use of one of mocha's names, with the call that it makes. */
interface Use {
  readonly name: string;
  readonly reference: Reference;
  readonly call: Located<Call>;
  readonly modifier: string | null;
}

function scan(source: SourceFile): Scan {
  const loads = loadsOf(source, new Set(["mocha"]));
  const references = mochaReferences(source);
  const uses = references.map((reference) => useOf(reference));
  const calls = uses.filter((use): use is Use => use !== null);
  const isMocha = calls.some(({ name }) => suites.has(name)) && calls.some(({ name }) => /it$|specify$/.test(name));
  if (!isMocha) return { rewrites: [], refusals: [] };
  if (/\.c[jt]s$/.test(source.path)) {
    return { rewrites: [], refusals: [{ at: 0, reason: "a CommonJS file by its name cannot import vitest" }] };
  }
  const refusal = firstDoubt(source, references, uses, calls, loads);
  if (refusal !== null) return { rewrites: [], refusals: [refusal] };
  const rewrites = calls.flatMap((use) => callRewrites(source, use));
  const imports = importRewrite(source, calls, loads);
  if (imports === null)
    return { rewrites: [], refusals: [{ at: 0, reason: "no clear place for the import of vitest" }] };
  return { rewrites: [imports, ...rewrites], refusals: [] };
}

/** Uses of mocha's names, as globals or as what the file took from `mocha` under their own names. */
function mochaReferences(source: SourceFile): readonly Reference[] {
  const references = source.references();
  return [...vitestNames.keys()].flatMap((name) => {
    const binding = source.topScope.bindings.get(name);
    if (binding === undefined) return references.free(name);
    const [declaration] = binding.declarations;
    const { statement } = declaration;
    const isFromMocha = statement.type === "ImportDeclaration" && statement.source.value === "mocha";
    return isFromMocha && isNamedAlike(declaration.node) ? references.of(binding) : [];
  });
}

function isNamedAlike(specifier: Node): boolean {
  if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") return false;
  return specifier.imported.name === specifier.local.name;
}

/** The call that a name makes: `it(…)`, `it.only(…)`; null for any other use. */
function useOf(reference: Reference): Use | null {
  const { node, parent } = reference;
  const { name } = node;
  if (parent?.node.type === "CallExpression" && parent.node.callee === node && !parent.node.optional) {
    return { name, reference, call: { ...parent, node: parent.node }, modifier: null };
  }
  if (parent?.node.type !== "MemberExpression" || parent.node.object !== node || parent.node.computed) return null;
  const modifier = memberName(parent.node);
  const outer = parent.parent;
  if (modifier === null || !modifiers.has(modifier) || hooks.has(name) || name.startsWith("x")) return null;
  if (outer?.node.type !== "CallExpression" || outer.node.callee !== parent.node || outer.node.optional) return null;
  return { name, reference, call: { ...outer, node: outer.node }, modifier };
}

function firstDoubt(
  source: SourceFile,
  references: readonly Reference[],
  uses: readonly (Use | null)[],
  calls: readonly Use[],
  loads: readonly Load[],
): Refusal | null {
  const other = references.find((_, index) => uses[index] === null);
  if (other !== undefined)
    return { at: other.node.start, reason: `${other.node.name} is used otherwise than by a call` };
  for (const name of foreignNames) {
    const [foreign] = source.references().free(name);
    if (foreign !== undefined) return { at: foreign.node.start, reason: `the file uses ${name}, which mocha has not` };
  }
  const undeclared = source.isModule ? null : undeclaredWrite(source);
  if (undeclared !== null) return undeclared;
  const load = loads.find(({ site }) => site.node.type !== "ImportDeclaration" || !isOnlyNames(site.node));
  if (load !== undefined) return { at: load.specifier.start, reason: "mocha is loaded as a whole" };
  for (const use of calls) {
    const reason = doubtAboutCall(source, use);
    if (reason !== null) return { at: use.call.node.start, reason };
  }
  return twiceAfter(calls);
}

function isOnlyNames(node: Extract<Node, { type: "ImportDeclaration" }>): boolean {
  return (
    node.specifiers.length > 0 &&
    node.specifiers.every((each) => isNamedAlike(each) && vitestNames.has(each.local.name))
  );
}

type AnyFunction = NodeOfType<"ArrowFunctionExpression" | "FunctionExpression">;

function doubtAboutCall(source: SourceFile, { name, call }: Use): string | null {
  if (resolveName(call.scope, name).kind === "unknown" || source.assignedNames().has(name))
    return `${name} may be another one`;
  const values = plainArguments(call.node);
  if (values === null) return "an argument is spread";
  const isHook = hooks.has(name);
  const [first, second] = values;
  const body = isHook ? first : second;
  if (values.length !== (isHook ? 1 : body === undefined ? 1 : 2))
    return `${name} has other arguments than vitest knows`;
  if (isHook && suiteOf(call) === null) return `${name} outside of a suite is for all files`;
  if (body === undefined) return suites.has(name) ? "a suite has no function" : null;
  if (body.type !== "ArrowFunctionExpression" && body.type !== "FunctionExpression")
    return `${name} gets a function from elsewhere`;
  return doubtAboutFunction(source, name, body);
}

function doubtAboutFunction(source: SourceFile, name: string, body: AnyFunction): string | null {
  if (body.params.length > 0) return "a test with a parameter waits for done";
  if (body.generator) return "a test is a generator";
  if (suites.has(name) && body.async) return "a suite is asynchronous";
  const timeout = suites.has(name) ? null : timeoutOf(source, body);
  const limit = timeout?.statement;
  const other = thisIn(source, body).find(
    ({ node }) => limit === undefined || node.start < limit.start || node.end > limit.end,
  );
  if (other !== undefined) return "this is the context of mocha";
  return hooks.has(name) && mayReturnFunction(source, body) ? "vitest would call what a hook returns" : null;
}

/** `this` that belongs to a function, or to arrow functions in it. */
function thisIn(source: SourceFile, body: AnyFunction): readonly Located[] {
  return source.nodesOfType("ThisExpression").filter((located) => {
    if (located.node.start < body.start || located.node.end > body.end) return false;
    for (let at = located.parent; at !== null && at.node !== body; at = at.parent) {
      const { type } = at.node;
      if (
        type === "FunctionExpression" ||
        type === "FunctionDeclaration" ||
        /^Class|^PropertyDef|^StaticBlock/.test(type)
      )
        return false;
    }
    return true;
  });
}

interface Timeout {
  readonly statement: Node;
  readonly value: Node;
}

/** `this.timeout(500);` as the first statement of a test or hook. */
function timeoutOf(source: SourceFile, body: AnyFunction): Timeout | null {
  if (body.type !== "FunctionExpression" || body.body?.type !== "BlockStatement") return null;
  const [statement] = body.body.body;
  if (statement?.type !== "ExpressionStatement" || statement.expression.type !== "CallExpression") return null;
  const { callee, arguments: values } = statement.expression;
  const [value] = values;
  if (callee.type !== "MemberExpression" || callee.object.type !== "ThisExpression" || memberName(callee) !== "timeout")
    return null;
  const isNumber = value?.type === "Literal" && typeof value.value === "number" && value.value > 0;
  return isNumber && values.length === 1 && isBare(source.text, value.end, statement.end, ");")
    ? { statement, value }
    : null;
}

function mayReturnFunction(source: SourceFile, body: AnyFunction): boolean {
  if (body.body === null) return false;
  if (body.body.type !== "BlockStatement") return !isNoFunction(body.body);
  return source.nodesOfType("ReturnStatement").some((located) => {
    const { node } = located;
    if (node.start < body.start || node.end > body.end || node.argument === null) return false;
    for (let at = located.parent; at !== null && at.node !== body; at = at.parent) {
      if (/Function/.test(at.node.type)) return false;
    }
    return !isNoFunction(node.argument);
  });
}

/** What is surely no function: a number, a string, an object that is written, the result of an assignment of one. */
function isNoFunction(node: Node): boolean {
  if (node.type === "AssignmentExpression") return isNoFunction(node.right);
  return [
    "ArrayExpression",
    "BinaryExpression",
    "Literal",
    "ObjectExpression",
    "TemplateLiteral",
    "UnaryExpression",
  ].includes(node.type);
}

/** The function of the suite that a call stands in, directly or in a block; null outside of all. */
function suiteOf({ parent }: Located): Node | null {
  for (let at = parent; at !== null; at = at.parent) {
    const outer = at.parent?.node;
    if (!/Function/.test(at.node.type)) continue;
    const callee = outer?.type === "CallExpression" ? outer.callee : null;
    const root = callee?.type === "MemberExpression" ? callee.object : callee;
    return root?.type === "Identifier" && suites.has(root.name) ? at.node : null;
  }
  return null;
}

function twiceAfter(calls: readonly Use[]): Refusal | null {
  const seen = new Set<string>();
  for (const { name, call } of calls.filter((each) => each.name === "after" || each.name === "afterEach")) {
    const key = `${name} ${suiteOf(call)?.start}`;
    if (seen.has(key)) return { at: call.node.start, reason: `vitest runs the last ${name} of a suite first` };
    seen.add(key);
  }
  return null;
}

function callRewrites(source: SourceFile, { name, reference, call }: Use): readonly Rewrite[] {
  const { node } = reference;
  const [title, body] = call.node.arguments;
  const isPending = title !== undefined && body === undefined && !hooks.has(name) && !suites.has(name);
  const text = isPending ? "it.todo" : (vitestNames.get(name) ?? name);
  const splices: Splice[] = [];
  const end = isPending ? call.node.callee.end : node.end;
  if (text !== source.text.slice(node.start, end)) splices.push({ start: node.start, end, text });
  splices.push(...timeoutSplices(source, name, call.node));
  return splices.length === 0 ? [] : [{ at: node.start, reason: `${name} of mocha is ${text} in vitest`, splices }];
}

/** The timeout as the last argument, and its statement gone with its line. */
function timeoutSplices(source: SourceFile, name: string, call: Call): readonly Splice[] {
  const body = call.arguments.at(-1);
  if (suites.has(name) || body?.type !== "FunctionExpression") return [];
  const timeout = timeoutOf(source, body);
  if (timeout === null) return [];
  const { statement, value } = timeout;
  const after = /^[^\S\r\n]*(?:\r\n|\n|\r)?[^\S\r\n]*/.exec(source.text.slice(statement.end))?.[0].length ?? 0;
  const number = source.text.slice(value.start, value.end);
  return [
    { start: statement.start, end: statement.end + after, text: "" },
    { start: body.end, end: body.end, text: `, ${number}` },
  ];
}

function importRewrite(source: SourceFile, calls: readonly Use[], loads: readonly Load[]): Rewrite | null {
  const names = [...new Set(calls.map(({ name }) => (vitestNames.get(name) ?? name).split(".")[0] ?? name))].sort();
  const quote = quoteOf(source);
  const [load, ...others] = loads;
  if (load !== undefined) {
    if (others.length > 0 || load.site.node.type !== "ImportDeclaration") return null;
    const { specifiers } = load.site.node;
    const [first, last] = [specifiers[0], specifiers.at(-1)];
    if (first === undefined || last === undefined) return null;
    const splices = [
      { start: first.start, end: last.end, text: names.join(", ") },
      { start: load.specifier.start + 1, end: load.specifier.end - 1, text: "vitest" },
    ];
    return { at: load.specifier.start, reason: "vitest takes the place of mocha", splices };
  }
  if (names.some((name) => source.topScope.bindings.has(name) || !isHostName(source, source.topScope, name)))
    return null;
  const statement = `import { ${names.join(", ")} } from ${quote}vitest${quote};`;
  const splice = importSplice(source, source.isModule ? "import" : "require", [statement]);
  return splice === null
    ? null
    : { at: splice.start, reason: "vitest is imported, mocha was global", splices: [splice] };
}
