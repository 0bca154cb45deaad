import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents-core/testing";
import { expect, test } from "vitest";
import { diffPageCharacters, type ReviewerInput } from "../schema/handoff.ts";
import type { RunLease } from "../schema/run-store.ts";
import { beginRun } from "./run-in-memory.test-support.ts";

/** The change of the long file does not fit into what a reviewer is handed; the one after it does. */
const files = {
  "src/aaa.js": Array.from(
    { length: 800 },
    (_, line) => `const f${line} = require("fs"); // ${"filler ".repeat(20)}\n`,
  ).join(""),
  "src/zzz.js": 'require("child_process");\n',
};
const approval = assistantMessage(
  JSON.stringify({ decision: "approve", summary: "fine", criteria_met: ["done"], findings: [] }),
);
const page = (path: string | null, offset: number | null) =>
  functionCall("git_diff", { path, offset }, { callId: `${path}-${offset}` });

function handedTo({ events }: RunLease): ReviewerInput {
  for (const { event, payload } of events) {
    if (event === "step_started" && payload.input.role === "reviewer") return payload.input;
  }
  throw new Error("there was no reviewer");
}

async function reviewedBy(...turns: (ReturnType<typeof functionCall> | ReturnType<typeof assistantMessage>)[][]) {
  const budget = { builder_attempts: 1, planner_attempts: 1 };
  const run = await beginRun({ files, task: { budget }, models: { reviewer: new ScriptedModel(turns) } });
  const manifest = await run.drive();
  const review = manifest.gates.find(({ verdict }) => verdict.gate === "review")?.verdict;
  return { lease: run.lease, manifest, review };
}

test("a long file hides none after it, and an approval by a reviewer that did not read it is refused, naming it", async () => {
  const { lease, manifest, review } = await reviewedBy([approval]);
  const { diff, diff_left_out } = handedTo(lease);
  expect(diff).toContain("node:child_process");
  expect(diff_left_out).toEqual([{ path: "src/aaa.js", characters: expect.any(Number) }]);
  expect(review).toMatchObject({
    decision: "refuse",
    findings: [{ rule: "review/unseen-path", path: "src/aaa.js" }],
  });
  expect(manifest.status).toBe("blocked");
});

test("reading a part of it, or reading beyond its end, is not enough", async () => {
  const { review } = await reviewedBy(
    [page("src/aaa.js", null)],
    [page("src/zzz.js", null), page("src/aaa.js", 9_000_000)],
    [approval],
  );
  expect(review?.decision).toBe("refuse");
});

test("a reviewer that read the file to its end may approve", async () => {
  const offsets = [0, 1, 2, 3, 4, 5].map((index) => index * diffPageCharacters);
  const { lease, manifest, review } = await reviewedBy(
    offsets.map((offset) => page("src/aaa.js", offset)),
    [approval],
  );
  expect(review?.decision).toBe("pass");
  expect(manifest.status).toBe("passed");
  const results = lease.events.flatMap(({ event, payload }) =>
    event === "tool_finished" && payload.tool === "git_diff" ? [payload.result] : [],
  );
  expect(results[0]).toMatch(/\[\d+ more characters; read on from offset 50000\]$/);
});

test("the recipe's reviewer reads what the diff leaves out before it approves", async () => {
  const run = await beginRun({ files });
  const manifest = await run.drive();
  expect(manifest.status_detail).toBe("every gate passed");
  const read = run.lease.events.filter(
    ({ event, payload }) => event === "tool_finished" && payload.tool === "git_diff",
  );
  const pages = handedTo(run.lease).diff_left_out.map(({ characters }) => Math.ceil(characters / diffPageCharacters));
  expect(pages[0]).toBeGreaterThan(4);
  expect(read).toHaveLength(pages[0] ?? 0);
});
