import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { start } from "./bypass-table.ts";
import { createHistory, removeFolder, runGit } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const Steps = z.array(z.looseObject({ run: z.string().optional(), uses: z.string().optional() }));
const workflow = z
  .looseObject({
    on: z.record(z.string(), z.unknown()),
    permissions: z.unknown(),
    jobs: z.object({ "spec-guard": z.looseObject({ name: z.string(), steps: Steps }) }),
  })
  .parse(parse(read(".github/workflows/spec-guard.example.yml")));
const action = z.looseObject({ runs: z.looseObject({ steps: Steps }) }).parse(parse(read("action.yml")));
const gitlab = z
  .object({ "spec-guard": z.looseObject({ script: z.array(z.string()) }) })
  .parse(parse(/```yaml\n(spec-guard:\n[\s\S]*?)```/.exec(read("docs/spec-guard.md"))?.[1] ?? ""));
const scriptOf = (steps: z.infer<typeof Steps>) => steps.flatMap(({ run }) => run ?? []).join("\n");
const scripts = {
  workflow: scriptOf(workflow.jobs["spec-guard"].steps),
  action: scriptOf(action.runs.steps),
  gitlab: gitlab["spec-guard"].script.join("\n"),
};

const guard = read("dist/spec-guard.mjs");
const ownGuard = 'console.log("the guard of the change");\n';
const laterRule = `${start["spec-guard.yaml"]}  - paths: [lib/**]\n`;
const today = new Date().toISOString().slice(0, 10);
const fresh = spec({ last_review: today, approvals: [{ date: today }] });
const work = mkdtempSync(join(tmpdir(), "guard-recipes-"));
let remote = "";
let ids: ReadonlyMap<string, string> = new Map();
beforeAll(() => {
  const history = createHistory();
  const base = history.commit({ ...start, "tasks/specs/0007-retry.md": fresh, "tools/spec-guard.mjs": guard });
  const branches = {
    main: history.commit({ "spec-guard.yaml": laterRule.replace("waivers", "#waivers") }, { parents: [base] }),
    unguarded: history.commit({ "tools/spec-guard.mjs": null }, { parents: [base] }),
    parted: base,
    honest: history.commit({ "src/retry/retry.ts": "better\n" }, { parents: [base] }),
    evil: history.commit({ "src/a.ts": "b\n", "tools/spec-guard.mjs": ownGuard }, { parents: [base] }),
    workflow: history.commit({ ".github/workflows/ci.yml": "on: push\njobs: {}\n" }, { parents: [base] }),
    late: history.commit({ "lib/a.ts": "new\n" }, { parents: [base] }),
  };
  for (const [name, mark] of Object.entries(branches)) history.branch(name, mark);
  const written = history.write();
  remote = written.folder;
  ids = new Map(Object.entries(branches).map(([name, mark]) => [name, written.ids.get(mark) ?? ""]));
});
afterAll(() => {
  removeFolder(remote);
  removeFolder(work);
});

async function run(script: string, env: Readonly<Record<string, string>>, cwd = work) {
  const folder = mkdtempSync(join(work, "runner-"));
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, RUNNER_TEMP: folder, TMPDIR: folder, CI: "true", ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += String(chunk);
    });
  const exit = await new Promise((resolve) => child.on("close", resolve));
  return { exit, said };
}

const idOf = (name: string) => ids.get(name) ?? "";
const zeros = "0".repeat(40);

/** The example for GitHub, with what its expressions would be. */
function asWorkflow(head: string, env: Readonly<Record<string, string>>) {
  const given = {
    TARGET: "",
    BASE: "",
    HEAD: idOf(head),
    GUARD: "tools/spec-guard.mjs",
    REPOSITORY: remote,
    TOKEN: "t",
  };
  return run(scripts.workflow, { ...given, ...env });
}

function cloneOf(head: string): string {
  const folder = mkdtempSync(join(work, "clone-"));
  runGit(folder, ["clone", "-q", remote, "."]);
  runGit(folder, ["checkout", "-q", "--detach", idOf(head)]);
  return folder;
}

function asAction(head: string, env: Readonly<Record<string, string>>) {
  const dist = fileURLToPath(new URL("../..", import.meta.url));
  const given = {
    BASE: "",
    TARGET: "",
    BEFORE: "",
    HEAD: "HEAD",
    CONFIG: "spec-guard.yaml",
    DRY_RUN: "false",
    GUARD: "",
  };
  return run(scripts.action, { ...given, GITHUB_ACTION_PATH: dist, ...env }, cloneOf(head));
}

