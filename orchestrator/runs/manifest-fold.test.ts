import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventDraft, KnownEvent } from "../schema/run-event.ts";
import { RunManifest } from "../schema/run-manifest.ts";
import { sealDraft } from "./event-line.ts";
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
  resumeCommand,
  runner,
  stepFinished,
  stepStarted,
  toolFinished,
  treeA,
  treeB,
} from "./fixtures/sample-run.ts";
import { createManifestFold, foldManifest } from "./manifest-fold.ts";

/** Chains drafts; a `lease_acquired` begins the next epoch. `heldMs` is what the holder of each had measured. */
function chain(drafts: readonly EventDraft[], heldMs: readonly number[] = []): KnownEvent[] {
  const events: KnownEvent[] = [];
  let epoch = 1;
  for (const [index, draft] of drafts.entries()) {
    if (draft.event === "lease_acquired" && draft.payload.continues !== null) epoch += 1;
    const place = {
      seq: index,
      epoch,
      timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * index).toISOString(),
      held_ms: heldMs[index] ?? 0,
      task_id: "task-1",
      run_id: "run-1",
      prev_hash: events.at(-1)?.hash ?? "0".repeat(64),
    };
    events.push(sealDraft(place, draft).event);
  }
  return events;
}

const lease = (reason: string, isFirst = false): EventDraft => ({
  event: "lease_acquired",
  actor: person,
  payload: {
    holder: "h",
    continues: isFirst ? null : { seq: 0, hash: "0".repeat(64) },
    reason,
    held_before_ms: null,
    set_aside: [],
  },
});
const fold = (...drafts: readonly EventDraft[]) => foldManifest(chain([created(), lease("created", true), ...drafts]));

test.each<[string, EventDraft[], string]>([
  ["running at first", [], "running"],
  ["blocked by a question", [asked(), blocked()], "blocked"],
  ["still blocked when another runner looks", [asked(), blocked(), lease("look")], "blocked"],
  ["running after the answer", [asked(), blocked(), lease("l"), received(answerCommand())], "running"],
  [
    "blocked after an answer to another question",
    [asked(), asked("q2"), blocked(), received(answerCommand("q2"))],
    "blocked",
  ],
  ["blocked after an answer that was not accepted", [asked(), blocked(), received(answerCommand(), false)], "blocked"],
  ["blocked although somebody said resume", [asked(), blocked(), received(resumeCommand())], "blocked"],
  ["paused", [received(pauseCommand()), blocked("pause", null)], "paused"],
  ["running after resume", [blocked("pause", null), received(resumeCommand())], "running"],
  ["running when a step begins", [blocked("pause", null), stepStarted()], "running"],
  ["faulted", [stepStarted(), faulted()], "faulted"],
  ["running when a runner goes on", [faulted(), lease("resumed")], "running"],
  ["final", [finished()], "passed"],
  ["final for ever", [finished(), faulted(), lease("look"), blocked(), stepStarted()], "passed"],
])("a run is %s", (_name, drafts, status) => {
  expect(fold(...drafts).status).toBe(status);
});

test("a run is finished at its first ending, with that ending", () => {
  const cancelled: EventDraft = {
    event: "run_finished",
    actor: runner,
    payload: { status: "cancelled", detail: "too late" },
  };
  expect(fold(finished(), cancelled)).toMatchObject({ status: "passed", finished_at: "2026-01-01T00:00:02.000Z" });
});

test("the standing is put in words", () => {
  expect(fold(stepStarted()).status_detail).toBe("in step planner.1");
  expect(fold(asked(), blocked()).status_detail).toBe("What now?");
  expect(fold(faulted()).status_detail).toBe("disk_failed: no space");
  expect(fold(finished()).status_detail).toBe("all gates passed");
});

test("a step takes its usage, calls and end from its events; what belongs to no listed step still counts for the run", () => {
  const manifest = fold(
    stepStarted(),
    modelAnswered("a"),
    modelAnswered("b"),
    modelAnswered("c", "manager.1"),
    toolFinished(),
    stepFinished(),
    stepStarted("planner.2", 2),
    modelAnswered("d", "planner.2"),
  );
  expect(manifest.steps).toMatchObject([
    { step_id: "planner.1", status: "finished", tool_calls: 1, tree_after: treeA, usage: { turns: 1 } },
    { step_id: "planner.2", attempt: 2, status: "open", finished_at: null, usage: { turns: 1, input_tokens: 100 } },
  ]);
  expect(manifest.metrics).toMatchObject({ tool_calls: 1, usage: { turns: 4, input_tokens: 400, cost_usd: 2 } });
  expect(manifest.models_used).toEqual(["recipe-1"]);
});

test("failed and drifted attempts stay on record with the reason", () => {
  const usage = { turns: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 };
  const failed: EventDraft = {
    event: "step_failed",
    actor: runner,
    payload: { step_id: "planner.1", code: "gave_up", message: "too hard", tree: treeB, usage, duration_ms: 1 },
  };
  const drifted: EventDraft = {
    event: "step_drifted",
    actor: runner,
    payload: { step_id: "planner.1", reason: "moved" },
  };
  expect(fold(stepStarted(), failed).steps).toMatchObject([
    { status: "failed", detail: "gave_up: too hard", tree_after: treeB },
  ]);
  expect(fold(stepStarted(), drifted, stepStarted()).steps).toMatchObject([
    { status: "drifted", detail: "moved" },
    { status: "open", detail: null },
  ]);
});

