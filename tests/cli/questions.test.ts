import { expect, test } from "vitest";
import { createCliPlayground, goal } from "./cli-playground.ts";

const timeout = 120_000;

test("a run that asks exits 3 with the commands to answer; approvals carry it to its end", { timeout }, async () => {
  const { run, call } = createCliPlayground();
  const asked = await run(...goal, "--approve", "plan,finish", "--quiet");
  expect(asked.exit).toBe(3);
  const [, runId = ""] = /codex-orchestrator approve (\S+)/.exec(asked.stdout) ?? [];
  expect(asked.stdout).toContain("? plan approval about planner.1");
  expect(asked.stdout).toContain("plan Apply node-protocol.");
  expect(asked.stdout).toContain(`codex-orchestrator reject ${runId} --question q1 --message "…"`);
  expect(await call("approve", runId, "--question", "q7")).toMatchObject({ exit: 2, stdout: "" });

  const left = await run("approve", runId, "--no-advance", "--format", "json");
  expect([left.exit, JSON.parse(left.stdout)]).toMatchObject([
    0,
    { run_id: runId, command: { answer: "approve" }, taken: false },
  ]);
  const resumed = await run("resume", runId);
  expect(resumed.exit).toBe(3);
  expect(resumed.stderr).toContain("approve of q1 by ann");
  expect(resumed.stderr).not.toContain("run created");
  expect(resumed.stdout).toContain("? finish approval about builder.1");
  const polled = await call("poll", runId);
  expect(polled.exit).toBe(3);
  expect(polled.stdout.replace(/\s+/g, " ")).toContain(`answer codex-orchestrator approve ${runId} --question q2`);
  const diff = await call("runs", "diff", runId);
  expect(diff).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("node:fs"),
    stderr: expect.stringContaining("not committed yet"),
  });
  expect(await call("runs", "apply", runId)).toMatchObject({ exit: 1, stderr: expect.stringContaining("is blocked") });

  const unnamed = await call("approve", runId);
  expect(unnamed).toMatchObject({ exit: 2, stderr: expect.stringContaining("--question q2 (finish_approval") });
  const done = await run("approve", runId, "--question", "q2", "--message", "well done", "--quiet", "--format", "json");
  expect(done.exit).toBe(0);
  const manifest = JSON.parse(done.stdout);
  expect(manifest.questions).toMatchObject([
    {
      question: { id: "q1" },
      answer: { decision: "approve", actor: { kind: "person", id: "ann", authenticated_by: "local_user" } },
    },
    { question: { id: "q2" }, answer: { decision: "approve", message: "well done" } },
  ]);
});

test("a plan that is rejected with words goes back, and without words the run ends refused", { timeout }, async () => {
  const { run, call } = createCliPlayground();
  await run(...goal, "--approve", "plan", "--quiet");
  const back = await run("reject", "latest", "--message", "smaller, please", "--quiet");
  expect([back.exit, back.stdout]).toEqual([3, expect.stringContaining("? plan approval about planner.2")]);
  await call("reject", "latest", "--question", "q2", "--message", "other words", "--no-advance");
  const late = await run("approve", "latest", "--question", "q2", "--quiet");
  expect(late).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining("approve had no effect: question q2 was answered"),
  });
  const ended = await run("reject", "latest", "--question", "q3", "--quiet", "--format", "json");
  expect([ended.exit, JSON.parse(ended.stdout).status]).toEqual([1, "refused"]);
  const show = await call("runs", "show", "latest");
  expect(show.stdout).toContain('"smaller, please"');
});
