import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { temporaryFolder, writeFiles } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { hashLibrary, openLibraries } from "../libraries/open-libraries.ts";
import { sampleLibrary } from "../libraries/sample-library.test-support.ts";
import { createPatternWorkbench } from "./pattern-workbench.ts";

const built = pathToFileURL(fileURLToPath(new URL("../../dist/bin/pattern-worker.mjs", import.meta.url)));

function previewOf(root: string, threads: number, poolCharactersMin: number, workerModule = built) {
  const settings = { loggerModule: "src/logger.js" };
  const patterns = ["node-protocol", "prefer-logger-over-console"];
  const bench = createPatternWorkbench({ clock: systemClock, workerModule, threads, poolCharactersMin });
  return bench.apply({ patterns, folder: root, dryRun: true, settings });
}

test("threads that are started on the way give the same answer as none", async () => {
  const root = temporaryFolder();
  const files = Array.from({ length: 60 }, (_, index) => [
    `src/f${index}.js`,
    `${index % 7 === 0 ? "\uFEFF" : ""}import 'fs';\n${"// filler\n".repeat(index * 20)}console.log(${index % 11 === 0 ? "(" : index});\n`,
  ]);
  writeFiles(root, Object.fromEntries(files));
  const alone = await previewOf(root, 0, 0);
  const { report, patch } = await previewOf(root, 2, 40_000);
  expect(report.workers).toBe(2);
  const { seconds: _, files_per_second: __, workers: ___, ...answer } = report;
  expect(alone.report).toMatchObject(answer);
  expect(patch()).toBe(alone.patch());
  expect(alone.report.changed).toHaveLength(54);
});

test("little work starts no thread, and a thread that dies is a fault", async () => {
  const root = temporaryFolder();
  writeFiles(root, { "a.js": "import 'fs';\n" });
  expect((await previewOf(root, 2, 1_000)).report.workers).toBe(0);
  const missing = new URL("missing.mjs", built);
  await expect(previewOf(root, 1, 0, missing)).rejects.toMatchObject({ code: "process_failed" });
});

test("threads load the libraries of a team as well", async () => {
  const root = temporaryFolder();
  const library = Object.entries(sampleLibrary).map(([path, text]) => [`tools/${path}`, text] as const);
  const sources = Array.from({ length: 20 }, (_, index) => [`src/f${index}.js`, `old(${index});\n`] as const);
  writeFiles(root, Object.fromEntries([...library, ...sources]));
  const pins = [{ name: "own", from: "./tools", ...(await hashLibrary(root, "own", "./tools")) }];
  const cacheDir = temporaryFolder();
  const libraries = async () => openLibraries({ root, pins, cacheDir, engineModule: null });
  const bench = createPatternWorkbench({
    clock: systemClock,
    workerModule: built,
    threads: 1,
    poolCharactersMin: 0,
    libraries,
  });
  const request = { patterns: ["own/rename-old"], folder: `${root}/src`, dryRun: true, settings: {} };
  const { report } = await bench.apply(request);
  expect([report.workers, report.changed.length]).toEqual([1, 20]);
});
