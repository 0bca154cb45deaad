import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { start } from "./bypass-table.ts";
import { createHistory, type Edits, removeFolder, today } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

const policy = String(start["spec-guard.yaml"]);
const other = (more: Parameters<typeof spec>[0]): Edits => ({
  "tasks/specs/0009-other.md": spec({ id: "0009-other", covers: "[docs/**]", ...more }),
});

/** What is told and lets the change pass, and what it is told of. */
const told: readonly { readonly name: string; readonly base: Edits; readonly words: string }[] = [
  {
    name: "a glob that matches nothing",
    base: { "spec-guard.yaml": policy.replace("[src/**]", "[src/**, python/**]") },
    words: "controls python/**, which matches nothing here",
  },
  {
    name: "a glob with a blank in front",
    base: { "spec-guard.yaml": policy.replace("[src/**]", '[src/**, " lib/**"]') },
    words: "matches nothing here",
  },
  {
    name: "a spec that is not there",
    base: { "spec-guard.yaml": `${policy.replace("specs: any", "specs: [0007-retry, no-such]")}` },
    words: "names the spec no-such, and no spec has that id",
  },
  {
    name: "a folder of specs that is not there",
    base: { "spec-guard.yaml": policy.replace("tasks/specs", "docs/nowhere") },
    words: "there is no spec in docs/nowhere",
  },
  {
    name: "another spec with a date that does not exist",
    base: other({ last_review: "2026-13-45" }),
    words: "0009-other.md cannot be read",
  },
  {
    name: "another spec with a status that nobody knows",
    base: other({ status: "bogus" }),
    words: "0009-other.md cannot be read",
  },
  {
    name: "another spec with a risk that nobody knows",
    base: other({ risk: "extreme" }),
    words: "0009-other.md cannot be read",
  },
  {
    name: "another spec with a key that nobody knows",
    base: other({ more: "colour: red" }),
    words: "colour: unknown field",
  },
  {
    name: "another spec that is stale",
    base: other({ last_review: "2026-10-21" }),
    words: "0009-other was last reviewed 31 days ago",
  },
];

let folder = "";
beforeAll(() => {
  const history = createHistory();
  const root = history.commit(start, { daysAgo: 10 });
  const add = (name: string, base: Edits) => {
    const from = history.commit(base, { parents: [root], daysAgo: 5 });
    history.branch(`${name}-base`, from);
    history.branch(`${name}-head`, history.commit({ "docs/notes.md": "more\n" }, { parents: [from] }));
  };
  for (const [index, { base }] of told.entries()) add(`case-${index}`, base);
  add("quiet", other({ last_review: "2026-10-22" }));
  folder = history.write().folder;
});
afterAll(() => removeFolder(folder));

async function judge(name: string) {
  const io = createTestIo({ cwd: folder, columns: 400 });
  const args = ["--base", `refs/heads/${name}-base`, "--head", `refs/heads/${name}-head`, "--now", today];
  const exit = await guardMain(args, io);
  return { exit, said: io.output() + io.errors() };
}

describe.concurrent("a warning", () => {
  test.for(told.map((each, index) => ({ ...each, index })))("is given for $name", async ({ index, words }) => {
    const { exit, said } = await judge(`case-${index}`);
    expect(said).toContain(words);
    expect(said).toContain("warning");
    expect(exit, said).toBe(0);
  });

  test("is not given where all is in order", async () => {
    const { exit, said } = await judge("quiet");
    expect([exit, said.includes("warning")]).toEqual([0, false]);
  });
});
