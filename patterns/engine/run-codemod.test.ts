import { expect, test } from "vitest";
import type { Codemod, Splice } from "./codemod.ts";
import { checkText, isCandidateFor, transformText } from "./run-codemod.ts";
import { plainName } from "./syntax.ts";

/** Renames `old` to whatever `rename` says; a codemod without care of its own, so that the engine's care shows. */
function renaming(rename: (at: Splice) => readonly Splice[]): Codemod {
  return {
    id: "rename",
    version: "1.0.0",
    title: "",
    description: "",
    keywords: [],
    languages: ["javascript", "typescript"],
    prefilter: (text) => text.includes("old"),
    scan: (source) => ({
      rewrites: source
        .nodesOfType("Identifier")
        .filter(({ node }) => plainName(node) === "old")
        .map(({ node }) => ({
          at: node.start,
          reason: "old is called new",
          splices: rename({ start: node.start, end: node.end, text: "fresh" }),
        })),
      refusals: source
        .nodesOfType("Identifier")
        .filter(({ node }) => node.name === "older")
        .map(({ node }) => ({ at: node.start, reason: "older is too old" })),
    }),
  };
}

const rename = renaming((splice) => [splice]);

test("a change reports both texts and its edits in text order, offsets in UTF-16 units", () => {
  const before = "const 𝒳 = '😀'; old(old);";
  expect(transformText(rename, "a.js", before)).toEqual({
    path: "a.js",
    status: "changed",
    before,
    after: "const 𝒳 = '😀'; fresh(fresh);",
    edits: [
      { start: 17, end: 20, text: "fresh", reason: "old is called new" },
      { start: 21, end: 24, text: "fresh", reason: "old is called new" },
    ],
  });
  expect(before.slice(17, 20)).toBe("old");
});

test("a byte order mark stays, and offsets count without it", () => {
  const result = transformText(rename, "a.ts", "\uFEFFold;\n");
  expect(result).toMatchObject({ before: "\uFEFFold;\n", after: "\uFEFFfresh;\n", edits: [{ start: 0, end: 3 }] });
});

test("line ends stay as they are, mixed ones too, and a missing last one stays missing", () => {
  const before = "#!/usr/bin/env node\r\nold;\r\n\n`\r\nold`\u2028old;\r'x\\\r\ny';old";
  expect(transformText(rename, "a.js", before)).toMatchObject({
    after: "#!/usr/bin/env node\r\nfresh;\r\n\n`\r\nold`\u2028fresh;\r'x\\\r\ny';fresh",
  });
});

test("lines of findings count every kind of line end once, and not the mark", () => {
  const lines = checkText(rename, "a.js", "\uFEFFold;\r\nold;\rold;\nold").map(({ line }) => line);
  expect(lines).toEqual([1, 2, 3, 4]);
});

test("a file of another language is skipped and is no candidate", () => {
  for (const path of ["a.md", "a.json", "a.py", "old", "a.js.map", "ts"]) {
    expect(isCandidateFor(rename, path, "old")).toBe(false);
    expect(transformText(rename, path, "old")).toEqual({
      path,
      status: "skipped",
      reason: "not a file of javascript or typescript",
    });
  }
  for (const path of ["a.js", "a.mjs", "a.cjs", "a.jsx", "a.ts", "a.mts", "a.cts", "a.tsx", "a.d.ts"]) {
    expect(isCandidateFor(rename, path, "old")).toBe(true);
  }
});

test("a text without the word is no candidate and is not parsed", () => {
  expect(isCandidateFor(rename, "a.js", "((((")).toBe(false);
  expect(transformText(rename, "a.js", "((((")).toEqual({ path: "a.js", status: "unchanged" });
});

test("a text that cannot be parsed is skipped, with the line and what the parser said", () => {
  const result = transformText(rename, "a.ts", "old;\nlet let x;");
  expect(result).toMatchObject({ status: "skipped", reason: expect.stringMatching(/^parse error: line 2: .+/) });
  expect(checkText(rename, "a.ts", "old;\nlet let x;")).toEqual([]);
});

test("syntax that only some files allow is read where it is allowed", () => {
  const changes = (path: string, text: string) => transformText(rename, path, text).status === "changed";
  expect(changes("a.js", "return old")).toBe(true);
  expect(changes("a.js", "with (x) old")).toBe(true);
  expect(changes("a.js", "x = <b>{old}</b>")).toBe(true);
  expect(changes("a.js", "await old; export {}")).toBe(true);
  expect(changes("a.ts", "x = <b>old")).toBe(true);
  expect(changes("a.tsx", "x = <b>{old}</b>")).toBe(true);
  expect(changes("a.ts", "@old class A { @old() b = old!; }")).toBe(true);
  expect(changes("a.ts", "x = <b>{old}</b>")).toBe(false);
  expect(changes("a.mjs", "return old")).toBe(false);
});

test("a file that is left out says why, before anything is parsed", () => {
  expect(transformText(rename, "vendor/a.js", "old ((((")).toMatchObject({
    reason: expect.stringContaining("vendored"),
  });
});

test("edits that overlap leave the file alone", () => {
  const twice = renaming((splice) => [splice, { ...splice, end: splice.end + 1 }]);
  expect(transformText(twice, "a.js", "x;\nold;")).toEqual({
    path: "a.js",
    status: "skipped",
    reason: "overlapping edits at line 2",
  });
});

test("a result that would not parse leaves the file alone", () => {
  const breaking = renaming((splice) => [{ ...splice, text: "(" }]);
  expect(transformText(breaking, "a.js", "old;")).toMatchObject({
    status: "skipped",
    reason: expect.stringMatching(/^the result cannot be parsed: parse error: line 1/),
  });
});

test("a result that would change again leaves the file alone", () => {
  const growing = renaming((splice) => [{ ...splice, text: "x;\nold" }]);
  expect(transformText(growing, "a.js", "old;")).toEqual({
    path: "a.js",
    status: "skipped",
    reason: "not idempotent: line 2 would change again",
  });
  expect(checkText(growing, "a.js", "old;")).toEqual([]);
});

test("a file with nothing but refusals is skipped with the first reason and how many more there are", () => {
  expect(transformText(rename, "a.js", "x;\nolder;\nolder;")).toEqual({
    path: "a.js",
    status: "skipped",
    reason: "older is too old (line 2, and 1 more)",
  });
  expect(transformText(rename, "a.js", "older; old;")).toMatchObject({ status: "changed", after: "older; fresh;" });
});

test("code inside of a declared foreign module is not touched", () => {
  const text = "declare module 'x' { export const old: 1; } namespace y { old; }";
  expect(transformText(rename, "a.ts", text)).toMatchObject({ after: text.replace("{ old", "{ fresh") });
});

test("an edit that runs into the word beside it is not made, although the result would parse", () => {
  const unbracket = renaming(({ start, end }) => [{ start: start - 1, end: end + 1, text: "fresh" }]);
  expect(transformText(unbracket, "a.js", "() => { return(old) };")).toEqual({
    path: "a.js",
    status: "skipped",
    reason: "an edit would run into the word beside it at line 1",
  });
  expect(transformText(unbracket, "a.js", "f = (old);")).toMatchObject({ after: "f = fresh;" });
});