async function asGitlab(head: string, target: string, project = "7") {
  const folder = cloneOf(head);
  const env = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target, CI_PROJECT_ID: "7", CI_MERGE_REQUEST_PROJECT_ID: project };
  const { exit, said } = await run(scripts.gitlab, env, folder);
  const report = exit === 2 ? "" : readFileSync(join(folder, "spec-guard.xml"), "utf8");
  return { exit, said: said + report };
}

const recipes = {
  workflow: (head: string, target: string) => asWorkflow(head, { TARGET: target }),
  action: (head: string, target: string) => asAction(head, { TARGET: target }),
  gitlab: (head: string, target: string) => asGitlab(head, target),
};

describe.concurrent("the recipe", () => {
  test.for(["workflow", "action", "gitlab"] as const)(
    "%s judges by the guard of the base, and by a rule that the base got after the change parted from it",
    async (name) => {
      const judge = recipes[name];
      expect(await judge("honest", "main")).toMatchObject({ exit: 0 });
      const evil = await judge("evil", "main");
      expect(evil).toMatchObject({ exit: 1, said: expect.stringContaining("SG001") });
      expect(evil.said).not.toContain("the guard of the change");
      expect(await judge("late", "main")).toMatchObject({ exit: 1, said: expect.stringContaining("lib/a.ts") });
    },
  );

  test.for([
    ["an empty base", { BASE: "", BEFORE: "" }],
    ["a base of zeros, as a new branch has it", { BASE: zeros, BEFORE: zeros }],
  ] as const)("for GitHub ends with 2 for %s, and runs nothing of the change", async ([, env]) => {
    for (const judge of [() => asWorkflow("evil", env), () => asAction("evil", { ...env, BASE: "" })]) {
      const { exit, said } = await judge();
      expect(exit).toBe(2);
      expect(said).toContain("could not tell");
      expect(said).not.toContain("the guard of the change");
    }
  });

  test("for GitHub refuses a change of a workflow, and asks for nothing that the base did not ask for", async () => {
    expect(await recipes.workflow("workflow", "main")).toMatchObject({
      exit: 1,
      said: expect.stringContaining("SG001"),
    });
    expect(await recipes.workflow("late", "parted")).toMatchObject({ exit: 0 });
  });

  test("for GitHub takes what was pushed to before where there is no pull request", async () => {
    expect(await asWorkflow("honest", { BASE: idOf("parted") })).toMatchObject({ exit: 0 });
    expect(await asAction("evil", { BEFORE: idOf("parted") })).toMatchObject({ exit: 1 });
  });

  test("for GitHub and for GitLab ends with 2 where the base has no guard, or there is no such base", async () => {
    for (const target of ["unguarded", "nowhere"]) {
      expect(await asWorkflow("evil", { TARGET: target })).toMatchObject({ exit: 2 });
    }
    expect(await asGitlab("evil", "unguarded")).toMatchObject({ exit: 2 });
    expect(await asGitlab("evil", "")).toMatchObject({ exit: 2 });
    expect(await asGitlab("honest", "main", "8")).toMatchObject({ exit: 2 });
  });
});

test("the example takes its workflow from the base, checks nothing out, and may only read", () => {
  const text = read(".github/workflows/spec-guard.example.yml");
  const triggers = z.record(z.string(), z.unknown()).parse(parse(text.replaceAll(/^#(?= {2})/gm, "")).on);
  expect(triggers).toHaveProperty("pull_request_target");
  expect(triggers).not.toHaveProperty("pull_request");
  expect(Object.keys(workflow.on)).toEqual(["workflow_dispatch"]);
  expect(workflow.permissions).toEqual({ contents: "read" });
  const used = workflow.jobs["spec-guard"].steps.flatMap(({ uses }) => uses ?? []);
  expect(used.every((name) => name.startsWith("actions/setup-node@"))).toBe(true);
  for (const script of Object.values(scripts)) expect(script).not.toContain("${{");
});

test("the check of the example comes only from a change into a branch that it names", () => {
  const text = read(".github/workflows/spec-guard.example.yml");
  const Filter = z.looseObject({ branches: z.array(z.string()).min(1) });
  const { on } = z
    .object({ on: z.looseObject({ pull_request_target: Filter, push: Filter }) })
    .parse(parse(text.replaceAll(/^#(?= {2})/gm, "")));
  for (const { branches } of [on.pull_request_target, on.push]) expect(branches.join()).not.toMatch(/[*?]/);
  expect(workflow.jobs["spec-guard"].name).toContain(
    "github.event_name == 'workflow_dispatch' && 'spec-guard by hand'",
  );
});
