import { expect, test } from "vitest";
import { parseStrictYaml } from "./strict-yaml.ts";

const source = { file: "file.yaml", code: "config_invalid" } as const;

test("plain YAML is read by the core schema", () => {
  const text = "a: 1\nb: [yes, 2026-11-20, null, 1e3]\nc:\n  d: |\n    two\n    lines\n'e f': \"\\u00e9\"\n";
  expect(parseStrictYaml(text, source).value).toEqual({
    a: 1,
    b: ["yes", "2026-11-20", null, 1000],
    c: { d: "two\nlines\n" },
    "e f": "\u00e9",
  });
});

test("a comment, an opening line and a byte order mark do no harm", () => {
  expect(parseStrictYaml("\ufeff# hello\n---\na: 1 # one\n", source).value).toEqual({ a: 1 });
});

test.each([
  ["a duplicate key", "a: 1\nb: 2\na: 3", 3, "unique"],
  ["a duplicate key in quotes", "a: 1\n'a': 3", 2, "unique"],
  ["an anchor", "a: 1\nb: &x 1", 2, "the anchor &x"],
  ["an alias", "a: 1\nb: *x", 2, "alias"],
  ["a tag", "a: !!str 1", 1, "the tag"],
  ["an unknown tag", "a:\n  - !js/function 1", 2, "the tag"],
  ["a merge key", "a: 1\n<<: {b: 1}", 2, "a merge key"],
  ["a merge key in quotes", "'<<': {b: 1}", 1, "a merge key"],
  ["a version directive", "%YAML 1.1\n---\na: yes", 1, "a YAML directive"],
  ["a tag directive", "%TAG ! tag:example.com,2000:\n---\na: 1", 1, "a YAML directive"],
  ["a second document", "a: 1\n---\nb: 2", 2, "multiple documents"],
  ["a key that is a list", "? [a]\n: 1", 1, "keys must be strings"],
  ["a control character", "a: 1\nb: \u0007", 2, "a control character"],
  ["an unfinished string", "a: 'x\nb: 1", 2, "quote"],
  ["bad indentation", "a:\n  b: 1\n c: 2", 3, ""],
  ["deep nesting", `a: ${"[".repeat(40)}${"]".repeat(40)}`, 1, "nested more than 32 deep"],
  ["a bomb of brackets", "[".repeat(9000), 1, ""],
  ["a larger bomb of brackets", "[ {a: ".repeat(40_000), 1, "more than 10000 opening brackets"],
  ["a text without an end", "a".repeat(300_000), 1, "more than 262144 characters"],
])("%s is refused with its line", (_, text, line, message) => {
  const parse = () => parseStrictYaml(text, source);
  expect(parse).toThrow(expect.objectContaining({ code: "config_invalid" }));
  expect(parse).toThrow(new RegExp(`^file\\.yaml:${line}: .*${message}`));
});

test("32 levels are not too deep", () => {
  expect(() => parseStrictYaml(`${"[".repeat(32)}${"]".repeat(32)}`, source)).not.toThrow();
  expect(() => parseStrictYaml(`${"{a: ".repeat(31)}[]${"}".repeat(31)}`, source)).not.toThrow();
  expect(() => parseStrictYaml(`${"{a: ".repeat(32)}[]${"}".repeat(32)}`, source)).toThrow("nested more than 32 deep");
});

test("a value, and a key of a map, are found by their line in the whole file", () => {
  const yaml = parseStrictYaml("a:\n  - x\n  - y\nb:\n  c: 1\n", { ...source, firstLine: 10 });
  expect(yaml.lineOf(["a", 1])).toBe(12);
  expect(yaml.lineOf(["b"], "c")).toBe(14);
  expect(yaml.lineOf(["b", "missing", "deeper"])).toBe(14);
  expect(yaml.lineOf([])).toBe(10);
});
