import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { git, temporaryFolder, writeFiles } from "./fixtures/temporary-repository.ts";
import { compileIgnoreRules } from "./ignore-rules.ts";

const files = [
  "a",
  "x/a",
  "x/y/a",
  "x/y/b.log",
  "b.log",
  "x/b.log",
  "x/keep.log",
  "z[1]/a",
  "z[1]/b",
  "z1/a",
  "x y/a",
  "x/#a",
  "x/!a",
];

/** A repository where what git itself takes for ignored can be compared with what the one compiled list says. */
function comparison(): (ignoreFiles: Record<string, string>) => { git: string; compiled: string } {
  const root = temporaryFolder();
  git(root, "init", "-q");
  writeFiles(root, Object.fromEntries(files.map((path) => [path, ""])));
  const list = join(root, ".git", "compiled");
  const others = (option: string) => git(root, "ls-files", "--others", option);
  return (ignoreFiles) => {
    writeFiles(root, ignoreFiles);
    writeFileSync(list, compileIgnoreRules(Object.entries(ignoreFiles).map(([path, text]) => ({ path, text }))));
    return { git: others("--exclude-per-directory=.gitignore"), compiled: others(`--exclude-from=${list}`) };
  };
}

test.each([
  ["names anywhere below", { "x/.gitignore": "a\n" }],
  ["anchored names", { "x/.gitignore": "/a\n/y/b.log\n", ".gitignore": "/b.log\n" }],
  ["a deeper file that takes back", { ".gitignore": "*.log\n", "x/.gitignore": "!keep.log\n" }],
  ["folders", { ".gitignore": "y/\n", "x/.gitignore": "a/\n" }],
  ["a path in the middle", { "x/.gitignore": "y/a\n" }],
  ["a folder whose name is a glob", { "z[1]/.gitignore": "/a\n" }],
  ["comments, blanks, CRLF and a byte order mark", { "x/.gitignore": "\uFEFF# no\r\n\r\n*.log\r\n" }],
  ["escapes and trailing blanks", { "x/.gitignore": "\\#a\n\\!a\nb.log   \n" }],
])("compiled rules mean what git takes from the files: %s", (_, ignoreFiles) => {
  const { git: wanted, compiled } = comparison()(ignoreFiles);
  expect(compiled).toBe(wanted);
  expect(wanted.split("\n").length).toBeLessThan(files.length + 2);
});

const rule = fc.constantFrom(
  "a",
  "/a",
  "*.log",
  "!*.log",
  "y/",
  "y/a",
  "!a",
  "**/a",
  "x/**",
  "/x/y",
  "b*",
  "[ab]",
  "?",
  "x y/a",
  "# a",
  " a",
  "a ",
);
const rules = fc.array(rule, { maxLength: 4 }).map((lines) => lines.map((line) => `${line}\n`).join(""));

test("compiled rules mean what git takes from any files", () => {
  const folders = fc.record({
    ".gitignore": rules,
    "x/.gitignore": rules,
    "x/y/.gitignore": rules,
    "z[1]/.gitignore": rules,
  });
  const compare = comparison();
  fc.assert(
    fc.property(folders, (ignoreFiles) => {
      const { git: wanted, compiled } = compare(ignoreFiles);
      expect(compiled).toBe(wanted);
    }),
    { numRuns: 30 },
  );
});

test("rules of a folder whose name holds a line break are left out, so that its files count", () => {
  expect(compileIgnoreRules([{ path: "a\nb/.gitignore", text: "*\n" }])).toBe("");
});
