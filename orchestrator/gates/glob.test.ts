import fc from "fast-check";
import picomatch from "picomatch/posix.js";
import { expect, test } from "vitest";
import { compileFoldedGlobs, compileGlobs, escapeGlob, globProblem, isGlobInside, literalPathOf } from "./glob.ts";

test.each([
  ["src/**", "src/a.ts", true],
  ["src/**", "src/deep/er/a.ts", true],
  ["src/**", "src", true],
  ["src/**", "srcs/a.ts", false],
  ["**", ".hidden/file", true],
  ["*", "a/b", false],
  ["**/*.ts", "a.ts", true],
  ["**/*.ts", "a/b/c.ts", true],
  ["**/*.ts", "a/b/c.tsx", false],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b", true],
  ["a/**/b", "a/x/y/c", false],
  ["src/{a,b}/*.{ts,js}", "src/b/x.js", true],
  ["src/{a,b}/*.{ts,js}", "src/c/x.js", false],
  ["{,docs/}OWNERS", "OWNERS", true],
  ["a{b,c{d,e}}f", "acef", true],
  ["file-?.txt", "file-1.txt", true],
  ["file-?.txt", "file-12.txt", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["app/[id]/page.tsx", "app/[id]/page.tsx", true],
  ["app/[id]/page.tsx", "app/i/page.tsx", true],
  ["app/\\[id\\]/*", "app/[id]/page.tsx", true],
  ["app/(group)/*", "app/(group)/page.tsx", true],
  ["{{cookiecutter.slug}}/x", "{{cookiecutter.slug}}/x", true],
  ["caf\u00e9/*", "cafe\u0301/menu", true],
  ["src/**", "SRC/a.ts", false],
])("the glob %s says of %s: %s", (glob, path, matches) => {
  expect(compileGlobs([glob])(path)).toBe(matches);
});

test.each([
  ["/etc/**", "begins with a slash"],
  ["!src/**", 'begins with "!"'],
  ["src/", "empty segment"],
  ["src//a", "empty segment"],
  ["./src", 'the segment "."'],
  ["src/../etc", 'the segment ".."'],
  ["@(a|b)", "group"],
  ["src/!(a)", "group"],
  ["(a|b)/x", "braces"],
  ["[!a]", "[^"],
  ["[[:alpha:]]", "between brackets"],
  ["[ab", 'without its "]"'],
  ["[z-a]", "backwards"],
  ["[]", "empty brackets"],
  ["{a,b", 'without its "}"'],
  ["{1..9}", "range in braces"],
  ["a\\", "before nothing"],
  ["{a,b}".repeat(12), "alternatives"],
])("the glob %s is refused, saying why", (glob, reason) => {
  expect(globProblem(glob)).toContain(reason);
  expect(() => compileGlobs([glob])).toThrow(expect.objectContaining({ code: "document_invalid" }));
});

test.each([
  ["src/a/**", "src/**", true],
  ["src/**", "src/**", true],
  ["src/*.ts", "src/**", true],
  ["src/**/*.ts", "src/**", true],
  ["src/a.ts", "src/*.ts", true],
  ["src/{a,b}/x", "src/*/x", true],
  ["src/ab*.ts", "src/a*", true],
  ["**", "src/**", false],
  ["src/**", "src/*", false],
  ["*/a", "src/*", false],
  ["src/**", "{src,lib}/**", true],
  ["{src,etc}/**", "{src,lib}/**", false],
  ["s*/**", "src/**", false],
  ["src/**/../x", "src/**", null],
])("it is provable that %s lies inside %s: %s", (inner, outer, inside) => {
  if (inside === null) expect(() => isGlobInside(inner, outer)).toThrow();
  else expect(isGlobInside(inner, outer)).toBe(inside);
});

test("a glob of many stars is decided in reasonable time, although it nearly matches", () => {
  const matches = compileGlobs([`${"*a".repeat(60)}c`, `${"**/a/".repeat(60)}c`]);
  expect(matches(`${"a".repeat(4000)}b`)).toBe(false);
  expect(matches(`${"a/".repeat(2000)}b`)).toBe(false);
});

test.each([".GIT/config", "sub/.Git/hooks/x", ".g\u200cit/config", ".git./config", ".git /config"])(
  "a forbidding glob also matches the spelling %j",
  (path) => {
    expect(compileFoldedGlobs(["**/.git/**"])(path)).toBe(true);
    expect(compileGlobs(["**/.git/**"])(path)).toBe(false);
  },
);

test("a forbidding glob leaves other names alone", () => {
  expect(compileFoldedGlobs(["**/.git/**"])(".gitignore")).toBe(false);
  expect(compileFoldedGlobs(["Dockerfile"])("src/dockerfile.ts")).toBe(false);
});

test("only a glob without wildcards names one path", () => {
  expect(literalPathOf("src/\\[id\\].ts")).toBe("src/[id].ts");
  expect(literalPathOf("src/*.ts")).toBeNull();
  expect(literalPathOf("src/{a,b}.ts")).toBeNull();
});

const name = fc.stringMatching(/^[ab.](?:[abA.x-]{0,3}[abx])?$/).filter((text) => !/^\.+$/.test(text));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const segment = fc.oneof(
  name,
  fc.constant("**"),
  fc
    .array(fc.constantFrom("a", "b", "*", "?", "[ab]", "[^a]", "{a,bx}", "x"), { minLength: 1, maxLength: 4 })
    .map((units) => units.join("").replaceAll(/\*+/g, "*")),
);
const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

test("a glob means what picomatch says it means", () => {
  // The one known difference: picomatch reads a last `**` after a wildcard as one name or more, and as none or more elsewhere.
  const comparable = glob.filter((text) => !/[*?\]}][^/]*(?:\/\*\*)+$/.test(text));
  fc.assert(
    fc.property(comparable, path, (text, candidate) => {
      expect(compileGlobs([text])(candidate)).toBe(picomatch(text, { dot: true })(candidate));
    }),
    { numRuns: 3000 },
  );
});

test("what a glob inside another matches, the other matches too", () => {
  const related = fc.oneof(
    fc.tuple(glob, glob),
    glob.map((text): [string, string] => [text, text.replace(/[^/]+$/, "**")]),
  );
  fc.assert(
    fc.property(related, path, ([inner, outer], candidate) => {
      if (!isGlobInside(inner, outer) || !compileGlobs([inner])(candidate)) return;
      expect(compileGlobs([outer])(candidate)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("an escaped path matches itself and nothing else", () => {
  const odd = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => globProblem(escapeGlob(text)) === null);
  fc.assert(
    fc.property(odd, odd, (left, right) => {
      const same = left.normalize("NFC") === right.normalize("NFC");
      expect(compileGlobs([escapeGlob(left)])(right)).toBe(same);
      expect(compileGlobs([escapeGlob(left)])(left)).toBe(true);
    }),
  );
});
