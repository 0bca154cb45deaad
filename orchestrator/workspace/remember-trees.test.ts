import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Workspace } from "./create-workspace.ts";
import { workspaceOf } from "./fixtures/temporary-clone.ts";
import { rememberTrees } from "./remember-trees.ts";

/** A workspace that remembers, and how often the real one was asked. */
async function remembered(files: Record<string, string>) {
  const { workspace, root } = await workspaceOf(files);
  const asked = { snapshot: 0, restore: 0, putBack: 0, changeSet: 0 };
  const counting: Workspace = {
    ...workspace,
    snapshot: () => {
      asked.snapshot += 1;
      return workspace.snapshot();
    },
    restore: (tree) => {
      asked.restore += 1;
      return workspace.restore(tree);
    },
    putBack: (tree) => {
      asked.putBack += 1;
      return workspace.putBack(tree);
    },
    changeSet: (tree) => {
      asked.changeSet += 1;
      return workspace.changeSet(tree);
    },
  };
  return { real: workspace, root, asked, workspace: rememberTrees(counting) };
}

test("between two edits the files are looked at once", async () => {
  const { workspace, asked } = await remembered({ a: "1\n" });
  const base = await workspace.snapshot();
  await workspace.files.write("a", "2\n");
  const tree = await workspace.snapshot();
  expect(tree).not.toBe(base);
  const { change } = await workspace.changeSet();
  expect(await workspace.changeSet(tree)).toMatchObject({ change: { tree, paths: [{ path: "a" }] } });
  expect(change.tree).toBe(tree);
  await workspace.putBack(tree);
  await workspace.restore(tree);
  await workspace.restore(tree);
  expect(await workspace.snapshot()).toBe(tree);
  expect(asked).toEqual({ snapshot: 2, restore: 1, putBack: 0, changeSet: 1 });
});

test("after a program worked on the files they are looked at again, and put back whatever it left", async () => {
  const { workspace, root } = await remembered({ a: "1\n", ".gitignore": "ignored\n" });
  const base = await workspace.snapshot();
  await workspace.restore(base);
  workspace.disturb(false);
  writeFileSync(join(root, "a"), "by a program\n");
  writeFileSync(join(root, "ignored"), "left behind\n");
  workspace.disturb(false);
  expect(await workspace.snapshot()).not.toBe(base);
  await workspace.restore(base);
  expect(await workspace.snapshot()).toBe(base);
  expect(() => rmSync(join(root, "ignored"))).toThrow("ENOENT");
});

test("where a program may linger, nothing is remembered any more", async () => {
  const { workspace, root } = await remembered({ a: "1\n" });
  workspace.disturb(true);
  const base = await workspace.snapshot();
  writeFileSync(join(root, "a"), "by what lingers\n");
  expect(await workspace.snapshot()).not.toBe(base);
  await workspace.restore(base);
  writeFileSync(join(root, "a"), "once more\n");
  expect(await workspace.snapshot()).not.toBe(base);
});

test("a look that was under way when an edit began is not kept", async () => {
  const { workspace, real } = await remembered({ a: "1\n" });
  const [before] = await Promise.all([workspace.snapshot(), workspace.files.write("a", "2\n")]);
  expect(await workspace.snapshot()).toBe(await real.snapshot());
  expect(await workspace.snapshot()).not.toBe(before);
});

test("a refused edit and a failed restore leave nothing that is wrong", async () => {
  const { workspace, real } = await remembered({ a: "1\n" });
  await workspace.snapshot();
  await expect(workspace.files.editExact("a", "not there", "x")).rejects.toMatchObject({ code: "edit_refused" });
  await expect(workspace.restore("0".repeat(40))).rejects.toMatchObject({ code: "workspace_lost" });
  expect(await workspace.snapshot()).toBe(await real.snapshot());
});

test("whatever is done, in any order, the answer is that of a workspace that remembers nothing", async () => {
  const { workspace, real, root } = await remembered({ a: "1\n", b: "2\n" });
  const trees = [await workspace.snapshot()];
  const deeds = fc.oneof(
    fc.record({
      do: fc.constant("write" as const),
      path: fc.constantFrom("a", "b", "c"),
      text: fc.constantFrom("x", "y"),
    }),
    fc.record({ do: fc.constantFrom("restore" as const, "putBack" as const), tree: fc.nat() }),
    fc.record({
      do: fc.constant("program" as const),
      path: fc.constantFrom("a", "d"),
      text: fc.constantFrom("p", "q"),
    }),
    fc.record({ do: fc.constantFrom("snapshot" as const, "changeSet" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { maxLength: 8 }), async (steps) => {
      for (const step of steps) {
        if (step.do === "write") await workspace.files.write(step.path, step.text);
        else if (step.do === "restore" || step.do === "putBack")
          await workspace[step.do](trees[step.tree % trees.length] ?? "");
        else if (step.do === "program") {
          workspace.disturb(false);
          writeFileSync(join(root, step.path), step.text);
          workspace.disturb(false);
        } else if (step.do === "snapshot") trees.push(await workspace.snapshot());
        else await workspace.changeSet();
      }
      const tree = await workspace.snapshot();
      expect(tree).toBe(await real.snapshot());
      expect(await workspace.changeSet()).toEqual(await real.changeSet(tree));
    }),
    { numRuns: 15 },
  );
});
