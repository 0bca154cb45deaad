import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { start } from "./bypass-table.ts";
import { createHistory, type Edits, removeFolder, today } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

/** More specs than are asked for one by one. */
const parts = ["a", "b", "c", "d", "e", "f"];
const ana = "Ana <ana@example.com>";
const fileOf = (part: string) => `tasks/specs/${part}.md`;
const textOf = (part: string, body = `${part}\n`) => spec({ id: part, covers: `[src/${part}/**]`, body });
const all = (write: (part: string) => Edits): Edits => Object.assign({}, ...parts.map(write));
const code = all((part) => ({ [`src/${part}/x.ts`]: "better\n" }));
const honestSpecs = all((part) => ({ [fileOf(part)]: textOf(part) }));

let folder = "";
beforeAll(() => {
  const history = createHistory();
  const base = history.commit(start, { daysAgo: 10 });
  const add = (name: string, head: number) => history.branch(name, head);
  const others = history.commit(honestSpecs, { parents: [base], author: "Cid <cid@example.com>" });
  add("honest", history.commit(code, { parents: [others] }));
  const own = history.commit({ [fileOf("c")]: textOf("c", "mine\n") }, { parents: [others], author: ana });
  add("own", history.commit(code, { parents: [own] }));
  const touched = history.commit({ [fileOf("c")]: `${textOf("c", "mine\n")}\n` }, { parents: [own] });
  add("touched", history.commit(code, { parents: [touched] }));
  const aside = history.commit(
    { [fileOf("c")]: textOf("c", "aside\n") },
    { parents: [own], author: "Dan <d@example.com>" },
  );
  const merged = history.commit({ "docs/notes.md": "merged\n" }, { parents: [touched, aside] });
  add("merged", history.commit(code, { parents: [merged] }));
  const back = history.commit({ [fileOf("c")]: textOf("c") }, { parents: [own], author: "Cid <cid@example.com>" });
  add("taken-back", history.commit(code, { parents: [back] }));
  history.branch("base", base);
  folder = history.write().folder;
});
afterAll(() => removeFolder(folder));

test.each([
  ["honest", 0],
  ["own", 1],
  ["touched", 1],
  ["merged", 1],
  ["taken-back", 0],
])("of many specs at once the author is found in a history that is %s", async (name, exit) => {
  const io = createTestIo({ cwd: folder });
  const argv = ["--base", "refs/heads/base", "--head", `refs/heads/${name}`, "--now", today];
  expect(await guardMain(argv, io), io.output()).toBe(exit);
  const found = io.output().match(/error SG\d+ {2}\S+/g) ?? [];
  expect(found).toEqual(exit === 0 ? [] : ["error SG001  src/c/x.ts", "error SG011  tasks/specs/c.md"]);
});
