import { expect, test } from "vitest";
import { cacheFolderOf } from "./cache-folder.ts";

test("two repositories of one name have a cache each, and one repository always the same", () => {
  const [one, two] = [cacheFolderOf("/cache", "/a/service"), cacheFolderOf("/cache", "/b/service")];
  expect(one).toMatch(/^\/cache\/codex-orchestrator\/service-[0-9a-f]{12}$/);
  expect(two).not.toBe(one);
  expect(cacheFolderOf("/cache", "/a/service")).toBe(one);
});
