import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { formatIdentity, identifyProcess } from "./host.ts";
import { endLineage, endMarked } from "./lineage.ts";

const groups: number[] = [];

afterEach(() => {
  for (const group of groups.splice(0)) killGroup(group);
});

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
}

/** Leads a group, starts a process without any environment in it, says that one's pid, and ends. */
async function leaveBehind(): Promise<{ readonly identity: string; readonly left: number }> {
  const script = 'env -i sh -c "trap \\"\\" TERM; echo \\$\\$; exec sleep 60" & read line';
  const leader = spawn("sh", ["-c", script], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  groups.push(leader.pid ?? 0);
  const identity = formatIdentity(await identifyProcess(leader.pid));
  const [said] = await once(leader.stdout, "data");
  await end(leader);
  return { identity, left: Number(said) };
}

async function end(leader: ChildProcess): Promise<void> {
  const ended = once(leader, "exit");
  leader.stdin?.end("\n");
  await ended;
}

/** Not there is also what has ended and only waits for somebody to notice. */
function isThere(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

test.runIf(process.platform === "linux")(
  "what stays in the group of a leader that has ended is ended, also without the mark and deaf to SIGTERM",
  async () => {
    const { identity, left } = await leaveBehind();
    expect(isThere(left)).toBe(true);
    expect(await endLineage("no-such-mark", identity, 50)).toEqual({ ended: 1, isGone: true });
    expect(isThere(left)).toBe(false);
  },
);

test.runIf(process.platform === "linux")("where the mark alone is known, the group is left alone", async () => {
  const { identity, left } = await leaveBehind();
  expect(await endMarked("no-such-mark", identity, 50)).toEqual({ ended: 0, isGone: true });
  expect(isThere(left)).toBe(true);
});
