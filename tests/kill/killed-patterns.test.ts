import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  fingerprint,
  temporaryFolder,
  writeFiles,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { startProgram } from "../cli/cli-playground.ts";

const count = 120;
const isOurs = (path: string) => path === ".patterns";

/** Where the kill comes: the journal is there, the first file is replaced, all are. */
const moments: readonly (readonly [string, (root: string) => boolean])[] = [
  [
    "once the journal is written",
    (root) => journalsOf(root).some((id) => existsSync(join(root, ".patterns/journals", id, "journal.json"))),
  ],
  ["once the first file is replaced", (root) => read(root, 0).includes("node:")],
  ["while the check runs", (root) => existsSync(join(root, "checking"))],
];

const journalsOf = (root: string) =>
  existsSync(join(root, ".patterns/journals")) ? readdirSync(join(root, ".patterns/journals")) : [];
const read = (root: string, index: number) => readFileSync(join(root, `src/f${index + 1000}.js`), "utf8");

test.each(moments)("after kill -9 %s, the next verb puts every file back", async (_, isReached) => {
  const root = temporaryFolder();
  const sources = Array.from({ length: count }, (_, index) => [
    `src/f${index + 1000}.js`,
    `require('fs'); // ${index}\n`,
  ]);
  writeFiles(root, Object.fromEntries(sources));
  const before = fingerprint(root);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root };
  const wait = "require('fs').writeFileSync('checking', ''); setTimeout(() => {}, 20000)";
  const check = ["--check", `'${process.execPath}' -e "${wait}"`];
  const { child, ended } = startProgram(["patterns", "apply", "node-protocol", ".", ...check], root, env);
  for (let tries = 0; !isReached(root) && tries < 4000; tries += 1) await sleep(2);
  expect(isReached(root)).toBe(true);
  child.kill("SIGKILL");
  await ended;

  const second = await startProgram(["patterns", "apply", "structured-event-emit", ".", "--format", "json"], root, env)
    .ended;
  expect(JSON.parse(second.stdout)).toMatchObject({ outcome: "unchanged", recovered: { length: 1 } });
  expect(fingerprint(root, (path) => isOurs(path) || path === "checking")).toEqual(before);
});
