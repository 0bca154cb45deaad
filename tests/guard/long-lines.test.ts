import { expect, test } from "vitest";
import { checkOff } from "../../orchestrator/evidence/guard/check-off.ts";
import { parseChecklist } from "../../orchestrator/evidence/guard/checklist.ts";
import { readPlainHeader } from "../../orchestrator/evidence/guard/spec-header.ts";
import { readTaskFile } from "../../orchestrator/evidence/guard/task-files.ts";
import { foldPath } from "../../orchestrator/gates/fold-path.ts";
import { globProblem } from "../../orchestrator/gates/glob.ts";
import { isSamePerson } from "../../orchestrator/gates/judge-spec.ts";

/** A quarter of what a document may have. What looks at each character for each other one would need minutes for it. */
const length = 250_000;
const fill = (text: string) => text.repeat(Math.ceil(length / text.length));

const readers: readonly (readonly [name: string, read: (text: string) => unknown])[] = [
  ["a checklist", (text) => parseChecklist(`- [ ] ${text}`)],
  ["marks of a checklist", (text) => parseChecklist(text)],
  ["an item that is checked off", (text) => checkOff(`- [ ] ${text}`, "(x)")],
  ["a task", (text) => readTaskFile("t.md", { mode: "100644", object: "" }, Buffer.from(`---\nid: "${text}x\n---\n`))],
  ["a spec's header", (text) => readPlainHeader(Buffer.from(`---\nid: ${text}\ncovers: [${text}]\n---\n`))],
  ["a path", (text) => foldPath(`${text}x`)],
  ["an address", (text) => isSamePerson(text, { name: text, email: `${text}x` })],
  ["a glob", (text) => globProblem(text.slice(0, 1024))],
];
const texts = [
  "[",
  "](",
  "[a](",
  "[a](b.json ",
  " ",
  ". ",
  "+",
  "<",
  "`",
  "~",
  "> ",
  "- ",
  "1) ",
  "\u2028",
  "{",
  "{,",
  "a/",
  '"',
  "\t'",
];

test.each(readers)("%s of 250,000 characters is read in one go", (_, read) => {
  for (const text of texts) expect(() => read(fill(text)), text).not.toThrow();
});
