import { expect, test } from "vitest";
import { createTreeReader } from "./create-tree-reader.ts";
import { workspaceOf } from "./fixtures/temporary-clone.ts";
import { createPrivateGit } from "./git-directory.ts";

test("files are read as the base and as a snapshot have them, whatever lies in the folder now", async () => {
  const files = { "package.json": "old\n", "a*b.txt": "star", "axb.txt": "x", link: { link: "package.json" } };
  const { clone, workspace } = await workspaceOf(files);
  await workspace.files.write("package.json", "new\n");
  const tree = await workspace.snapshot();
  await workspace.files.write("package.json", "newer\n");
  const git = createPrivateGit(clone.gitDirectory, clone.root, clone.settings);
  const base = createTreeReader(git, clone.baseTree);
  expect(await base.read("package.json")).toBe("old\n");
  expect(await createTreeReader(git, tree).read("package.json")).toBe("new\n");
  expect(await base.read("a*b.txt")).toBe("star");
  for (const path of ["link", "missing", "package.json/x"]) expect(await base.read(path)).toBeNull();
  await expect(createTreeReader(git, "0".repeat(40)).read("package.json")).rejects.toMatchObject({
    code: "git_failed",
  });
});
