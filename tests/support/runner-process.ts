import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Playground } from "./playground.ts";

const program = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const patienceMs = 30_000;

/** How a runner's process ended. */
export interface RunnerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line at work in a process of its own. */
export interface RunnerProcess {
  readonly ended: Promise<RunnerEnd>;
  /** Kills the process as soon as its log fits. Resolves with false where the process ended before. */
  killWhen(fits: (log: readonly LoggedEvent[]) => boolean, delayMs?: number): Promise<boolean>;
  /** As `killWhen`, with SIGSTOP. */
  stopWhen(fits: (log: readonly LoggedEvent[]) => boolean): Promise<boolean>;
  /** Lets a process that was stopped go on. */
  wake(): void;
}

/** What an onlooker reads in a line of a log. */
export interface LoggedEvent {
  readonly name: string;
  readonly text: string;
}

/** Starts the built command line on a playground; what is left of it ends with the test. */
export function startRunner(playground: Playground, args: readonly string[]): RunnerProcess {
  const env = { ...playground.environment, ORCHESTRATOR_CACHE_DIR: playground.cacheDir };
  const argv = [program, ...args, "--repo", playground.repository, "--format", "json"];
  const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const ended = endOf(child);
  return {
    ended,
    killWhen: (fits, delayMs = 0) => signalWhen(playground, child, "SIGKILL", fits, delayMs),
    stopWhen: (fits) => signalWhen(playground, child, "SIGSTOP", fits, 0),
    wake: () => {
      child.kill("SIGCONT");
    },
  };
}

/** The lines of the newest run's log so far, half-written ones left out. */
export function readLog({ repository }: Playground): readonly LoggedEvent[] {
  const runs = join(repository, ".runs");
  const segments = listOrNothing(runs)
    .filter((name) => /(?:^|\/)events(?:\.\d+)?\.jsonl$/.test(name))
    .sort(byRunAndEpoch);
  const newest = segments.at(-1)?.replace(/[^/]*$/, "");
  return segments
    .filter((name) => name.replace(/[^/]*$/, "") === newest)
    .flatMap((name) => readFileSync(join(runs, name), "utf8").split("\n").slice(0, -1))
    .map((text) => ({ text, name: /"event":"([a-z_]+)"/.exec(text)?.[1] ?? "" }));
}

async function signalWhen(
  playground: Playground,
  child: ChildProcess,
  signal: NodeJS.Signals,
  fits: (log: readonly LoggedEvent[]) => boolean,
  delayMs: number,
): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (child.exitCode === null && child.signalCode === null) {
    if (fits(readLog(playground))) {
      if (delayMs > 0) await sleep(delayMs);
      return child.kill(signal);
    }
    if (Date.now() > deadline) throw new Error(`the runner did not come so far: ${readLog(playground).at(-1)?.text}`);
    await sleep(1);
  }
  return false;
}

function endOf(child: ChildProcess): Promise<RunnerEnd> {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, ...said }));
  });
}

function listOrNothing(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

/** Run ids sort by time; the first segment has no number. */
function byRunAndEpoch(left: string, right: string): number {
  const place = (name: string) => {
    const [, run = "", epoch = "1"] = /([^/]+)\/events(?:\.(\d+))?\.jsonl$/.exec(name) ?? [];
    return `${run} ${epoch.padStart(9, "0")}`;
  };
  return place(left) < place(right) ? -1 : 1;
}
