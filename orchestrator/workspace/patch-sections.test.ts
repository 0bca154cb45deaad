import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workspaceOf } from "./fixtures/temporary-clone.ts";
import { writeFiles } from "./fixtures/temporary-repository.ts";
import { sectionsOf } from "./patch-sections.ts";

test("each changed path has its own part of the patch, whatever its content looks like", async () => {
  const { workspace, root } = await workspaceOf({ "a b": "1\n", gone: "g\n", typed: "x\n" });
  const trap = "x\r\ndiff --git a/z b/z\n\u2028diff --git a/y b/y\n";
  writeFiles(root, { "a b": `2\n${trap}`, "neu ü": trap, bin: Buffer.from([0, 1, 2, 3]) });
  await workspace.files.remove("gone");
  await workspace.files.remove("typed");
  writeFiles(root, { typed: { link: "a b" } });
  writeFileSync(join(root, "diff --git"), "diff --git a/x b/x\n");
  const { change, patch } = await workspace.changeSet();
  const sections = sectionsOf(patch, change.paths);
  expect(sections.map(({ path }) => path)).toEqual(change.paths.map(({ path }) => path));
  expect(sections.map(({ start, end }) => patch.slice(start, end)).join("")).toBe(patch);
  for (const { path, start, end } of sections) {
    const [first = "", ...rest] = patch.slice(start, end).split("\ndiff --git ");
    expect(first.startsWith("diff --git ") && first.includes(path === "neu ü" ? "neu" : path)).toBe(true);
    expect(rest).toHaveLength(path === "typed" ? 1 : 0);
  }
});

test("a patch that does not fit its paths is refused", () => {
  expect(() => sectionsOf("diff --git a/a b/a\ndiff --git a/b b/b\n", [])).toThrowError(/2 diffs for 0/);
});
