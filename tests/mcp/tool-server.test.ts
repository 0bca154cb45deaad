import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { z } from "zod";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { main } from "../../orchestrator/cli/main.ts";
import { createPlayground, type Playground } from "../support/playground.ts";

const files = {
  "package.json": '{ "name": "p", "version": "1.0.0", "scripts": { "test": "node --test a.test.js" } }\n',
  "a.test.js": 'require("node:test").test("works", () => {});\n',
  "secret.txt": "token: hunter2-hunter2-hunter2\n",
  ".gitignore": ".runs/\n",
  "orchestrator.config.yaml": "version: 1\npolicy:\n  protected_paths: [package.json]\n",
};

const Said = z.object({
  result: z.object({
    tools: z.array(z.object({ name: z.string() })).default([]),
    content: z.array(z.object({ text: z.string() })).default([]),
    isError: z.boolean().default(false),
    structuredContent: z.unknown().optional(),
  }),
});

/** What `mcp tools` answers to calls, in their order, when its input ends after them. */
async function ask(
  playground: Playground,
  calls: readonly (readonly [tool: string, args: object])[],
  ...flags: string[]
) {
  const requests = [
    { method: "tools/list", params: {} },
    ...calls.map(([name, args]) => ({ method: "tools/call", params: { name, arguments: args } })),
  ];
  const lines = requests.map((request, id) => `${JSON.stringify({ jsonrpc: "2.0", id, ...request })}\n`);
  let settle = () => {};
  const answered = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const stdin = Readable.from(
    (async function* () {
      yield Buffer.from(lines.join(""));
      await answered;
    })(),
  );
  const environment = { ...playground.environment, API_TOKEN: "hunter2-hunter2-hunter2" };
  const io = createTestIo({ cwd: playground.repository, environment, stdin });
  const write = io.stdout.write;
  Object.assign(io.stdout, {
    write: (data: string | Uint8Array) => {
      const isOpen = write(data);
      if (io.output().trimEnd().split("\n").length === lines.length) settle();
      return isOpen;
    },
  });
  const exit = await main(["mcp", "tools", ...flags], io);
  const said = io
    .output()
    .trimEnd()
    .split("\n")
    .map((line) => Said.parse(JSON.parse(line)).result);
  const [listed, ...results] = said;
  return {
    exit,
    errors: io.errors(),
    tools: listed?.tools.map(({ name }) => name),
    results,
    texts: results.map(({ content, isError }) => `${isError ? "error: " : ""}${content[0]?.text}`),
  };
}

test("the five tools work on the working copy, inside it, under the policy, and give no secret away", async () => {
  const playground = createPlayground(files);
  const { exit, errors, tools, texts } = await ask(playground, [
    ["read", { path: "secret.txt" }],
    ["read", { path: "../outside" }],
    ["read", { path: ".git/config" }],
    ["edit", { path: "package.json", before: "1.0.0", after: "2.0.0" }],
    ["edit", { path: "a.test.js", before: "works", after: "still works" }],
    ["edit", { path: "new.txt", after: "new\n" }],
    ["search", { text: "still" }],
    ["git", { show: "status" }],
    ["git", { show: "diff", path: "a.test.js" }],
    ["git", { show: "push" }],
  ]);
  expect([exit, errors, tools]).toEqual([0, "", ["read", "search", "edit", "git", "run"]]);
  expect(texts).toEqual([
    expect.stringMatching(/^token: \[redacted:API_TOKEN\]/),
    expect.stringMatching(/^error: path_refused: /),
    expect.stringMatching(/^error: path_refused: /),
    expect.stringMatching(/^error: path_refused: /),
    "edited a.test.js",
    "wrote new.txt",
    expect.stringMatching(/^a\.test\.js:1:.*still works/),
    " M a.test.js\n?? new.txt",
    expect.stringMatching(/^\+.*still works/m),
    expect.stringMatching(/^error: the arguments do not fit: /),
  ]);
  expect(readFileSync(join(playground.repository, "package.json"), "utf8")).toBe(files["package.json"]);
});

test("run does what the policy allows and the repository's checks, and nothing that would widen either", async () => {
  const playground = createPlayground(files);
  const { results, texts } = await ask(playground, [
    ["run", { check: "test" }],
    ["run", { check: "lint" }],
    ["run", { argv: ["touch", "made"] }],
    ["run", { argv: ["npm", "test"], env: { NODE_OPTIONS: "--require ./evil.js" } }],
    ["run", { argv: ["npm", "test"], sandbox: false }],
    ["run", { argv: ["npm", "test"], cwd: "../.." }],
    ["run", {}],
  ]);
  expect(texts).toEqual([
    expect.stringMatching(/^exit code 0\n/),
    expect.stringMatching(/^failed_to_start: the adapter \S+ finds no lint command/),
    expect.stringMatching(/^error: command_refused: 'touch made' is not allowed/),
    expect.stringMatching(/^error: command_refused: /),
    expect.stringMatching(/^error: command_refused: /),
    expect.stringMatching(/^error: the arguments do not fit/),
    expect.stringMatching(/^error: the arguments do not fit/),
  ]);
  expect(results[0]?.structuredContent).toMatchObject({ status: "exited", exit_code: 0, check: { verdict: "passed" } });
  expect(existsSync(join(playground.repository, "made"))).toBe(false);
});

test("for a pipeline run starts any program, with variables and a deadline, and says how it ended", async () => {
  const playground = createPlayground(files);
  const plain = { sandbox: false };
  const { results } = await ask(
    playground,
    [
      ["run", { argv: ["sh", "-c", 'echo "$WORD $API_TOKEN"; exit 3'], env: { WORD: "hi" }, ...plain }],
      ["run", { argv: ["sleep", "60"], timeout_ms: 150, ...plain }],
      ["run", { argv: ["no-such-program"], ...plain }],
      ["run", { argv: ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' '\\033'"], ...plain }],
    ],
    "--any-command",
  );
  expect(results.map(({ structuredContent }) => structuredContent)).toMatchObject([
    { status: "exited", exit_code: 3, output: "hi \n", output_truncated: false },
    { status: "timed_out", output: "" },
    { status: "failed_to_start", exit_code: null, detail: expect.stringMatching(/there is no program/) },
    { status: "exited", exit_code: 0, output_bytes: 3_000_000, output_truncated: true },
  ]);
});
