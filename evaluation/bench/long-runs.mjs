import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultPolicy } from "../../dist/orchestrator/gates/default-policy.js";
import { systemClock } from "../../dist/orchestrator/io/clock.js";
import { hashJson } from "../../dist/orchestrator/io/hash.js";
import { newId } from "../../dist/orchestrator/io/ids.js";
import { createRedactor } from "../../dist/orchestrator/io/redact/redactor.js";
import { createSecretScanner } from "../../dist/orchestrator/io/secret-scanner.js";
import { drivePipeline } from "../../dist/orchestrator/pipeline/drive-pipeline.js";
import { createFileRunStore } from "../../dist/orchestrator/runs/file-run-store.js";
import { verifyRun } from "../../dist/orchestrator/runs/verify-run.js";
import { median, time } from "./measure.mjs";

const person = { kind: "person", id: "bench", authenticated_by: "none" };
const hash = "c".repeat(40);
const enforcement = {
  sandbox: "process-group",
  network_blocked: false,
  writes_confined: false,
  environment_filtered: true,
};

/** What long logs and many runs cost: the record alone, with programs that take no time. */
export async function measureLongRuns(row, folder) {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  const open = (root) =>
    createFileRunStore({
      root,
      clock: systemClock,
      redactor,
      heartbeat: { intervalSeconds: 10, staleAfterSeconds: 30 },
    });
  await measureResume(row, join(folder, "long"), open, redactor);
  await measureVerify(row, join(folder, "verified"), open, redactor);
  await measureList(row, join(folder, "many"), open, redactor);
}

async function measureResume(row, root, open, redactor) {
  const key = await runSteps(open(root), redactor, 1000);
  const directory = join(root, key.taskId, key.runId);
  const half = await runSteps(open(root), redactor, 500);
  const bytes = bytesIn(directory);
  const bytesOfHalf = bytesIn(join(root, half.taskId, half.runId));
  const figures = [];
  for (let round = 0; round < 3; round += 1) {
    const copy = join(root, `copy-${round}`);
    cpSync(join(root, key.taskId), join(copy, key.taskId), { recursive: true });
    const [figure] = await time(1, () => goOn(open(copy), redactor, key), 0);
    figures.push(figure);
  }
  row("resume and end of a pipeline after 1,000 steps", median(figures), "ms", "<= 300");
  row("KiB per step, over 1,000 steps", bytes / 1000 / 1024, "KiB", "<= 2");
  row("KiB of steps 501 to 1,000 / KiB of the first 500", (bytes - bytesOfHalf) / bytesOfHalf, "x", "<= 1.1");
}

async function measureVerify(row, root, open, redactor) {
  const key = await runSteps(open(root), redactor, 5000);
  const directory = join(root, key.taskId, key.runId);
  let found;
  const figures = await time(3, async () => {
    found = await verifyRun(directory);
  });
  if (!found.ok) throw new Error(`the long run does not verify: ${JSON.stringify(found.problems[0])}`);
  row(`verify of a log of ${found.events.toLocaleString("en")} events`, median(figures), "ms", "<= 500");
}

/** The first page, and every row, of 10,000 finished runs over 10 tasks. */
async function measureList(row, root, open, redactor) {
  const key = await runSteps(open(root), redactor, 3);
  await goOn(open(root), redactor, key);
  const source = join(root, key.taskId, key.runId);
  const manifest = readFileSync(join(source, "manifest.json"), "utf8");
  const log = readFileSync(join(source, "events.jsonl"));
  for (let index = 1; index < 10_000; index += 1) {
    const taskId = `task-${index % 10}`;
    const runId = newId(systemClock);
    const directory = join(root, taskId, runId);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "events.jsonl"), log);
    writeFileSync(
      join(directory, "manifest.json"),
      manifest.replaceAll(key.runId, runId).replaceAll(`"task_id": "${key.taskId}"`, `"task_id": "${taskId}"`),
    );
  }
  const store = open(root);
  let rows;
  const first = await time(3, () => store.list({ limit: 20 }), 1);
  const whole = await time(
    3,
    async () => {
      ({ rows } = await store.list({ limit: 10_000 }));
    },
    1,
  );
  if (rows.length !== 10_000 || rows.some(({ damaged }) => damaged)) throw new Error("not all of the runs are listed");
  row("runs list over 10,000 runs, first page", median(first), "ms", "<= 1000");
  row("runs list over 10,000 runs, every run", median(whole), "ms");
}

/** A pipeline whose runner stops after so many commands; one command is left. */
async function runSteps(store, redactor, steps) {
  const stop = new AbortController();
  const key = { taskId: "bench", runId: newId(systemClock) };
  const lease = await store.create(key, { event: "run_created", actor: person, payload: created(key, steps + 1) });
  let begun = 0;
  const parts = partsOf(redactor, () => {
    begun += 1;
    if (begun > steps) stop.abort();
  });
  await drivePipeline(parts, lease, stop.signal).finished.catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  const again = await store.acquire(key, "bench", person);
  await again.writeManifest();
  await again.release();
  return key;
}

async function goOn(store, redactor, key) {
  const lease = await store.acquire(key, "bench", person);
  const { status } = await drivePipeline(partsOf(redactor), lease, new AbortController().signal).finished;
  if (status !== "passed") throw new Error(`the pipeline ended ${status}`);
}

function partsOf(redactor, onPrepare = () => {}) {
  return {
    clock: systemClock,
    redactor,
    openExecutor: async () => ({
      prepare: async () => {
        onPrepare();
        return { argv: ["true"], timeoutMs: 1000, enforcement, start };
      },
      close: async () => {},
    }),
    discard: async () => {},
    outputFolder: ({ runId }) => join("/tmp", `orchestrator-bench-${runId}`),
    random: () => 0.5,
    randomHex: (bytes) => "0".repeat(bytes * 2),
    gateTimeoutMs: 10_000,
    inboxIntervalMs: 300,
  };
}

async function start({ onStarted, signal }) {
  await onStarted(process.pid);
  const status = signal.aborted ? "aborted" : "exited";
  const outcome = { status, exitCode: 0, signal: null, durationMs: 1, outputTail: "", outputBytes: 0 };
  return { outcome: { ...outcome, outputTruncated: false, detail: "" }, check: null, failedCall: null };
}

function created({ taskId, runId }, commands) {
  const policy = defaultPolicy();
  const command = {
    argv: ["true"],
    cwd: ".",
    required: true,
    once: false,
    retries: 0,
    retry_delay_ms: 1000,
    sandbox: false,
    network: false,
    env: [],
  };
  const queue = Array.from({ length: commands }, (_, index) => ({ name: `step-${index + 1}`, ...command }));
  return {
    task: {
      id: taskId,
      title: "A long pipeline",
      goal: "every command passes",
      acceptance_criteria: [{ id: "commands", text: "every command passes" }],
      scope: { include: ["**"], exclude: [] },
      specs: [],
      budget: {},
      approvals: [],
    },
    task_source: "pipeline",
    repository: { root: "/bench", base_commit: hash, base_tree: hash, branch: "main", uncommitted_changes: false },
    policy,
    policy_sha256: hashJson(policy),
    model: "none",
    base_url: null,
    manager_when: "choices",
    approvals: [],
    code_version: "0",
    parent_run: null,
    root_run: runId,
    pipeline: { name: "long", keep_going: false, commands: queue },
  };
}

function bytesIn(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => statSync(join(directory, name)))
    .filter((status) => status.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}
