import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import type { StopSignal } from "../../orchestrator/cli/cli-io.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { start } from "./bypass-table.ts";
import { createHistory, removeFolder, today } from "./git-history.ts";

const program = fileURLToPath(new URL("../../dist/spec-guard.mjs", import.meta.url));
const args = ["--base", "refs/heads/base", "--head", "refs/heads/head", "--now", today];
const tools = mkdtempSync(join(tmpdir(), "guard-slow-git-"));
let folder = "";
beforeAll(() => {
  const history = createHistory();
  const base = history.commit(start);
  history.branch("base", base);
  history.branch("head", history.commit({ "docs/notes.md": "more\n" }, { parents: [base] }));
  folder = history.write().folder;
});
afterAll(() => {
  removeFolder(folder);
  removeFolder(tools);
});

test.for<[StopSignal, number]>([
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 129],
])(
  "%s ends the guard with %d and without a verdict, and a change that is clean without it passes",
  async ([signal, exit]) => {
    for (const format of ["text", "json", "github"]) {
      const io = createTestIo({ cwd: folder });
      const judged = guardMain([...args, "--format", format], io);
      io.raise(signal);
      expect(await judged).toBe(exit);
      expect(io.output()).not.toMatch(/clean|"decision"|0 errors/);
      expect(io.errors()).toContain(`stopped by ${signal}`);
    }
    const left = createTestIo({ cwd: folder });
    expect(await guardMain(args, left)).toBe(0);
  },
);

test("a guard that waits for a git that does not answer ends with its signal", async () => {
  const asked = join(tools, "asked");
  const real = process.env["PATH"] ?? "";
  mkdirSync(tools, { recursive: true });
  writeFileSync(
    join(tools, "git"),
    `#!/bin/sh\nPATH='${real}'; export PATH\ncase "$*" in *ls-tree*) : > '${asked}'; sleep 20;; esac\nexec git "$@"\n`,
  );
  chmodSync(join(tools, "git"), 0o755);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: `${tools}${delimiter}${real}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  for (let tries = 0; tries < 400 && !existsSync(asked); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  const stoppedAt = performance.now();
  child.kill("SIGTERM");
  expect(await ended).toBe(143);
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
  expect(said).toBe("");
});
