import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./files.ts";
import { lookUpProcess, parseIdentity } from "./host.ts";

/** The variable that carries the mark from a program to all that it starts. */
export const lineageVariable = "ORCHESTRATOR_LINEAGE";

/** Rounds of looking and killing: what forks faster than that is not ended. */
const roundsMax = 100;
const pauseMs = 10;
/** More than the kernel writes into a process's `stat`. */
const statBytes = 4_096;

/** A process that is there, with its parent and its process group. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks from the boot. */
  readonly start: number;
}

/** What is known of a program's processes. */
export interface Lineage {
  readonly mark: string;
  /** Leader of the process group. */
  readonly leader: number;
  /** Clock ticks from the boot to the leader's start; null where this system does not say. */
  readonly start: number | null;
  /** True where the group of the leader's number is known to be its own still. */
  readonly isGroupKnown: boolean;
}

/**
 * The processes of a lineage that are there now: those that carry its mark, the leader's group, and what descends from either.
 * Empty where there is no `/proc`. Processes older than the leader are never in it, nor is this one.
 */
export function findLineage({ mark, leader, start, isGroupKnown }: Lineage): readonly ProcessEntry[] {
  const entries = listProcesses().filter((each) => each.start >= (start ?? 0) && each.pid !== process.pid);
  const isRoot = (each: ProcessEntry) => (isGroupKnown && each.group === leader) || carriesMark(each.pid, mark);
  const found = new Set(entries.filter(isRoot).map(({ pid }) => pid));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of entries) if (found.has(parent)) found.add(pid);
  }
  return entries.filter(({ pid }) => found.has(pid));
}

/** Sends a signal to each process; one that is gone, or not ours to signal, is left out. */
export function signalProcesses(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!hasCode(error, "ESRCH", "EPERM")) throw error;
    }
  }
}

/** What became of a dead runner's program. */
export interface EndedLineage {
  /** Processes that were there and were signalled. */
  readonly ended: number;
  /** True where nothing of it is left for certain. */
  readonly isGone: boolean;
}

/**
 * Ends what a program left behind when its runner died: SIGTERM to all of it, SIGKILL after `graceMs`. The leader is known by the pid
 * and start that `identity` records (`formatIdentity`), never guessed. What was started under another boot or in another pid namespace
 * cannot be reached and is not touched. Never rejects.
 */
export async function endLineage(mark: string, identity: string | null, graceMs: number): Promise<EndedLineage> {
  return endFrom(mark, identity, graceMs, true);
}

/**
 * As `endLineage` where the mark alone is known, and who started what carries it: `runner` is its identity. The runner itself, its process
 * group and what it does besides are not touched. Never rejects.
 */
export async function endMarked(mark: string, runner: string, graceMs: number): Promise<EndedLineage> {
  return endFrom(mark, runner, graceMs, false);
}

async function endFrom(
  mark: string,
  identity: string | null,
  graceMs: number,
  isLeader: boolean,
): Promise<EndedLineage> {
  const recorded = identity === null ? null : parseIdentity(identity);
  const state = recorded === null ? "unknown" : await lookUpProcess(recorded);
  if (recorded === null || state === "unknown") return { ended: 0, isGone: false };
  const lineage: Lineage = {
    mark,
    leader: recorded.pid,
    start: recorded.start === null ? null : Number(recorded.start),
    isGroupKnown: isLeader && (state !== "dead" || !isTaken(recorded.pid)),
  };
  const first = findLineage(lineage);
  signalProcesses(pidsOf(first), "SIGTERM");
  const isGone = (await waitForEnd(lineage, graceMs)) || (await killLineage(lineage));
  return { ended: first.length, isGone };
}

/**
 * Whether another process has the number of a leader that is dead. As long as none has, its group is its own: the kernel gives no
 * number out again while a group has it.
 */
function isTaken(pid: number): boolean {
  return listProcesses().some((each) => each.pid === pid);
}

async function waitForEnd(lineage: Lineage, graceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= graceMs; waitedMs += pauseMs) {
    if (findLineage(lineage).length === 0) return true;
    await sleep(pauseMs);
  }
  return false;
}

/** Kills until nothing is left, for a process may fork between the look and the signal. False where something still is. Never rejects. */
export async function killLineage(lineage: Lineage): Promise<boolean> {
  for (let round = 0; round < roundsMax; round += 1) {
    const found = findLineage(lineage);
    if (found.length === 0) return true;
    signalProcesses(pidsOf(found), "SIGKILL");
    await sleep(pauseMs);
  }
  return false;
}

function pidsOf(entries: readonly ProcessEntry[]): readonly number[] {
  return entries.map(({ pid }) => pid);
}

function listProcesses(): readonly ProcessEntry[] {
  const room = Buffer.allocUnsafe(statBytes);
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readEntry(name, room) ?? []);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return [];
    throw error;
  }
}

/** Null for a process that ended meanwhile, or that only waits for its parent to notice its end. */
function readEntry(name: string, room: Buffer): ProcessEntry | null {
  const text = readInto(room, `/proc/${name}/stat`);
  const [letter = "Z", parent, group, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if ("ZXx".includes(letter) || group === undefined) return null;
  return { pid: Number(name), parent: Number(parent), group: Number(group), start: Number(rest[16]) };
}

function carriesMark(pid: number, mark: string): boolean {
  return `\0${readOrNothing(`/proc/${pid}/environ`)}\0`.includes(`\0${lineageVariable}=${mark}\0`);
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** As `readOrNothing` for what fits the room, without a buffer for each of the many files of one look. */
function readInto(room: Buffer, path: string): string {
  try {
    const fd = openSync(path, "r");
    try {
      return room.toString("latin1", 0, readSync(fd, room, 0, room.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}
