import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { readAge } from "../../orchestrator/cli/commands/runs-prune-command.ts";
import { git } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { type CliPlayground, createCliPlayground } from "./cli-playground.ts";

const Manifest = z.object({ run_id: z.string(), status: z.string() });

async function runOnce(cli: CliPlayground, line: string): Promise<string> {
  const { stdout, stderr } = await cli.call("start", "--command", line, "--format", "json", "--quiet");
  expect(stdout, stderr).not.toBe("");
  return Manifest.parse(JSON.parse(stdout)).run_id;
}

const Pruned = z.object({
  pruned: z.array(z.object({ run_id: z.string() })),
  folders: z.array(z.string()),
  branches: z.array(z.object({ ref: z.string(), deleted: z.boolean() })),
});

async function prune(cli: CliPlayground, ...flags: readonly string[]) {
  const { exit, stdout, stderr } = await cli.call("runs", "prune", ...flags, "--format", "json");
  expect(exit, stderr).toBe(0);
  const { pruned, folders, branches } = Pruned.parse(JSON.parse(stdout));
  return { runs: pruned.map(({ run_id }) => run_id), folders, branches };
}

test("old runs go with what they left behind; metrics, relied-on runs and unmerged branches stay", async () => {
  const cli = createCliPlayground({ "README.md": "# r\n", ".gitignore": ".runs/\n" });
  const [first, second, third] = [
    await runOnce(cli, "true"),
    await runOnce(cli, "seq 2000"),
    await runOnce(cli, "true"),
  ];
  mkdirSync(join(cli.repository, "tasks"));
  writeFileSync(join(cli.repository, "tasks", "0001.md"), `- [x] done ([evidence](evidence/${first}.json))\n`);
  const merged = "orchestrator/20200101t000000000z-0123456789ab";
  const unmerged = "orchestrator/20200101t000000000z-0123456789ac";
  for (const name of [merged, "orchestrator/of-my-own"]) git(cli.repository, "branch", name);
  git(cli.repository, "checkout", "-q", "-b", unmerged);
  git(cli.repository, "commit", "-q", "--allow-empty", "-m", "only here");
  git(cli.repository, "checkout", "-q", "-");
  const folder = join(cli.repository, ".runs", "pipeline-commands");

  expect((await prune(cli, "--keep", "1", "--dry-run")).runs).toEqual([second]);
  expect(readdirSync(folder)).toContain(second);
  expect((await prune(cli, "--keep", "1", "--blobs")).runs).toEqual([second]);
  expect((await cli.call("runs", "verify", second)).exit).toBe(0);

  const { runs, branches } = await prune(cli, "--keep", "1");
  expect(runs).toEqual([second]);
  expect(branches).toEqual([
    { ref: `refs/heads/${merged}`, deleted: true },
    { ref: `refs/heads/${unmerged}`, deleted: false },
  ]);
  expect(readdirSync(folder).sort()).toEqual([first, third, "metrics.jsonl"].sort());
  const left = git(cli.repository, "branch", "--list", "--format=%(refname:short)", "orchestrator/*");
  expect(left.split("\n")).toEqual([unmerged, "orchestrator/of-my-own"]);
  const { stdout } = await cli.call("metrics", "--format", "json");
  expect(
    z
      .object({ runs: z.array(Manifest) })
      .parse(JSON.parse(stdout))
      .runs.map(({ run_id }) => run_id),
  ).toEqual([first, second, third]);
});

test("the clone of a run that is gone goes, and that of a run that waits stays", async () => {
  const cli = createCliPlayground({ "README.md": "# r\n", ".gitignore": ".runs/\n", "a.js": 'require("fs");\n' });
  const begin = () => cli.call("run", "use node: protocol", "--recipe", "node-protocol", "--approve", "plan");
  expect((await begin()).exit).toBe(3);
  expect((await prune(cli, "--keep", "0")).folders).toEqual([]);
  rmSync(join(cli.repository, ".runs"), { recursive: true });
  const { folders } = await prune(cli, "--keep", "0");
  expect(folders).toHaveLength(1);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
});

test("a run that was stopped stays, however old", async () => {
  const cli = createCliPlayground({ "README.md": "# r\n", ".gitignore": ".runs/\n" });
  const started = cli.start("start", "--command", "sleep 30");
  await started.says("sleep-30.1 runs");
  const live = readdirSync(join(cli.repository, ".runs", "pipeline-commands"));
  expect((await prune(cli, "--keep", "0")).runs).toEqual([]);
  started.child.kill("SIGTERM");
  expect((await started.ended).exit).toBe(143);
  expect((await prune(cli, "--keep", "0")).runs).toEqual([]);
  expect(live.every((name) => existsSync(join(cli.repository, ".runs", "pipeline-commands", basename(name))))).toBe(
    true,
  );
});

test.each([
  ["90s", 90_000],
  ["2h", 7_200_000],
  ["1w", 604_800_000],
])("an age of %s is %i ms", (text, ms) => {
  expect(readAge(text)).toBe(ms);
});

test.each(["", "30", "d", "-1d", "1.5h", "3y"])("%j is no age", (text) => {
  expect(() => readAge(text)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("without a limit nothing is pruned", async () => {
  const cli = createCliPlayground();
  expect((await cli.call("runs", "prune")).exit).toBe(2);
});
