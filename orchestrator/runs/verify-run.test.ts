import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventDraft } from "../schema/run-event.ts";
import { forgeEvents } from "./fixtures/forge-events.ts";
import { mutate, mutationKinds } from "./fixtures/mutate.ts";
import {
  answerCommand,
  asked,
  blocked,
  created,
  faulted,
  finished,
  gatePassed,
  modelAnswered,
  pauseCommand,
  person,
  received,
  runner,
  stepFinished,
  stepStarted,
  tickingClock,
  toolFinished,
  treeA,
} from "./fixtures/sample-run.ts";
import { makeStore } from "./fixtures/temporary-store.ts";
import { manifestText } from "./manifest-fold.ts";
import { verifyRun } from "./verify-run.ts";

let scratch = "";
/** A finished run over two epochs, with a blob and an artifact. */
let finishedRun = "";
let openRun = "";
let copies = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "verify-"));
  const { root, store, dispose } = await makeStore({ clock: tickingClock() });
  const key = { taskId: "task-1", runId: "run-1" };
  const first = await store.create(key, created());
  for (const draft of [stepStarted(), modelAnswered("h\u00e9llo"), toolFinished("x".repeat(9000)), stepFinished()]) {
    await first.append(draft);
  }
  for (const draft of [gatePassed(), asked(), blocked()]) await first.append(draft);
  await first.writeManifest();
  await first.release();
  openRun = join(scratch, "open");
  await cp(join(root, "task-1", "run-1"), openRun, { recursive: true });
  const second = await store.acquire(key, "answered", person);
  await second.append(received(answerCommand()));
  await second.putArtifact("change.patch", "+hello\n", "text/x-diff");
  await second.append(finished());
  await second.writeManifest();
  await second.release();
  finishedRun = join(scratch, "finished");
  await cp(join(root, "task-1", "run-1"), finishedRun, { recursive: true });
  await dispose();
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function copyOf(run: string): Promise<string> {
  copies += 1;
  const copy = join(scratch, `copy-${copies}`);
  await cp(run, copy, { recursive: true });
  return copy;
}

test("a sound run verifies, as a copy under another name, with everything counted", async () => {
  expect(await verifyRun(await copyOf(finishedRun))).toEqual({
    ok: true,
    problems: [],
    notes: [],
    run: { task_id: "task-1", run_id: "run-1" },
    events: 13,
    epochs: 2,
    checked: { blobs: 1, artifacts: 1, manifest: true, signature: false },
  });
  expect(await verifyRun(await copyOf(openRun))).toMatchObject({ ok: true, events: 9, epochs: 1 });
});

const mutation = fc
  .tuple(fc.constantFrom(...mutationKinds), fc.nat(), fc.nat())
  .map(([kind, at, other]) => ({ kind, at, other }));

test.each(["events.jsonl", "events.2.jsonl", "manifest.json"])(
  "every change of %s is noticed, and none makes the check throw",
  async (name) => {
    const copy = await copyOf(finishedRun);
    const original = await readFile(join(copy, name));
    const property = fc.asyncProperty(mutation, async (one) => {
      const changed = mutate(original, one);
      fc.pre(!changed.equals(original));
      await writeFile(join(copy, name), changed);
      const { ok, problems } = await verifyRun(copy);
      expect(ok).toBe(false);
      expect(problems.length).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 250 });
  },
);

test("a change of an unfinished run's manifest is noticed as well", async () => {
  const copy = await copyOf(openRun);
  const original = await readFile(join(copy, "manifest.json"));
  const property = fc.asyncProperty(mutation, async (one) => {
    const changed = mutate(original, one);
    fc.pre(!changed.equals(original));
    await writeFile(join(copy, "manifest.json"), changed);
    expect((await verifyRun(copy)).ok).toBe(false);
  });
  await fc.assert(property, { numRuns: 100 });
});

test("the first line that does not fit is named, with its segment", async () => {
  const copy = await copyOf(finishedRun);
  const log = await readFile(join(copy, "events.jsonl"), "utf8");
  await writeFile(join(copy, "events.jsonl"), log.replace('"duration_ms":12', '"duration_ms":13'));
  const { problems, events } = await verifyRun(copy);
  expect(problems[0]).toEqual({
    where: "events.jsonl",
    line: 4,
    message: "was changed: its content does not fit its hash",
  });
  expect(events).toBe(3);
});

test("a manifest that tells another story than the log is caught at the line that differs", async () => {
  const copy = await copyOf(finishedRun);
  const manifest = JSON.parse(await readFile(join(copy, "manifest.json"), "utf8"));
  manifest.metrics.refusals = 7;
  await writeFile(join(copy, "manifest.json"), manifestText(manifest));
  expect((await verifyRun(copy)).problems).toEqual([
    {
      where: "manifest.json",
      line: expect.any(Number),
      message: 'is not what the log says: "\\"refusals\\": 0," is due, not "\\"refusals\\": 7,"',
    },
  ]);
});

test("an older manifest does not do for a finished run", async () => {
  const copy = await copyOf(finishedRun);
  await cp(join(openRun, "manifest.json"), join(copy, "manifest.json"));
  expect((await verifyRun(copy)).problems).toEqual([
    { where: "manifest.json", message: "sums up 9 events and misses the end of the run" },
  ]);
});

const committed = { commit: "c".repeat(40), tree: treeA, branch: "orchestrator/run-1" };
const bundle = { name: "change.bundle", sha256: "0".repeat(64), bytes: 1, media_type: "application/x-git-bundle" };

