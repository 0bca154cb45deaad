import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { bypasses, start, type Variant } from "./bypass-table.ts";
import { createHistory, type GitHistory, removeFolder, today } from "./git-history.ts";

interface Judged {
  readonly exit: number;
  readonly said: string;
}

/** Many a change has the same honest twin, which is written and judged once. */
const names = new Map<string, string>();
const nameOf = (variant: Variant, name: string): string => {
  const key = variant.history === undefined ? JSON.stringify(variant) : name;
  const known = names.get(key) ?? name;
  names.set(key, known);
  return known;
};
const judged = new Map<string, Promise<Judged>>();
let folder = "";
beforeAll(() => {
  const history = createHistory();
  const root = history.commit(start, { daysAgo: 10 });
  for (const [index, { evil, honest }] of bypasses.entries()) {
    addVariant(history, root, nameOf(evil, `evil-${index}`), evil);
    addVariant(history, root, nameOf(honest, `honest-${index}`), honest);
  }
  folder = history.write().folder;
});
afterAll(() => removeFolder(folder));

const written = new Set<string>();
function addVariant(history: GitHistory, root: number, name: string, variant: Variant): void {
  if (written.has(name)) return;
  written.add(name);
  const { base = {}, head = {}, author } = variant;
  const from = history.commit(base, { parents: [root], daysAgo: 5 });
  const options = { parents: [from], ...(author === undefined ? {} : { author }) };
  const built = variant.history?.(history, from) ?? { base: from, head: history.commit(head, options) };
  history.branch(`${name}-base`, built.base);
  history.branch(`${name}-head`, built.head);
}

function judge(named: string, variant: Variant): Promise<Judged> {
  const name = nameOf(variant, named);
  const answer = judged.get(name) ?? judgeBranch(name, variant);
  judged.set(name, answer);
  return answer;
}

async function judgeBranch(name: string, { args = [] }: Variant): Promise<Judged> {
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
