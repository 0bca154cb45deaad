import fc from "fast-check";
import { expect, test } from "vitest";
import { readFindings } from "./read-findings.ts";

const root = "/home/team/project";
const esc = "\u001b";

/** What the tools printed for small sources with two or three mistakes. */
const outputs: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "ESLint",
    `\n${root}/src/a.js\n  2:5   error    Expected a conditional expression  no-cond-assign\n  2:12  warning  Unexpected 'debugger' statement    no-debugger\n\n✖ 2 problems (1 error, 1 warning)\n`,
    [
      "src/a.js:2 no-cond-assign Expected a conditional expression",
      "src/a.js:2 no-debugger Unexpected 'debugger' statement",
    ],
  ],
  [
    "oxlint",
    "\n  ! eslint(no-debugger): `debugger` statement is not allowed\n   ,-[src/a.js:2:12]\n 1 | const a = 1;\n   `----\n  help: Remove the debugger statement\n\n  × typescript-eslint(no-any): No any\n   ╭─[src/b.ts:1:7]\n\nFound 2 warnings and 0 errors.\n",
    [
      "src/a.js:2 eslint(no-debugger) `debugger` statement is not allowed",
      "src/b.ts:1 typescript-eslint(no-any) No any",
    ],
  ],
  [
    "biome",
    "src/a.js:3:5 lint/correctness/noUnusedVariables  FIXABLE  ━━━━━━\n\n  ! This variable q is unused.\n  \n    1 │ const a = 1;\n  > 3 │ var q = foo;\n\n  i Unsafe fix: If this is intentional, prepend q with an underscore.\n\nsrc/a.js:2:5 lint/suspicious/noAssignInExpressions ━━━━━━\n\n  × The assignment should not be in an expression.\n",
    [
      "src/a.js:3 lint/correctness/noUnusedVariables This variable q is unused.",
      "src/a.js:2 lint/suspicious/noAssignInExpressions The assignment should not be in an expression.",
    ],
  ],
  [
    "tsc",
    "src/b.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    ["src/b.ts:1 TS2322 Type 'string' is not assignable to type 'number'."],
  ],
  [
    "tsc in colours",
    `${esc}[96msrc/b.ts${esc}[0m:${esc}[93m1${esc}[0m:${esc}[93m7${esc}[0m - ${esc}[91merror${esc}[0m${esc}[90m TS2322: ${esc}[0mType 'string' is not assignable to type 'number'.\n\n${esc}[7m1${esc}[0m const x\n`,
    ["src/b.ts:1 TS2322 Type 'string' is not assignable to type 'number'."],
  ],
  [
    "go vet",
    '# m\n# [m]\nvet: ./m.go:3:23: fmt.Printf format %d has arg "s" of wrong type string\n',
    ['m.go:3 lint fmt.Printf format %d has arg "s" of wrong type string'],
  ],
  [
    "gcc",
    "c.c: In function 'main':\nc.c:2:33: warning: format '%s' expects 'char *' [-Wformat=]\n    2 | int main(void)\n      |        ^~\nc.c:2:49: error: expected ';' before '}' token\n",
    ["c.c:2 -Wformat= format '%s' expects 'char *'", "c.c:2 lint expected ';' before '}' token"],
  ],
  [
    "rustc",
    'error[E0308]: mismatched types\n --> src/main.rs:1:25\n  |\n1 | fn main(){ let x: i32 = "s"; }\n\nwarning: unused variable: `x`\n  --> src/main.rs:1:16\n\nerror: could not compile `r` (bin "r") due to 1 previous error\n',
    ["src/main.rs:1 E0308 mismatched types", "src/main.rs:1 lint unused variable: `x`"],
  ],
  [
    "ruff",
    "F401 [*] `os` imported but unused\n --> a.py:1:8\n  |\n1 | import os\n\nFound 1 error.\n",
    ["a.py:1 F401 `os` imported but unused"],
  ],
  ["ruff in short", "pkg/a.py:1:8: F401 [*] `os` imported but unused\n", ["pkg/a.py:1 F401 `os` imported but unused"]],
  [
    "mypy",
    'a.py:3: error: Incompatible return value type (got "int", expected "str")  [return-value]\nFound 1 error in 1 file (checked 1 source file)\n',
    ['a.py:3 return-value Incompatible return value type (got "int", expected "str")'],
  ],
];

test.each(outputs)("what %s prints is read, each finding with its place and rule", (_, output, expected) => {
  const found = readFindings(output, root);
  expect(found.map(({ path, line, rule, message }) => `${path}:${line} ${rule} ${message}`)).toEqual(expected);
});

test("a place outside of the repository is left out, and the finding stays", () => {
  const found = readFindings("/etc/passwd:3:1: error: no\n../up.c:3:1: error: no\nin.c:0:0: error: no\n", root);
  expect(found).toEqual([
    { rule: "lint", message: "no" },
    { rule: "lint", message: "no" },
    { rule: "lint", message: "no", path: "in.c" },
  ]);
});

test("whatever a tool prints, reading it ends, and what is found is bounded", () => {
  const piece = fc.constantFrom(
    "a.c:1:2: ",
    "error",
    " [",
    "] ",
    "  ",
    "(1,2): ",
    "--> ",
    "TS1: ",
    "! ",
    "\n",
    "\t3:4  error  ",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      for (const { message, rule } of readFindings(pieces.join(""), root)) {
        expect(message.length).toBeLessThanOrEqual(1_000);
        expect(rule).not.toBe("");
      }
    }),
    { numRuns: 300 },
  );
  expect(readFindings("a.c:1:2: no\n".repeat(20_000), root)).toHaveLength(10_000);
});