test.each<[string, EventDraft]>([
  ["another commit", { event: "change_committed", actor: runner, payload: committed }],
  ["another artifact", { event: "artifact_stored", actor: runner, payload: bundle }],
  ["a gate that passes", gatePassed()],
  ["a step", stepStarted("builder.1")],
  ["another end", finished()],
  ["a command that is obeyed", received(pauseCommand())],
  ["an answer that is taken", received(answerCommand())],
])(
  "well-formed lines with %s after the end of a run are a problem at their line, and nothing reads them",
  async (_name, forged) => {
    const copy = await copyOf(finishedRun);
    forgeEvents(join(copy, "events.2.jsonl"), [faulted(), forged]);
    const { ok, problems } = await verifyRun(copy);
    expect(ok).toBe(false);
    expect(problems[0]).toMatchObject({
      where: "events.2.jsonl",
      line: 6,
      message: expect.stringContaining("after the end of the run"),
    });
  },
);

test("what a runner writes that comes after the end changes neither the manifest nor what is found", async () => {
  const copy = await copyOf(finishedRun);
  forgeEvents(join(copy, "events.2.jsonl"), [received(pauseCommand(), false), faulted()]);
  expect(await verifyRun(copy)).toMatchObject({
    ok: true,
    events: 15,
    notes: ["2 events came after the end of the run; neither the manifest nor its signature says anything of them"],
  });
});

test("a file that is named like a segment and is read as none is a problem", async () => {
  const copy = await copyOf(finishedRun);
  for (const name of ["events.999999999.jsonl", "events.1.jsonl", "events.x.jsonl"]) {
    await writeFile(join(copy, name), "");
    expect((await verifyRun(copy)).problems).toEqual([
      { where: name, message: "is no segment of the log: those have the numbers 2 to 99999" },
    ]);
    await rm(join(copy, name));
  }
});

test("a manifest that sums up more than the run is a problem", async () => {
  const copy = await copyOf(finishedRun);
  const manifest = JSON.parse(await readFile(join(copy, "manifest.json"), "utf8"));
  forgeEvents(join(copy, "events.2.jsonl"), [faulted()]);
  manifest.log.events += 1;
  await writeFile(join(copy, "manifest.json"), manifestText(manifest));
  expect((await verifyRun(copy)).problems).toMatchObject([
    {
      where: "manifest.json",
      message: 'is not what the log says: "\\"events\\": 13," is due, not "\\"events\\": 14,"',
    },
  ]);
});

test("an artifact that would lie outside the run's folder is not looked at", async () => {
  const { root, store, dispose } = await makeStore();
  const lease = await store.create({ taskId: "task-1", runId: "run-1" }, created());
  const payload = { name: "../../../etc/hostname", sha256: "0".repeat(64), bytes: 1, media_type: "text/plain" };
  await lease.append({ event: "artifact_stored", actor: person, payload });
  await lease.release();
  expect((await verifyRun(join(root, "task-1", "run-1"))).problems).toEqual([
    { where: payload.name, message: "is recorded as an artifact, which it cannot be by its name" },
  ]);
  await dispose();
});

test("what is changed, missing or not a file among blobs, artifacts and manifest is named", async () => {
  const copy = await copyOf(finishedRun);
  await writeFile(join(copy, "change.patch"), "+hullo\n");
  expect((await verifyRun(copy)).problems).toEqual([
    { where: "change.patch", message: "was changed since it was recorded" },
  ]);
  await rm(join(copy, "change.patch"));
  await rm(join(copy, "blobs"), { recursive: true });
  await rm(join(copy, "manifest.json"));
  await mkdir(join(copy, "manifest.json"));
  const { problems } = await verifyRun(copy);
  expect(problems.map(({ where }) => where)).toEqual(["events.jsonl", "change.patch", "manifest.json"]);
  await rm(join(copy, "manifest.json"), { recursive: true });
  expect((await verifyRun(copy)).problems.at(-1)).toEqual({ where: "manifest.json", message: "is not there" });
});

test("documents that do not fit the hash beside them are named by their event", async () => {
  const { root, store, dispose } = await makeStore();
  const key = { taskId: "task-1", runId: "run-1" };
  const lease = await store.create(key, created());
  const step = stepStarted();
  const gate = gatePassed();
  if (step.event === "step_started")
    await lease.append({ ...step, payload: { ...step.payload, input_sha256: "0".repeat(64) } });
  if (gate.event === "gate_passed")
    await lease.append({ ...gate, payload: { ...gate.payload, evidence: { paths: [] } } });
  await lease.release();
  expect(
    (await verifyRun(join(root, "task-1", "run-1"))).problems.map(({ where, message }) => [where, message]),
  ).toEqual([
    ["event 2", "records an input that does not fit its hash"],
    ["event 3", "records evidence that does not fit its hash"],
  ]);
  await dispose();
});

test("a folder that is no run is a problem, never an exception", async () => {
  const empty = join(scratch, "empty");
  await mkdir(empty);
  const loop = join(scratch, "loop");
  await symlink(loop, loop);
  const weird = await copyOf(finishedRun);
  await rm(join(weird, "events.jsonl"));
  await mkdir(join(weird, "events.jsonl"));
  for (const folder of [empty, loop, weird, join(scratch, "none"), join(finishedRun, "manifest.json")]) {
    const { ok, problems } = await verifyRun(folder);
    expect(ok).toBe(false);
    expect(problems[0]?.where).toBe("events.jsonl");
  }
});
