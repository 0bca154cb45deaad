import fc from "fast-check";
import { expect, test } from "vitest";
import {
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { noRules } from "./ignore-rules.ts";
import { walkFolder } from "./walk-folder.ts";

const name = fc.constantFrom("a", "b", "ab.js", "b.ts", "c d.js", "[x].js", "é.js");
const glob = fc.constantFrom(
  "a",
  "*.js",
  "b*",
  "a/b",
  "**/b.ts",
  "a/**",
  "?.ts",
  "[ab]",
  "\\[x].js",
  "c\\ d.js",
  "é.js",
  "a/*/b.ts",
);
const line = fc
  .tuple(fc.constantFrom("", "", "!"), fc.constantFrom("", "", "/"), glob, fc.constantFrom("", "", "/", "  ", "\r"))
  .map((parts) => parts.join(""));
const lines = fc
  .array(fc.oneof(line, fc.constantFrom("", "# a", "\\#a")), { maxLength: 5 })
  .map((each) => each.join("\n"));
const folder = fc.constantFrom("", "a/", "b/", "a/b/", "a/b/a/");
const tree = fc.record({
  files: fc.array(fc.tuple(folder, name), { minLength: 4, maxLength: 14 }),
  ignores: fc.array(fc.tuple(folder, lines), { minLength: 1, maxLength: 3 }),
});

test("the walk lists what git would, for any ignore files in any folders", async () => {
  const root = temporaryRepository({});
  await fc.assert(
    fc.asyncProperty(tree, async ({ files, ignores }) => {
      const content: Record<string, string> = {};
      for (const [place, text] of ignores) content[`${place}.gitignore`] = text;
      for (const [place, file] of files) if (/\./.test(file)) content[`${place}${file}`] = "";
      git(root, "clean", "-fdxq");
      writeFiles(root, content);
      const listed = git(root, "-c", "core.quotePath=false", "ls-files", "--others", "--exclude-standard", "-z");
      const expected = listed.split("\0").filter((path) => /\.[jt]s$/.test(path));
      const walked = await walkFolder({ root, folder: "", isWanted: (each) => /\.[jt]s$/.test(each) });
      expect(walked.files).toEqual(expected.sort());
    }),
    { numRuns: 25 },
  );
});

test("a last line that ends in half a Windows line break is a line like any other", () => {
  const rules = noRules.with("a", "!b\r");
  expect(rules.isIgnored("a/b")).toBe(false);
  expect(rules.isIgnored("a/c")).toBe(false);
  expect(noRules.with("a", "b\r").isIgnored("a/d/b")).toBe(true);
});

test("ignore files above the named folder count, and so does the repository's own list, which is not committed", async () => {
  const root = temporaryRepository({ ".gitignore": "*.tmp.js\n/src/out/\n", "src/.gitignore": "!keep.tmp.js\n" });
  writeFiles(root, {
    ".git/info/exclude": "mine.js\n",
    "src/app/a.js": "",
    "src/app/b.tmp.js": "",
    "src/app/keep.tmp.js": "",
    "src/app/mine.js": "",
    "src/out/c.js": "",
  });
  const walk = (folder: string) => walkFolder({ root, folder, isWanted: () => true });
  expect((await walk("src/app")).files).toEqual(["src/app/a.js", "src/app/keep.tmp.js"]);
  expect((await walk("src/out")).files).toEqual([]);
});

test("a repository inside of the repository is left alone, and a loop of links ends nothing", async () => {
  const root = temporaryFolder();
  writeFiles(root, {
    "a.js": "",
    "inner/.git": "gitdir: elsewhere\n",
    "inner/b.js": "",
    "round/c.js": "",
    "round/again": { link: ".." },
  });
  const { files, skipped } = await walkFolder({ root, folder: "", isWanted: (each) => each.endsWith(".js") });
  expect(files).toEqual(["a.js", "round/c.js"]);
  expect(skipped).toEqual([{ path: "inner/", reason: "another git repository" }]);
});
