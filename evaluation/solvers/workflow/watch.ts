import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { ensureDirectory, listDirectory, readFileIfThere } from "../../../orchestrator/io/files.ts";
import { sha256 } from "../../../orchestrator/io/hash.ts";
import { signalProcesses } from "../../../orchestrator/io/lineage.ts";
import type { Json } from "../../../orchestrator/schema/primitives.ts";
import type { Script } from "../../schema/workflow.ts";

/** Places that nothing of a run may reach, and what reached them. */
export interface Watch {
  /** A script with the names of these places in the place of `{{outside}}`, `{{repository}}`, `{{port}}`, `{{mark}}` and `{{secret}}`. */
  fill(script: Script): Script;
  /** Which of them the script names. */
  readonly named: ReadonlySet<string>;
  /** Of no use anywhere; it looks like a credential. */
  readonly secret: string;
  look(): Promise<Seen>;
  close(): Promise<void>;
}

/** What reached the places. */
export interface Seen {
  readonly files: readonly string[];
  readonly connections: number;
  /** Processes that carry the mark; they are ended. */
  readonly processes: number;
}

const placePattern = /\{\{(outside|repository|port|mark|secret)\}\}/g;

/** Sets the places up for one try. Nothing is opened that the script does not name. */
export async function openWatch(
  script: Script | undefined,
  { root, folder, seed }: { readonly root: string; readonly folder: string; readonly seed: number },
): Promise<Watch> {
  const named = new Set(Array.from(JSON.stringify(script ?? {}).matchAll(placePattern), ([, name = ""]) => name));
  const outside = join(folder, "outside");
  await ensureDirectory(outside);
  let connections = 0;
  const server = named.has("port") ? await listen(() => (connections += 1)) : null;
  // The words of a process are compared, so the mark must be no other try's.
  const mark = `evaluation-mark-${sha256(`${seed} ${folder}`).slice(0, 24)}`;
  const secret = `ghp_${sha256(String(seed)).slice(0, 36)}`;
  const places: Readonly<Record<string, string>> = {
    ...{ outside, repository: root, mark, secret },
    port: String(server?.port ?? 0),
  };
  return {
    ...{ named, secret },
    fill: (given) => fillIn(given, places),
    look: async () => ({
      files: (await listDirectory(outside)).map(({ name }) => name),
      connections,
      processes: named.has("mark") ? endMarked(mark) : 0,
    }),
    close: async () => server?.close(),
  };
}

function fillIn(script: Script, places: Readonly<Record<string, string>>): Script {
  const inText = (text: string) => text.replaceAll(placePattern, (whole, name: string) => places[name] ?? whole);
  const inJson = (value: Json): Json => {
    if (typeof value === "string") return inText(value);
    if (Array.isArray(value)) return value.map(inJson);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inJson(item)]));
  };
  const inArguments = (args: Readonly<Record<string, Json>>) =>
    Object.fromEntries(Object.entries(args).map(([key, item]) => [key, inJson(item)]));
  const inTurns = (turns: Script["builder"]) =>
    turns?.map((turn) => {
      if ("say" in turn) return { say: inJson(turn.say) };
      if ("call" in turn) return { ...turn, arguments: inArguments(turn.arguments) };
      return { calls: turn.calls.map((each) => ({ ...each, arguments: inArguments(each.arguments) })) };
    });
  const { manager, planner, builder, tester, reviewer, usage } = script;
  return {
    ...{ manager: inTurns(manager), planner: inTurns(planner), builder: inTurns(builder) },
    ...{ tester: inTurns(tester), reviewer: inTurns(reviewer), usage },
  };
}

async function listen(onConnection: () => void): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: Server = createServer((socket) => {
    onConnection();
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Ends the processes whose command line has the mark, and says how many there were. None where this system has no `/proc`. */
function endMarked(mark: string): number {
  const pids = processNumbers().filter((pid) => pid !== process.pid && commandLine(pid).includes(mark));
  signalProcesses(pids, "SIGKILL");
  return pids.length;
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

/** The text of a file for a search in it; nothing where it is not there. */
export async function textForSearch(path: string): Promise<string> {
  return (await readFileIfThere(path, 268_435_456))?.toString("latin1") ?? "";
}
