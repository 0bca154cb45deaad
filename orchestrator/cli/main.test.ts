import { expect, test } from "vitest";
import { OrchestratorError } from "../schema/errors.ts";
import { createTestIo } from "./cli-io.test-support.ts";
import type { CommandHandler, CommandSpec } from "./command-spec.ts";
import { main } from "./main.ts";

const tableOf = (handler: CommandHandler): readonly CommandSpec[] => [
  {
    name: "work",
    summary: "works",
    positionals: [],
    flags: [
      { name: "format", kind: "choice", choices: ["text", "json"], fallback: "text", help: "" },
      { name: "help", kind: "switch", short: "h", help: "" },
    ],
    load: async () => handler,
  },
];

test.each([[["--help"]], [["-h"]], [["help"]]])("%j prints the overview on stdout and exits 0", async (argv) => {
  const io = createTestIo();
  expect(await main(argv, io)).toBe(0);
  expect(io.output()).toContain("runs apply <run>");
  expect(io.errors()).toBe("");
});

test.each([[["run", "--help"]], [["help", "run"]], [["run", "--bad", "-h"]]])(
  "%j prints the help of the command, whatever else is wrong",
  async (argv) => {
    const io = createTestIo();
    expect(await main(argv, io)).toBe(0);
    expect(io.output()).toContain("--budget <limit=n,…>");
  },
);

test("the help of a group names its commands alone", async () => {
  const io = createTestIo();
  expect(await main(["runs", "--help"], io)).toBe(0);
  expect(io.output()).toContain("runs verify <run>");
  expect(io.output()).not.toContain("doctor");
});

test("help and version can be had as one document", async () => {
  for (const argv of [
    ["--help", "--format", "json"],
    ["runs", "show", "--help", "--format=json"],
    ["--version", "--format", "json"],
  ]) {
    const io = createTestIo();
    expect(await main(argv, io)).toBe(0);
    expect(JSON.parse(io.output())).toMatchObject({ program: "codex-orchestrator" });
  }
});

test("without a command, or with a wrong one, it exits 2 and stdout stays empty", async () => {
  for (const argv of [[], ["runs"], ["rnu"], ["work", "--nope"]]) {
    const io = createTestIo();
    expect(await main(argv, io)).toBe(2);
    expect([io.output(), io.errors()]).toEqual(["", expect.stringMatching(/^codex-orchestrator: .+\n$/)]);
  }
});

test("where JSON was asked for, a fault is one document, and the words are on stderr", async () => {
  const io = createTestIo();
  expect(await main(["runs", "show", "--format", "json"], io)).toBe(2);
  expect(JSON.parse(io.output())).toEqual({
    error: { code: "usage", message: expect.stringContaining("needs <run>"), retryable: false, exit_code: 2 },
  });
  expect(io.errors()).toContain("needs <run>");
});

test("a fault has the exit code of its kind, and hostile text in it is shown, not obeyed", async () => {
  const io = createTestIo();
  const table = tableOf(async () => {
    throw new OrchestratorError("disk_failed", "cannot write a\u001b[2Jb");
  });
  expect(await main(["work"], io, table)).toBe(4);
  expect(io.errors()).toBe("codex-orchestrator: cannot write a\\x1b[2Jb\n");
});

test("a bug exits 4 and shows where it happened", async () => {
  const io = createTestIo();
  const table = tableOf(async () => {
    throw new TypeError("oops");
  });
  expect(await main(["work"], io, table)).toBe(4);
  expect(io.errors()).toMatch(/an internal error, please report it\nTypeError: oops\n +at /);
});

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s aborts the command's signal, and its fault then exits %d", async (signal, exit) => {
  const io = createTestIo();
  const table = tableOf(async (context) => {
    io.raise(signal);
    io.raise("SIGINT");
    context.signal.throwIfAborted();
    return 0;
  });
  expect(await main(["work"], io, table)).toBe(exit);
  expect(io.errors()).toContain(`stopped by ${signal}`);
});

test("a command that ends well after a signal keeps its own exit code", async () => {
  const io = createTestIo();
  const table = tableOf(async () => {
    io.raise("SIGINT");
    return 1;
  });
  expect(await main(["work"], io, table)).toBe(1);
});

test("a fault is told without the credentials of the environment, in words, as a document, and in the trace of a bug", async () => {
  const secret = "My-Own-Key-Value-123";
  for (const thrown of [
    new OrchestratorError("model_refused", `wrong key ${secret}`),
    new TypeError(`bug ${secret}`),
  ]) {
    const io = createTestIo({ environment: { OPENAI_API_KEY: secret } });
    const table = tableOf(async () => {
      throw thrown;
    });
    expect(await main(["work", "--format", "json"], io, table)).toBe(4);
    expect(io.errors()).toContain("[redacted:OPENAI_API_KEY]");
    expect(JSON.parse(io.output()).error.message).toContain("[redacted:OPENAI_API_KEY]");
    expect(io.output() + io.errors()).not.toContain(secret);
  }
});
