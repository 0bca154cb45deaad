import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { main } from "../../orchestrator/cli/main.ts";
import {
  type Content,
  temporaryFolder,
  temporaryRepository,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";

const program = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const patienceMs = 60_000;

/** How a command ended, and what it printed. */
export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Started {
  readonly child: ChildProcess;
  /** Resolves when stderr holds the text; rejects when the command ends without it. */
  says(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A repository, and the command line with a home and a cache of its own. */
export interface CliPlayground {
  readonly repository: string;
  /** Starts the built program. */
  start(...argv: readonly string[]): Started;
  /** Runs the built program. */
  run(...argv: readonly string[]): Promise<Ended>;
  /** Runs the same commands from the sources, in this process: much faster. */
  call(...argv: readonly string[]): Promise<Ended>;
}

/** A package whose one test passes with and without the prefix that the pattern adds. */
export const smallPackage: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "small", "version": "1.0.0", "scripts": { "test": "node --test test/size.test.js" } }\n',
  "src/size.js": 'const fs = require("fs");\n\nexports.size = (file) => fs.statSync(file).size;\n',
  "test/size.test.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { size } = require("../src/size.js");\n\n' +
    'test("has a size", () => assert.ok(size(__filename) > 0));\n',
};

export const goal = ["run", "use node: for builtin modules", "--recipe", "node-protocol"] as const;

/** Everything is removed, and every process ended, when the test ends. */
export function createCliPlayground(
  files: Record<string, Content> = smallPackage,
  environment: Record<string, string> = {},
): CliPlayground {
  const repository = temporaryRepository({ ...files }, "a repository");
  const [home, cache] = [temporaryFolder("home"), temporaryFolder("cache")];
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, XDG_CACHE_HOME: cache, USER: "ann", ...environment };
  const start = (...argv: readonly string[]) => startProgram(argv, repository, env);
  return {
    repository,
    start,
    run: (...argv) => start(...argv).ended,
    async call(...argv) {
      const io = createTestIo({ cwd: repository, environment: env });
      const exit = await main(argv, io);
      return { exit, stdout: io.output(), stderr: io.errors() };
    },
  };
}

/** Runs the built command line in a folder. */
export function startProgram(argv: readonly string[], cwd: string, env: Record<string, string>): Started {
  const child = spawn(process.execPath, [program, ...argv], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => {
      clearTimeout(timer);
      resolve({ exit, stdout, stderr });
    });
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stderr.includes(text) && resolve();
      child.stderr.on("data", look);
      child.on("close", () => reject(new Error(`it ended without saying "${text}":\n${stderr}`)));
      look();
    });
  return { child, says, ended };
}

/** A model server on loopback that takes every request and never answers. Resolves with its address. */
export async function startSilentServer(): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on a port has a port");
  return `http://127.0.0.1:${address.port}/v1`;
}
