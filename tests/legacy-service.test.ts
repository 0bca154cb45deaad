import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseTaskFile } from "../orchestrator/evidence/task-file.ts";
import { createPatternLibrary } from "../patterns/index.ts";

const example = fileURLToPath(new URL("../examples/legacy-service", import.meta.url));
const allPassed = { status: 0, passed: 26, failed: 0 };

test("the example's own tests pass before and after the codemods of its task, each of which has something to do once", () => {
  const folder = mkdtempSync(join(tmpdir(), "legacy-service-"));
  try {
    cpSync(example, folder, { recursive: true });
    const { recipe = [] } = parseTaskFile(
      readFileSync(join(folder, "tasks/0001-modernise.md"), "utf8"),
      "0001-modernise.md",
    );
    expect(runTests(folder)).toEqual(allPassed);
    expect(recipe.map((pattern) => [pattern, applyPattern(pattern, folder)])).toEqual([
      ["node-protocol", 10],
      ["prefer-logger-over-console", 6],
      ["structured-event-emit", 3],
    ]);
    expect(runTests(folder)).toEqual(allPassed);
    expect(recipe.map((pattern) => applyPattern(pattern, folder))).toEqual([0, 0, 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Applies a pattern to the modules in the task's scope and says how many it changed. */
function applyPattern(pattern: string, folder: string): number {
  const library = createPatternLibrary();
  const modules = ["src", "bin", "scripts"].flatMap((name) =>
    readdirSync(join(folder, name)).map((file) => `${name}/${file}`),
  );
  const results = modules.map((path) => library.transform(pattern, path, readFileSync(join(folder, path), "utf8")));
  const changed = results.filter((result) => result.status === "changed");
  for (const { path, after } of changed) writeFileSync(join(folder, path), after);
  return changed.length;
}

function runTests(folder: string): { status: number | null; passed: number; failed: number } {
  const args = ["--test", "--test-reporter=tap"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 25_000 });
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(stdout)?.[1]);
  return { status, passed: count("pass"), failed: count("fail") };
}
