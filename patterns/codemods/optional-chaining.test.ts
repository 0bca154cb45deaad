import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { optionalChaining } from "./optional-chaining.ts";

const after = (text: string, path?: string) => afterText(optionalChaining, text, path);

test.each([
  ["x = a == null ? undefined : a.b.c();", "x = a?.b.c();"],
  ["x = a != null ? a.b : undefined;", "x = a?.b;"],
  ["x = a === null || a === undefined ? undefined : a[b];", "x = a?.[b];"],
  ["x = a !== undefined && a !== null ? a(b) : void 0;", "x = a?.(b);"],
  ["x = a == null ? undefined : a\n  .b;", "x = a\n  ?.b;"],
  ["x = (a == null ? undefined : a.b).c;", "x = (a?.b).c;"],
  ["if (a != null && a.b.c()) d;", "if (a?.b.c()) d;"],
  ["a != null && a.b();", "a?.b();"],
  ["if (a !== null && a !== undefined && a.b()) c;", "if (a?.b()) c;"],
  ["if (a.b != null && a.b.c) d;", "if (a.b?.c) d;"],
  ["if (this.a != undefined && this.a.b) c;", "if (this.a?.b) c;"],
  ["if (a && a.b) c;", "if (a?.b) c;"],
  ["while (!(a && a.b)) c;", "while (!(a?.b)) c;"],
  ["if (a && a.b && a.b.c) d;", "if (a?.b?.c) d;"],
  ["if (a != null && a.b != null && a.b.c.d()) e;", "if (a?.b?.c.d()) e;"],
  ["if (a && a && a.b) c;", "if (a?.b) c;"],
  ["if (a && a != null && a.b) c;", "if (a?.b) c;"],
  ["if (a && a != null && a.b()) c;", "if (a && a?.b()) c;"],
  ["if (x && a && a.b && y) c;", "if (x && a?.b && y) c;"],
  ["x = a && a.b ? c : d;", "x = a?.b ? c : d;"],
  ["x = a && a.b || c;", "x = a?.b || c;"],
  ["if (a && a.b === 'c') d;", "if (a?.b === 'c') d;"],
  ["if (a != null && a.b > 1) d;", "if (a?.b > 1) d;"],
  ["if (a && a.b != null) d;", "if (a?.b != null) d;"],
  ["if (a != null && a.b?.c) d;", "if (a?.b?.c) d;"],
  ["if (a.b != null && a.b()) d;", "if (a.b?.()) d;"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  ["the value counts", "x = a && a.b;"],
  ["the value counts", "x = a != null && a.b;"],
  ["the value counts", "f(a && a.b);"],
  ["the value counts", "() => a && a.b;"],
  ["null and undefined differ", "x = a == null ? null : a.b;"],
  ["a zero would be asked", "x = a ? a.b : undefined;"],
  ["0, '' and false would throw", "if (a && a.b()) c;"],
  ["0, '' and false would throw", "a && a();"],
  ["0, '' and false would throw", "if (a && a.b.c) d;"],
  ["'' has it", "if (a && a.length) b;"],
  ["'' has it", "if (a && a.trim) b;"],
  ["undefined would be true", "if (a && a.b !== 'c') d;"],
  ["undefined would be true", "if (a && a.b === undefined) d;"],
  ["undefined may be meant", "if (a && a.b === c) d;"],
  ["undefined would be true", "if (a && a.b == null) d;"],
  ["only null is asked for", "if (a !== null && a.b) c;"],
  ["another name", "if (a && b.a) c;"],
  ["a longer name", "if (a && ab.c) d;"],
  ["a call is made twice", "if (a() != null && a().b) c;"],
  ["an operator", "if (a != null && -a.b) c;"],
  ["a comment would go", "if (a != null && /* b */ a.b) c;"],
  ["brackets", "if ((a != null) && (a.b)) c;"],
  ["new", "if (a != null && new a.b()) c;"],
  ["an assignment", "a != null && (a.b = 1);"],
  ["the target of a call", "(a == null ? undefined : a.b)();"],
  ["delete", "delete (a == null ? undefined : a.b);"],
  ["a shadowed undefined", "(undefined) => a == null ? undefined : a.b;"],
])("left alone, since %s: %s", (_, text) => {
  expect(after(text)).toBe("unchanged");
});

/** Evaluates an expression as code would run, as its truth or the fault that it ends with. */
function truthOf(expression: string, a: unknown): string {
  try {
    const value: unknown = new Function("a", `if (${expression}) return true; return false;`)(a);
    return String(value);
  } catch {
    return "throws";
  }
}

test("whatever the value is, the condition is as true as before", () => {
  const conditions = [
    "a && a.b",
    "a && a.b && a.b.c",
    "a != null && a.b.c",
    "a != null && a.b > 1",
    "a && a.b === 'c'",
    "a && a.b != null && a.b.c == 1",
  ];
  const leaves: unknown[] = [undefined, null, 0, -0, Number.NaN, 1, "", "c", false, true, 0n, 2n, [], () => 1];
  const values = [...leaves, ...leaves.flatMap((b) => [{ b }, { b: { c: b } }])];
  for (const condition of conditions) {
    const changed = after(`if (${condition}) d;`);
    expect(changed).toContain("?.");
    const rewritten = changed.slice("if (".length, -") d;".length);
    for (const value of values) expect(truthOf(rewritten, value)).toBe(truthOf(condition, value));
  }
});

test("every member of a primitive is known", () => {
  for (const prototype of [String.prototype, Number.prototype, Boolean.prototype, BigInt.prototype, Object.prototype]) {
    for (const name of Object.getOwnPropertyNames(prototype).filter((each) => /^\w+$/.test(each))) {
      expect(after(`if (a && a.${name}) b;`)).toBe("unchanged");
    }
  }
});

test.each([
  "(a == null ? undefined : a.b)!();",
  "((a == null ? undefined : a.b) as F)();",
  "((a == null ? undefined : a.b) satisfies F)();",
  "(<F>(a == null ? undefined : a.b))();",
])("what is called without an object stays so, whatever TypeScript says of it: %s", (text) => {
  expect(after(text, "a.ts")).toBe("unchanged");
});
