import { expect, test } from "vitest";
import { parseConfigFile } from "./config-at-commit.ts";
import { pinLibrary } from "./pin-library.ts";

const pin = { name: "acme", from: "./patterns/acme", sha256: "a".repeat(64) };
const other = `  - { name: other, from: "./patterns/other", sha256: "${"b".repeat(64)}" } # ours\n`;

test.each([
  ["nothing of the kind", "version: 1\n"],
  ["no last line end", "version: 1"],
  ["the template's comment", "version: 1\n#pattern_libraries: []   # none\n"],
  ["an empty list", "version: 1\npattern_libraries: []\nsettings: { model: recipe } # kept\n"],
  ["another library", `version: 1\npattern_libraries:\n${other}settings: {}\n`],
  [
    "this library",
    `version: 1\npattern_libraries:\n  - name: acme\n    from: ./patterns/acme\n    sha256: ${"c".repeat(64)} # old\n${other}`,
  ],
])("a library is pinned in a configuration with %s, and all else stays", (_, text) => {
  const after = pinLibrary(text, pin);
  const before = parseConfigFile(text);
  const { pattern_libraries: pins, ...rest } = parseConfigFile(after);
  expect(pins.filter(({ name }) => name === "acme")).toEqual([pin]);
  expect(pins.filter(({ name }) => name !== "acme")).toEqual(
    before.pattern_libraries.filter(({ name }) => name !== "acme"),
  );
  const { pattern_libraries: _pins, ...unpinned } = before;
  expect(rest).toEqual(unpinned);
  for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
  expect(pinLibrary(after, pin)).toBe(after);
});

test("what cannot be changed line by line is refused with the lines to write", () => {
  const flow = `{ version: 1, pattern_libraries: [] }\n`;
  expect(() => pinLibrary(flow, pin)).toThrow(/write under pattern_libraries:\n {2}- name: acme/);
});
