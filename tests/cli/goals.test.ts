import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCliPlayground, smallPackage } from "./cli-playground.ts";

const words = "use node: for builtin modules";
const Shown = z.object({
  manifest: z.object({
    status: z.string(),
    goals: z.object({
      goals: z.array(z.object({ id: z.string(), status: z.string(), run_id: z.string().nullable() })),
    }),
  }),
});

function playground(yaml: string, files = smallPackage) {
  const cli = createCliPlayground(files);
  writeFileSync(join(cli.repository, "goals.yaml"), `version: 1\n${yaml}`);
  return cli;
}

test("goals are worked through in order, one asks, and the run goes on when that is answered", async () => {
  const cli = playground(
    `concurrency: 2\ngoals:\n  - {id: ask, goal: "${words}", recipe: [node-protocol], approvals: [plan]}\n` +
      `  - {id: after, goal: "${words}", recipe: [node-protocol], depends_on: [ask]}\n`,
  );
  const first = await cli.call("goals", "run", "goals.yaml", "--quiet");
  expect([first.exit, first.stdout]).toEqual([3, expect.stringMatching(/^blocked: ask \(run \S+\) wait for a person/)]);
  const waiting = await cli.call("runs", "list", "--blocked", "--format", "json");
  const { runs } = z
    .object({ runs: z.array(z.object({ run_id: z.string(), holds_up: z.string().nullable() })) })
    .parse(JSON.parse(waiting.stdout));
  const [child, parent] = [
    runs.find(({ holds_up }) => holds_up !== null),
    runs.find(({ holds_up }) => holds_up === null),
  ];
  expect(child?.holds_up).toBe(parent?.run_id);
  expect((await cli.call("cancel", child?.run_id ?? "")).exit).toBe(0);
  const { exit, stdout } = await cli.call("resume", parent?.run_id ?? "", "--quiet", "--format", "json");
  expect(exit).toBe(1);
  expect(Shown.parse({ manifest: JSON.parse(stdout) }).manifest.goals.goals.map(({ status }) => status)).toEqual([
    "cancelled",
    "skipped",
  ]);
  expect((await cli.call("runs", "verify", parent?.run_id ?? "")).exit).toBe(0);
});

test("a dry run prints the schedule and records nothing", async () => {
  const cli = playground(`goals:\n  - {id: b, goal: x, depends_on: [a]}\n  - {id: a, goal: y}\n  - {id: c, goal: z}\n`);
  const { exit, stdout } = await cli.call("goals", "run", "goals.yaml", "--dry-run", "--format", "json");
  const { starts } = z
    .object({ starts: z.array(z.object({ round: z.number(), goal: z.string() })) })
    .parse(JSON.parse(stdout));
  expect([exit, starts.map(({ round, goal }) => `${round} ${goal}`)]).toEqual([0, ["1 a", "1 c", "2 b"]]);
  expect((await cli.call("runs", "list")).stdout).toBe("");
});

test.each([
  ["goals:\n  - {id: a, goal: x, depends_on: [b]}\n", "goals.yaml:3: goals.0.depends_on.0: there is no goal b"],
  ["goals:\n  - {id: a, goal: x, depends_on: [a]}\n", "these depend on each other: a → a"],
  ["goals:\n  - {id: a}\n", "needs either 'goal' or 'task'"],
  ["goals:\n  - {id: a, goal: x}\n  - {id: a, goal: y}\n", "each goal needs an id of its own"],
  ["goals:\n  - {id: a, goal: x, task: y}\n", "needs either 'goal' or 'task'"],
  ["goals:\n  - {id: a, task: tasks/none.md}\n", "there is no task file"],
  ["goals:\n  - {id: a, goal: x}\n  - {id: b, goal: x, on: a}\n", "b is on a; name that under depends_on too"],
  ["goals:\n  - {id: a, goal: x, repository: nowhere}\n", "nowhere"],
  ["concurrency: 0\ngoals:\n  - {id: a, goal: x}\n", "goals.yaml:2: concurrency"],
  ["goals: []\n", "goals"],
])("what cannot be done is told before anything is recorded: %j", async (yaml, message) => {
  const cli = playground(yaml, { "README.md": "# r\n" });
  mkdirSync(join(cli.repository, "tasks"));
  const { exit, stderr } = await cli.call("goals", "run", "goals.yaml");
  expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect((await cli.call("runs", "list")).stdout).toBe("");
});

test("a concurrency over the limit is refused as one in the file is", async () => {
  const cli = playground("goals:\n  - {id: a, goal: x}\n", { "README.md": "# r\n" });
  const { exit, stderr } = await cli.call("goals", "run", "goals.yaml", "--concurrency", "1000", "--dry-run");
  expect([exit, stderr]).toEqual([2, expect.stringContaining("concurrency: Too big")]);
});

test("a file that is not there is named", async () => {
  const { exit, stderr } = await createCliPlayground({ "README.md": "# r\n" }).call("goals", "run", "none.yaml");
  expect([exit, stderr]).toEqual([2, expect.stringContaining("there is no file of goals")]);
});