test("an accepted answer stands with who gave it and when", () => {
  expect(fold(asked(), blocked(), received(answerCommand())).questions).toMatchObject([
    {
      question: { id: "q1" },
      answer: { decision: "approve", actor: person, at: "2026-01-01T00:00:02.000Z", message: "go on" },
    },
  ]);
  expect(fold(asked()).questions[0]?.answer).toBeNull();
});

test("gates and refusals are counted, and artifacts kept once by name", () => {
  const gate = gatePassed();
  const refused: EventDraft[] =
    gate.event === "gate_passed"
      ? [
          {
            ...gate,
            event: "gate_refused",
            payload: {
              ...gate.payload,
              verdict: { ...gate.payload.verdict, decision: "refuse", findings: [{ rule: "r", message: "m" }] },
            },
          },
        ]
      : [];
  const artifact = (bytes: number): EventDraft => ({
    event: "artifact_stored",
    actor: runner,
    payload: { name: "a.txt", sha256: "0".repeat(64), bytes, media_type: "text/plain" },
  });
  const manifest = fold(gate, ...refused, artifact(1), artifact(2));
  expect(manifest.gates.map(({ verdict }) => verdict.decision)).toEqual(["pass", "refuse"]);
  expect(manifest.metrics.refusals).toBe(1);
  expect(manifest.artifacts).toMatchObject([{ name: "a.txt", bytes: 2 }]);
});

test("a commit of the reported tree completes the change", () => {
  const change = {
    base_commit: treeA,
    tree: treeB,
    head_commit: null,
    paths: [],
    insertions: 0,
    deletions: 0,
    patch_sha256: "0".repeat(64),
  };
  const usage = { turns: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 };
  const summary = { summary: "built", items_done: [], items_left: [] };
  const built: EventDraft = {
    event: "step_finished",
    actor: runner,
    payload: {
      step_id: "builder.1",
      document: { role: "builder", summary, change },
      tree: treeB,
      usage,
      duration_ms: 1,
    },
  };
  const commit = "c".repeat(40);
  const committed: EventDraft = {
    event: "change_committed",
    actor: runner,
    payload: { commit, tree: treeB, branch: "orchestrator/run-1" },
  };
  expect(fold(built).change?.head_commit).toBeNull();
  expect(fold(built, committed)).toMatchObject({ commit, change: { tree: treeB, head_commit: commit } });
});

test("time counts only under a lease, and not after the end", () => {
  const drafts = [created(), lease("created", true), asked(), blocked(), lease("later"), finished(), lease("look")];
  const held = [0, 1000, 2000, 3000, 0, 4000, 9000];
  expect(foldManifest(chain(drafts, held)).metrics.duration_seconds).toBe(7);
});

test("each take-over is a resume event, and the log is summed up", () => {
  const events = chain([created(), lease("created", true), lease("one"), lease("two")]);
  const { resume_events, log } = foldManifest(events);
  expect(resume_events.map(({ epoch, reason }) => [epoch, reason])).toEqual([
    [2, "one"],
    [3, "two"],
  ]);
  expect(log).toEqual({ events: 4, epochs: 3, last_hash: events[3]?.hash });
});

test("a log without a beginning has no manifest", () => {
  expect(() => foldManifest([])).toThrow("does not begin with run_created");
  expect(() => foldManifest(chain([created(), finished()]).slice(1))).toThrow("does not begin with run_created");
});

const drafts = fc.array(
  fc.constantFrom(
    stepStarted(),
    modelAnswered(),
    toolFinished(),
    stepFinished(),
    gatePassed(),
    asked(),
    blocked(),
    blocked("pause", null),
    received(answerCommand()),
    received(resumeCommand()),
    faulted(),
    lease("again"),
    finished(),
  ),
  { maxLength: 30 },
);

test("any sequence of events folds to a manifest that fits its schema, the same bit by bit as at once", () => {
  const property = fc.property(drafts, (some) => {
    const events = chain([created(), lease("created", true), ...some]);
    const stepwise = createManifestFold();
    for (const event of events) {
      stepwise.add(event);
      stepwise.manifest();
    }
    const whole = foldManifest(events);
    expect(stepwise.manifest()).toEqual(whole);
    expect(RunManifest.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });
  fc.assert(property, { numRuns: 200 });
});

test("a manifest that was given out does not change when the log goes on", () => {
  const [first, ...rest] = chain([created(), lease("created", true), stepStarted(), stepFinished(), finished()]);
  const folding = createManifestFold();
  if (first !== undefined) folding.add(first);
  const early = folding.manifest();
  const copy = structuredClone(early);
  for (const event of rest) folding.add(event);
  expect(early).toEqual(copy);
});

test("a pattern is named once for each version and hash that a tool used, and a run without one has no such list", () => {
  const use = { id: "node-protocol", version: "1.0.0", sha256: "1".repeat(64), library: null };
  const other = { ...use, id: "acme/own", sha256: "2".repeat(64), library: "acme" };
  const call = (pattern: typeof use | typeof other | undefined, outcome: "ok" | "refused" = "ok"): EventDraft => {
    const draft = toolFinished("build-1", "done");
    if (draft.event !== "tool_finished") throw new TypeError("the sample is another event");
    return { ...draft, payload: { ...draft.payload, outcome, ...(pattern === undefined ? {} : { pattern }) } };
  };
  const manifest = fold(call(use), call(other), call(use), call({ ...use, sha256: "3".repeat(64) }), call(undefined));
  expect(manifest.patterns).toEqual([use, other, { ...use, sha256: "3".repeat(64) }]);
  expect(RunManifest.parse(manifest)).toEqual(manifest);
  expect(fold(call(undefined))).not.toHaveProperty("patterns");
});
