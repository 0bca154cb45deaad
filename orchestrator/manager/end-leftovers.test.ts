import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { begin } from "../flow/run-story.test-support.ts";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import { endLeftovers } from "./end-leftovers.ts";

const isLinux = existsSync("/proc/self/stat");
const hash = "a".repeat(64);
const tree = "b".repeat(40);
const call = { step_id: "builder.1", call_id: "1.c", tool: "run_command", arguments_sha256: hash };

test.skipIf(!isLinux)("what carries the mark of a command without a result is ended, and nothing else is", async () => {
  const marked = startMarked("mark-of-the-open-call");
  const others = ["mark-of-the-finished-call", "mark-of-nobody"].map(startMarked);
  const story = begin();
  await begins("mark-of-the-finished-call", "0.c");
  story.tell("tool_finished", {
    ...{ ...call, call_id: "0.c", outcome: "ok", result: "", tree, check: null, error_file: null, duration_ms: 1 },
  });
  await begins("mark-of-the-open-call", "1.c");
  await endLeftovers(story.events);
  await ended(marked);
  expect(marked.signalCode).toBe("SIGTERM");
  expect(others.map(({ exitCode, signalCode }) => [exitCode, signalCode])).toEqual([
    [null, null],
    [null, null],
  ]);

  async function begins(lineage: string, call_id: string) {
    const runner = formatIdentity(await identifyProcess());
    const intent = { ...call, call_id, effect: "command", idempotency_key: hash, tree, lineage, runner } as const;
    story.tell("tool_started", intent);
  }
});

test("a command of another boot, of another machine or without a mark is left alone", async () => {
  const story = begin();
  const runner = "pid=1 host=elsewhere start=1 boot=00000000-0000-0000-0000-000000000000 ns=1";
  const intent = { ...call, effect: "command", idempotency_key: hash, tree } as const;
  story.tell("tool_started", intent);
  story.tell("tool_started", { ...intent, call_id: "2.c", lineage: "mark", runner });
  await expect(endLeftovers(story.events)).resolves.toBeUndefined();
});

/** As a command leaves it: in a session of its own. */
function startMarked(mark: string): ChildProcess {
  const env = { ORCHESTRATOR_LINEAGE: mark };
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], {
    env,
    detached: true,
    stdio: "ignore",
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}
