import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseChangedPaths } from "./change-set.ts";
import { workspaceOf } from "./fixtures/temporary-clone.ts";
import { writeFiles } from "./fixtures/temporary-repository.ts";

test("every added line is named with its number, whatever it looks like", async () => {
  const { workspace, root } = await workspaceOf({
    a: "1\n2\n3\n4\n",
    "type changes": "x\n",
    gone: "g\n",
    "no end": "x",
  });
  writeFiles(root, {
    a: "0\n1\n2\ndiff --git a/x b/x\n@@ -1 +1 @@\n4\n++ plus",
    "new\nname": "--- a/x\n+++ b/x\n",
    "no end": "y",
    bin: Buffer.from("\0key=SECRET\nmore\0"),
    latin: Buffer.from([0xe4, 0x0a]),
    empty: "",
  });
  await workspace.files.remove("gone");
  await workspace.files.remove("type changes");
  writeFiles(root, { "type changes": { link: "target-secret" } });
  const added = await workspace.addedText();
  const lines = Object.fromEntries(
    added.map(({ path, lines }) => [path, lines.map(({ line, text }) => `${line}:${text}`)]),
  );
  expect(lines).toEqual({
    a: ["1:0", "4:diff --git a/x b/x", "5:@@ -1 +1 @@", "7:++ plus"],
    "new\nname": ["1:--- a/x", "2:+++ b/x"],
    "no end": ["1:y"],
    bin: ["1:\0key=SECRET", "2:more\0"],
    latin: ["1:\uFFFD"],
    "type changes": ["1:target-secret"],
  });
  expect(added.filter(({ binary }) => binary).map(({ path }) => path)).toEqual(["bin"]);
});

test("more added text than can be searched is refused, not searched in part", async () => {
  const { workspace, root } = await workspaceOf({ a: "1\n" });
  writeFileSync(join(root, "big"), Buffer.alloc(17_000_000, "abcdefghijklmnopqrstuvwxyz\n"));
  await expect(workspace.addedText()).rejects.toMatchObject({ code: "git_failed" });
  writeFileSync(join(root, "big"), "\n".repeat(1_000_001));
  await expect(workspace.addedText()).rejects.toMatchObject({
    code: "git_failed",
    message: expect.stringContaining("split it"),
  });
});

const texts = fc.array(
  fc.constantFrom("a", "b", "+", "-", "@@ -1 +1 @@", "\\ No newline at end of file", "diff --git a/a b/a", ""),
  { maxLength: 6 },
);

test("added lines are lines of the new text, at their numbers, and all of them where the file is new", async () => {
  const { workspace, root } = await workspaceOf({ a: "a\nb\n" });
  await fc.assert(
    fc.asyncProperty(texts, texts, fc.boolean(), async (changed, fresh, endsInNewline) => {
      const end = endsInNewline ? "\n" : "";
      const files = { a: changed.join("\n") + end, b: fresh.join("\n") + end };
      writeFiles(root, files);
      for (const { path, lines } of await workspace.addedText()) {
        const whole = files[path === "a" ? "a" : "b"].split("\n");
        for (const { line, text } of lines) expect(text).toBe(whole[line - 1]);
        if (path === "b") expect(lines.length).toBeGreaterThanOrEqual(whole.filter((text) => text !== "").length);
      }
    }),
    { numRuns: 25 },
  );
});

test("what git never prints is refused", () => {
  const raw = ":100644 100644 1111111 2222222 M\0a\0";
  expect(parseChangedPaths(`${raw}1\t2\ta\0`)).toMatchObject([{ path: "a", insertions: 1, deletions: 2 }]);
  for (const output of [`${raw}1\t2\tb\0`, `${raw}x\0`, ":100644 100644 1111111 2222222 U\0a\0", ":1 M\0a\0"]) {
    expect(() => parseChangedPaths(output)).toThrow(expect.objectContaining({ code: "git_failed" }));
  }
});
