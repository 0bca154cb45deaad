import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { hasCode } from "./files.ts";

/** What tells one process from every other. Null where this system does not say. */
export interface ProcessIdentity {
  /** For people only: two machines may share a name, and one machine may change it. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks from the boot to the start of the process. */
  readonly start: string | null;
  /** The id of this boot of the kernel. */
  readonly boot: string | null;
  /** The pid namespace: containers on one machine share the boot, but not their pids. */
  readonly namespace: string | null;
}

/** Whether a process is there. `stopped` exists but is not running (SIGSTOP, a debugger); `unknown` cannot be looked up from here. */
export type ProcessState = "alive" | "stopped" | "dead" | "unknown";

/** The identity of a process that is there; default this one. */
export async function identifyProcess(pid = process.pid): Promise<ProcessIdentity> {
  const own = await readStatus(pid);
  return {
    host: hostname(),
    pid,
    start: own.state === "found" ? own.start : null,
    boot: await bootId(),
    namespace: await pidNamespace(),
  };
}

/** One line of text for an identity. */
export function formatIdentity(identity: ProcessIdentity): string {
  return [
    `pid=${identity.pid}`,
    `host=${encodeURIComponent(identity.host)}`,
    `start=${identity.start ?? "-"}`,
    `boot=${identity.boot ?? "-"}`,
    `ns=${identity.namespace ?? "-"}`,
  ].join(" ");
}

/** The identity in a text of `formatIdentity`, or null for any other text. */
export function parseIdentity(text: string): ProcessIdentity | null {
  const found = /^pid=(\d{1,10}) host=(\S*) start=(\d+|-) boot=([0-9a-f-]+) ns=(\d+|-)$/.exec(text);
  if (found === null) return null;
  const [, pid = "", host = "", start = "-", boot = "-", namespace = "-"] = found;
  const known = (value: string) => (value === "-" ? null : value);
  return { pid: Number(pid), host: decode(host), start: known(start), boot: known(boot), namespace: known(namespace) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Looks a process up. `dead` is said only on proof: this boot of this kernel, this pid namespace, and no process with that pid
 * and that start. Never rejects.
 */
export async function lookUpProcess(identity: ProcessIdentity): Promise<ProcessState> {
  if (identity.boot === null || identity.namespace === null || identity.start === null) return "unknown";
  const [boot, namespace] = await Promise.all([bootId(), pidNamespace()]);
  if (boot !== identity.boot || namespace !== identity.namespace) return "unknown";
  const status = await readStatus(identity.pid);
  if (status.state === "unknown") return "unknown";
  if (status.state === "absent") return isProvablyAbsent(identity.pid) ? "dead" : "unknown";
  if (status.start !== identity.start || "ZXx".includes(status.letter)) return "dead";
  return "Tt".includes(status.letter) ? "stopped" : "alive";
}

type Status = { state: "found"; start: string; letter: string } | { state: "absent" } | { state: "unknown" };

async function readStatus(pid: number): Promise<Status> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "latin1");
    // The program's name, in parentheses, may hold blanks and parentheses itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [letter, start] = [fields[0], fields[19]];
    return letter === undefined || start === undefined ? { state: "unknown" } : { state: "found", letter, start };
  } catch (error) {
    return { state: hasCode(error, "ENOENT", "ESRCH") ? "absent" : "unknown" };
  }
}

/** A `/proc` that hides the processes of others looks the same as one without them; the kernel itself does not lie. */
function isProvablyAbsent(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

async function bootId(): Promise<string | null> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => "");
  return /^[0-9a-f-]{36}$/.test(text.trim()) ? text.trim() : null;
}

async function pidNamespace(): Promise<string | null> {
  const text = await readlink("/proc/self/ns/pid").catch(() => "");
  return /^pid:\[(\d+)\]$/.exec(text)?.[1] ?? null;
}
