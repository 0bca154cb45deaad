import { expect, test } from "vitest";
import { examine, isFine } from "./examination.ts";
import { examineNode } from "./examine-machine.ts";

test.each([
  ["v20.19.0", "ok"],
  ["v22.3.1", "ok"],
  ["v20.18.9", "fail"],
  ["v18.20.4", "fail"],
  ["nonsense", "fail"],
])("Node %s is %s", (version, level) => expect(examineNode(version).level).toBe(level));

test("what throws has failed, with its message and what to do", async () => {
  const found = await examine("git", () => Promise.reject(new Error("gone")), "install it");
  expect(found).toEqual({ name: "git", level: "fail", found: "gone", remedy: "install it" });
  expect(await examine("git", async () => isFine("git", "2.39"), "install it")).toEqual(isFine("git", "2.39"));
});
