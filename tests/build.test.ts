import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));
const sources = {
  "orchestrator/cli/bin.ts": 'import { greet } from "./greet.ts";\nconsole.log(await greet());\n',
  "orchestrator/cli/greet.ts": 'export const greet = async () => (await import("../word.ts")).word;\n',
  "orchestrator/word.ts": 'export const word = "hello";\n',
  "orchestrator/word.test.ts": "throw new Error();\n",
  "patterns/index.ts": 'export type { Shape } from "./shape.ts";\n',
  "patterns/shape.ts": "export interface Shape {\n  readonly sides: number;\n}\n",
  "adapters/index.ts": "export {};\n",
  "evaluation/index.ts": "export {};\n",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "build-"));
  for (const file of [
    "scripts/build.mjs",
    "tsconfig.json",
    "tsconfig.build.json",
    "package.json",
    "package-lock.json",
  ]) {
    cpSync(join(repository, file), join(folder, file));
  }
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(sources)) write(path, text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("two builds at once, after one that was killed, make one whole dist/, which a third leaves as it is", async () => {
  write("dist/.lock", "999999999");
  const both = await Promise.all([build(), build()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ said }) => said.includes("up to date"))).toHaveLength(1);
  expect(await start("dist/bin/codex-orchestrator.mjs")).toEqual({ code: 0, said: "hello\n" });
  expect(readFileSync(join(folder, "dist/patterns/shape.d.ts"), "utf8")).toContain("sides: number");
  expect(existsSync(join(folder, "dist/orchestrator/word.test.js"))).toBe(false);
  expect((await build()).said).toContain("up to date");
});

test("a changed source changes the CLI, and what no source leads to any more is removed by a whole build alone", async () => {
  write("orchestrator/word.ts", 'export const word = "goodbye";\n');
  write("dist/orchestrator/old.js", "");
  expect((await build("--cli")).code).toBe(0);
  expect(await start("dist/bin/codex-orchestrator.mjs")).toEqual({ code: 0, said: "goodbye\n" });
  expect(existsSync(join(folder, "dist/orchestrator/old.js"))).toBe(true);
  expect((await build()).code).toBe(0);
  expect(existsSync(join(folder, "dist/orchestrator/old.js"))).toBe(false);
});

test("a source that cannot be compiled fails the build and leaves dist/ as it was", async () => {
  write("orchestrator/word.ts", "export const = 1;\n");
  expect(await build()).toMatchObject({ code: 1 });
  expect(await start("dist/bin/codex-orchestrator.mjs")).toEqual({ code: 0, said: "goodbye\n" });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function build(...flags: string[]): Promise<{ code: number | null; said: string }> {
  return run(process.execPath, [join(folder, "scripts/build.mjs"), ...flags]);
}

/** Runs a file of the folder by its own first line. */
function start(path: string): Promise<{ code: number | null; said: string }> {
  return run(join(folder, path), []);
}

function run(file: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString("utf8");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });
}
