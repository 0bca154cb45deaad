import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How many processes of this machine have a text in their command line, those in a sandbox as well. */
export function processesWith(text: string): number {
  return commandLines().filter((line) => line.includes(text)).length;
}

/** Resolves when so many processes have the text in their command line; rejects after 20 s. */
export async function untilProcesses(text: string, count: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (processesWith(text) !== count) {
    if (Date.now() > deadline) throw new Error(`${processesWith(text)} processes with ${text}, not ${count}`);
    await sleep(20);
  }
}

function commandLines(): readonly string[] {
  if (!existsSync("/proc/self/cmdline")) return spawnSync("ps", ["-axww", "-o", "args="]).stdout.toString().split("\n");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(readCommandLine);
}

/** Empty for a process that ended meanwhile. */
function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
