import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Goal, OrchestratorOptions, RunOptions } from "../../orchestrator/orchestrator.ts";
import type { TaskSpec } from "../../orchestrator/schema/task-spec.ts";
import { git, temporaryFolder, writeFiles } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { allBytes, createPlayground, type Playground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

interface Refusal {
  readonly task?: TaskSpec | Goal;
  readonly options?: Partial<OrchestratorOptions>;
  readonly run?: RunOptions;
  readonly code: string;
  readonly says: RegExp;
}

const refusals: Readonly<Record<string, Refusal>> = {
  "an unknown pattern": {
    task: { ...recipeGoal, recipe: ["make-it-good"] },
    code: "pattern_not_found",
    says: /make-it-good.*node-protocol/,
  },
  "a goal that no pattern serves": {
    task: { goal: "rewrite it in Rust" },
    code: "usage",
    says: /name patterns .*or a model/,
  },
  "an empty goal": { task: { goal: " " }, code: "usage", says: /goal/ },
  "a task spec without criteria": {
    task: { ...sampleTask, acceptance_criteria: [] },
    code: "document_invalid",
    says: /acceptance_criteria/,
  },
  "a task spec with an id that is no name": {
    task: { ...sampleTask, id: "../up" },
    code: "document_invalid",
    says: /id:/,
  },
  "a base that is not there": { run: { base: "no-such-branch" }, code: "base_not_found", says: /no-such-branch/ },
  "a limit on costs without a price": {
    task: sampleTask,
    options: { model: "openai:mock-model", environment: { OPENAI_API_KEY: "a key of nobody" } },
    run: { budget: { cost_usd: 1 } },
    code: "usage",
    says: /openai:mock-model has no price/,
  },
  "a base URL that is none": {
    options: { baseUrl: "nonsense" },
    code: "usage",
    says: /baseUrl \(--base-url\): a URL that begins with http/,
  },
  "a base URL of another protocol": { options: { baseUrl: "file:///etc" }, code: "usage", says: /--base-url/ },
  "a base URL with a user and a password": {
    options: { baseUrl: "https://me:hidden-word@example.com/v1" },
    code: "usage",
    says: /^(?!.*hidden-word).*\(--base-url\): .*no user, password, query or fragment; put the key into OPENAI_API_KEY/,
  },
  "a base URL with a key in its query": {
    options: { baseUrl: "https://example.com/v1?key=hidden-word" },
    code: "usage",
    says: /^(?!.*hidden-word).*\(--base-url\): .*put the key into OPENAI_API_KEY/,
  },
  "a setting out of its bounds": {
    options: { settings: { heartbeat_interval_seconds: -1 } },
    code: "usage",
    says: /^a setting does not fit: settings\.heartbeat_interval_seconds: .*>0/,
  },
  "a setting inside a setting": {
    options: { settings: { prices: { m: { input_usd: -1, output_usd: 1 } } } },
    code: "usage",
    says: /settings\.prices\.m\.input_usd: /,
  },
  "a setting that there is not": {
    options: { settings: Object.assign({ model: "recipe" }, { modle: "recipe" }) },
    code: "usage",
    says: /settings\.modle: Unrecognized key/,
  },
  "an empty model": { options: { model: "" }, code: "usage", says: /model \(--model\): / },
  "a limit that is none": { run: { budget: { turns: -1 } }, code: "usage", says: /budget\.turns: / },
  "a scope that is no glob": {
    task: { ...recipeGoal, scope: { include: ["src/["], exclude: [] } },
    code: "document_invalid",
    says: /scope\.include\.0: /,
  },
  "a model that is not known": { options: { model: "parrot" }, code: "model_unknown", says: /recipe, openai:/ },
  "a model without its key": { options: { model: "openai:mock-model" }, code: "usage", says: /OPENAI_API_KEY/ },
};

test.each(Object.entries(refusals))("%s is refused before anything is recorded", async (_name, refusal) => {
  const playground = createPlayground();
  await expectRefusal(playground, refusal);
  expect(existsSync(join(playground.repository, ".runs"))).toBe(false);
});

test("a config file that is invalid is refused with the line and what is wrong", async () => {
  const config = (text: string) => ({ ...samplePackage, "orchestrator.config.yaml": text });
  const wrong = createPlayground(config("version: 1\nsettings:\n  model_retrys: 3\n"));
  await expectRefusal(wrong, { code: "config_invalid", says: /orchestrator\.config\.yaml:3.*model_retrys/s });
  const broken = createPlayground(config("version: 1\nsettings: [\n"));
  await expectRefusal(broken, { code: "config_invalid", says: /orchestrator\.config\.yaml:\d/ });
  expect(existsSync(join(wrong.repository, ".runs"))).toBe(false);
});

test.each(["Hunter2SecretValue", "hunter2secretvalue"])(
  "a secret in a goal (%s) is in no name and no byte of the record",
  async (secret) => {
    const playground = createPlayground();
    const environment = { ...playground.environment, DEPLOY_PASSWORD: secret };
    const orchestrator = await playground.orchestrator({ environment });
    const goal = { goal: `${secret}: use node: for builtin modules`, recipe: ["node-protocol"] };
    const run = await orchestrator.run(goal, { signal: AbortSignal.abort() });
    await expect(run.finished()).rejects.toMatchObject({ code: "aborted" });
    expect(run.task.goal).toBe("[redacted:DEPLOY_PASSWORD]: use node: for builtin modules");
    const kept = allBytes(join(playground.repository, ".runs"));
    expect(kept.map(({ path }) => path).join()).toContain("events.jsonl");
    expect(kept.filter(({ path, text }) => /hunter2/i.test(path + text)).map(({ path }) => path)).toEqual([]);
  },
);

test("a folder that is no repository, or one without a commit, is refused with what to do", async () => {
  const playground = createPlayground();
  const folder = temporaryFolder("nothing");
  await expectRefusal(playground, { options: { repository: folder }, code: "repository_unusable", says: /git init/ });
  await expectRefusal(playground, {
    options: { repository: join(folder, "missing") },
    code: "repository_unusable",
    says: /does not exist/,
  });
  git(folder, "init", "-q");
  writeFiles(folder, samplePackage);
  await expectRefusal(playground, {
    options: { repository: folder },
    code: "repository_unusable",
    says: /no commit yet/,
  });
  expect(existsSync(join(folder, ".runs"))).toBe(false);
});

async function expectRefusal(playground: Playground, { task, options, run, code, says }: Refusal): Promise<void> {
  const started = playground
    .orchestrator(options)
    .then((orchestrator) => orchestrator.run(task ?? recipeGoal, run))
    .then(({ key }) => key);
  await expect(started).rejects.toMatchObject({
    name: "OrchestratorError",
    code,
    message: expect.stringMatching(says),
  });
}
