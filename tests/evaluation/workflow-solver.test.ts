import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  createWorkflowSolver,
  type EvaluationLog,
  filesMatch,
  gatesAgreed,
  openMachine,
  runEvaluation,
  runStatus,
  Sample,
  type Scorer,
  tokens,
  turns,
  type WorkflowSolverOptions,
} from "../../evaluation/index.ts";
import { temporaryFolder } from "../../evaluation/machine.test-support.ts";
import { honestTeam, samplePlan } from "../support/honest-team.ts";
import { inTurns, startModelServer } from "../support/model-server.ts";
import { samplePackage } from "../support/sample-package.ts";

/** Evaluates one sample on the sample package. */
async function evaluate(
  sample: Partial<Sample>,
  options: WorkflowSolverOptions,
  { scorers = [runStatus], timeLimitMs = 60_000, environment = {} }: Partial<Limits> = {},
): Promise<EvaluationLog> {
  const given = { id: "one", fixture: { files: { ...samplePackage } }, ...sample };
  return runEvaluation({
    dataset: { schema_version: 1, id: "own", samples: [Sample.parse(given)] },
    ...{ solver: createWorkflowSolver(options), scorers, timeLimitMs },
    folder: await temporaryFolder(),
    machine: await openMachine({ ...process.env, OPENAI_API_KEY: undefined, ...environment }),
    signal: new AbortController().signal,
  });
}

interface Limits {
  readonly scorers: readonly Scorer[];
  readonly timeLimitMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

const prefixed = 'const path = require("node:path");\n\nexports.joined = (...parts) => path.join(...parts);\n';
const passed = { status: ["passed" as const] };

test("the recipe does a pattern's work in a run, and the scorers see its files, its gates and what it used", async () => {
  const gates = [
    { gate: "test" as const, decision: "pass" as const },
    { gate: "review" as const, decision: "pass" as const },
  ];
  const log = await evaluate(
    {
      goal: "use the node: protocol",
      pattern: "node-protocol",
      scope: { include: ["src/**"], exclude: [] },
      target: { files: { "src/paths.js": prefixed }, run: { ...passed, gates } },
    },
    {},
    { scorers: [filesMatch, runStatus, gatesAgreed, tokens, turns] },
  );
  const [result] = log.results;
  expect(result).toMatchObject({
    status: "scored",
    passed: true,
    run: { status: "passed" },
    changed_paths: ["src/paths.js"],
  });
  if (result?.status !== "scored") return;
  expect(result.trajectory?.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["step", "model_call", "gate", "command"]),
  );
  expect(result.scores).toMatchObject({ tokens: { value: 0 }, turns: { value: result.usage?.turns } });
});

test("a question is answered as the dataset says, and one without an answer leaves the run blocked and the files alone", async () => {
  const sample = {
    goal: "use the node: protocol",
    pattern: "node-protocol",
    scope: { include: ["src/**"], exclude: [] },
  };
  const task = { approvals: ["plan" as const, "finish" as const] };
  const answers = [{ on: "plan_approval" as const, answer: "approve" as const }];
  const both = [...answers, { on: "finish_approval" as const, answer: "approve" as const }];
  const approved = await evaluate({ ...sample, workflow: { task, answers: both }, target: { run: passed } }, {});
  expect(approved.results).toMatchObject([{ passed: true, changed_paths: ["src/paths.js"] }]);
  const open = await evaluate({ ...sample, workflow: { task, answers }, target: { run: passed } }, {});
  expect(open.results).toMatchObject([{ passed: false, changed_paths: [], run: { status: "blocked" } }]);
});

test("a run that is out of time ends, and leaves no folder and no process behind", async () => {
  const mark = `out-of-time-${process.pid}`;
  const slow = `require("node:test").test("waits", () => new Promise((done) => setTimeout(done, 120000)), "${mark}");\n`;
  vi.stubEnv("TMPDIR", await temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("codex-orchestrator-"));
  const log = await evaluate(
    { pattern: "node-protocol", fixture: { files: { ...samplePackage, [`test/${mark}.test.js`]: slow, ...testAll } } },
    {},
    { timeLimitMs: 4_000 },
  );
  expect(log.results).toMatchObject([{ status: "timed_out", passed: false }]);
  await expect.poll(left, { timeout: 15_000 }).toEqual([]);
  const running = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) => commandLine(name).includes(mark));
  expect(running).toEqual([]);
});

const testAll = {
  "package.json": `${JSON.stringify({ name: "sample", version: "1.0.0", private: true, scripts: { test: "node --test test/*.test.js" } })}\n`,
};

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

test("a live evaluation is played again offline with the same scores, and a changed prompt is missed and told", async () => {
  const server = await startModelServer({ ...honestTeam, planner: inTurns({ text: JSON.stringify(onlyGreeting) }) });
  const folder = await temporaryFolder();
  const sample = {
    goal: "greet with a comma",
    scope: { include: ["src/**"], exclude: [] },
    target: { files: { "src/greet.js": 'exports.greet = (name) => "Hello, " + name;\n' }, run: passed },
  };
  const options = { model: "openai:mock-model", baseUrl: server.baseUrl };
  const scorers = [filesMatch, runStatus, tokens, turns];
  const live = await evaluate(
    sample,
    { ...options, cassettes: { folder, mode: "record" } },
    { scorers, environment: { OPENAI_API_KEY: "the-key-of-the-wire" } },
  );
  expect(live.results).toMatchObject([{ status: "scored", passed: true }]);
  const asked = server.requests().length;
  await server.stop();

  const replay = { ...options, cassettes: { folder, mode: "replay" as const } };
  const again = await evaluate(sample, replay, { scorers });
  expect(scoresOf(again)).toEqual(scoresOf(live));
  expect(asked).toBeGreaterThan(4);

  const changed = await evaluate({ ...sample, goal: "greet with a comma, please" }, replay, { scorers });
  expect(changed.results).toMatchObject([
    {
      ...{ status: "infrastructure_failed", code: "replay_missed", passed: false, attempts: 1 },
      message: expect.stringMatching(
        /no answer of the manager .*: message 1 differs; recorded: ".*comma.*", asked: ".*please/,
      ),
    },
  ]);
  const missing = await evaluate({ ...sample, id: "another" }, replay, { scorers });
  expect(missing.results).toMatchObject([{ status: "infrastructure_failed", code: "document_invalid" }]);
});

const onlyGreeting = { ...samplePlan, items: samplePlan.items.filter(({ id }) => id === "comma") };

function scoresOf({ results, summary, solver }: EvaluationLog) {
  const scores = results.map((result) => (result.status === "scored" ? result.scores : result.status));
  return { scores, passed: summary.passed, measures: summary.measures, solver };
}
