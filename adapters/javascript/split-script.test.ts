import fc from "fast-check";
import { expect, test } from "vitest";
import { splitScript } from "./split-script.ts";

test.each([
  ["jest", [["jest"]]],
  [
    "  tsc -p . &&mocha 'test/**/*.js' ",
    [
      ["tsc", "-p", "."],
      ["mocha", "test/**/*.js"],
    ],
  ],
  ['A="b c" node --test "x y"', [["A=b c", "node", "--test", "x y"]]],
  ["echo a\\ b c#d", [["echo", "a b", "c#d"]]],
  ["mocha $(find test -name x) `ls`", [["mocha", "$(find test -name x)", "`ls`"]]],
  ["jest > out.txt 2>&1", [["jest", ">", "out.txt", "2>&1"]]],
  ["jest $FLAGS", [["jest", "$FLAGS"]]],
])("%j is %j", (script, commands) => {
  expect(splitScript(script)).toEqual(commands);
});

test.each([
  "jest || true",
  "jest; echo done",
  "tape test.js | tap-spec",
  "server & jest",
  "(jest)",
  "jest # --coverage",
  "jest\nmocha",
  "jest 'open",
  "echo $(a $(b))",
  "&& jest",
  "jest &&",
  "",
])("%j is not a chain of plain commands", (script) => {
  expect(splitScript(script)).toBeNull();
});

test("what is quoted comes back as it was, and no text is an exception", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
      expect(splitScript(`run ${quoted.join(" ")}`)).toEqual([["run", ...words]]);
    }),
  );
  fc.assert(fc.property(fc.string(), (any) => splitScript(any) === null || splitScript(any) !== undefined));
});
