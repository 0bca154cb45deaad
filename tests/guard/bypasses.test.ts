import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { bypasses, start, type Variant } from "./bypass-table.ts";
import { createHistory, type GitHistory, removeFolder, today } from "./git-history.ts";

interface Judged {
  readonly exit: number;
  readonly said: string;
}

let folder = "";
beforeAll(() => {
  const history = createHistory();
  const root = history.commit(start, { daysAgo: 10 });
  for (const [index, { evil, honest }] of bypasses.entries()) {
    addVariant(history, root, `evil-${index}`, evil);
    addVariant(history, root, `honest-${index}`, honest);
  }
  folder = history.write().folder;
});
afterAll(() => removeFolder(folder));

function addVariant(history: GitHistory, root: number, name: string, variant: Variant): void {
  const { base = {}, head = {}, author } = variant;
  const from = history.commit(base, { parents: [root], daysAgo: 5 });
  const options = { parents: [from], ...(author === undefined ? {} : { author }) };
  const built = variant.history?.(history, from) ?? { base: from, head: history.commit(head, options) };
  history.branch(`${name}-base`, built.base);
  history.branch(`${name}-head`, built.head);
}

async function judge(name: string, { args = [] }: Variant): Promise<Judged> {
  const io = createTestIo({ cwd: folder });
  const named = ["--base", `refs/heads/${name}-base`, "--head", `refs/heads/${name}-head`];
  const exit = await guardMain([...named, ...(args.includes("--now") ? [] : ["--now", today]), ...args], io);
  return { exit, said: io.output() + io.errors() };
}

test("there are at least ninety ways around, no two of the same name", () => {
  expect(new Set(bypasses.map(({ name }) => name)).size).toBe(bypasses.length);
  expect(bypasses.length).toBeGreaterThanOrEqual(90);
});

describe.concurrent("it is refused to", () => {
  test.for(bypasses.map((bypass, index) => ({ ...bypass, index })))(
    "$name",
    async ({ evil, caught, honest, index }) => {
      const refused = await judge(`evil-${index}`, evil);
      expect(refused.said).toContain(caught);
      expect(refused.exit, refused.said).toBe(/^SG\d+$/.test(caught) ? 1 : 2);
      const passed = await judge(`honest-${index}`, honest);
      expect(passed.exit, passed.said).toBe(0);
    },
  );
});
