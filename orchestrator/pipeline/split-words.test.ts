import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteForShell } from "../cli/hints.ts";
import { splitWords } from "./split-words.ts";

test.each([
  ["npm run build", ["npm", "run", "build"]],
  [`node -e "console.log('a b')"`, ["node", "-e", "console.log('a b')"]],
  ["a'b'\"c\"d  e\\ f", ["abcd", "e f"]],
  ['echo "" x', ["echo", "", "x"]],
])("%s is taken apart as a shell would", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test.each(["a && b", "a | b", "a > b", "echo $HOME", "ls *.ts", "a; b"])("%s needs a shell and is refused", (line) => {
  expect(() => splitWords(line)).toThrow(expect.objectContaining({ code: "usage" }));
});

test.each(["", "  ", "echo 'a", 'echo "a'])("%j is no command line", (line) => {
  expect(() => splitWords(line)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("words that are quoted for a shell come back as they were", () => {
  const word = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(splitWords(words.map(quoteForShell).join(" "))).toEqual(words);
    }),
  );
});
