import { existsSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "./temporary-folder.ts";

test("the folder is there for the work alone, and gone when the work fails", async () => {
  let folder = "";
  const work = withTemporaryFolder("test", async (path) => {
    folder = path;
    expect(statSync(path).mode & 0o777).toBe(0o700);
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect([folder === "", existsSync(folder)]).toEqual([false, false]);
});
