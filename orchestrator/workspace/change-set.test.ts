import { expect, test } from "vitest";
import { parseChangedPaths } from "./change-set.ts";

test("what git never prints is refused", () => {
  const raw = ":100644 100644 1111111 2222222 M\0a\0";
  expect(parseChangedPaths(`${raw}1\t2\ta\0`)).toMatchObject([{ path: "a", insertions: 1, deletions: 2 }]);
  for (const output of [`${raw}1\t2\tb\0`, `${raw}x\0`, ":100644 100644 1111111 2222222 U\0a\0", ":1 M\0a\0"]) {
    expect(() => parseChangedPaths(output)).toThrow(expect.objectContaining({ code: "git_failed" }));
  }
});
