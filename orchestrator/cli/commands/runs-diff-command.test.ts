import { expect, test } from "vitest";
import { createPaint } from "../text/paint.ts";
import { paintDiff } from "./runs-diff-command.ts";

test("added, removed and hunk lines have their colours; without colours a diff stays as it is", () => {
  const diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n";
  expect(paintDiff(diff, createPaint(false))).toBe(diff);
  const { bold, cyan, red, green } = createPaint(true);
  const lines = [bold("--- a/x"), bold("+++ b/x"), cyan("@@ -1 +1 @@"), red("-old"), green("+new"), " same", ""];
  expect(paintDiff(diff, createPaint(true))).toBe(lines.join("\n"));
});
