import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFrom, readInChunks, sizeOf } from "../io/append-file.ts";
import { ensureDirectory, removeTree } from "../io/files.ts";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import { endLineage } from "../io/lineage.ts";
import { keepError } from "../manager/keep-error.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { CommandOutput, CommandResult, ManifestCommand, PipelineCommand } from "../schema/pipeline.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import type { EventPayload } from "../schema/run-event.ts";
import type { ExecutedCommand, FailedCall, ReadyCommand } from "./command-executor.ts";
import type { PipelineRun } from "./pipeline-run.ts";

const delayMaxMs = 30_000;
/** Between SIGTERM and SIGKILL for what a dead runner left running. */
const graceMs = 2_000;
const tailCharacters = 500;
/** Of a command's name in the name of an error file. */
const slugLength = 80;
/** How much of a dead runner's output is redacted anew for its end. */
const rawTailBytes = 65_536;

type Tried = Pick<EventPayload<"command_started">, "step_id" | "name" | "attempt">;

/** Tries a command once: it is on record before its program runs, and its result before anything else begins. */
export async function runCommand(run: PipelineRun, command: PipelineCommand, standing: ManifestCommand): Promise<void> {
  const { journal } = run;
  await waitForRetry(run, command.name);
  const tried = nextTry(command, standing);
  journal.lease.working(tried.step_id);
  try {
    const ready = await (await run.executor()).prepare(command);
    if ("missing" in ready) await recordMissing(run, tried, ready.missing);
    else await execute(run, command, standing, tried, ready);
    await journal.lease.sync();
  } finally {
    journal.lease.working(null);
  }
}

function nextTry({ name }: PipelineCommand, { attempts, interruptions }: ManifestCommand): Tried {
  const attempt = attempts + interruptions + 1;
  return { step_id: `${name}.${attempt}`, name, attempt };
}

/** Waits as the event before says. A runner that died meanwhile does not shorten it. */
async function waitForRetry({ journal, signal }: PipelineRun, name: string): Promise<void> {
  const last = journal.lease.events.findLast(
    (event) => event.event === "command_finished" && event.payload.name === name,
  );
  const delayMs = last?.event === "command_finished" ? (last.payload.retry_in_ms ?? 0) : 0;
  if (delayMs > 0) await sleep(delayMs, undefined, { signal });
}

async function execute(
  run: PipelineRun,
  command: PipelineCommand,
  standing: ManifestCommand,
  tried: Tried,
  ready: ReadyCommand,
): Promise<void> {
  const lineage = ready.lineage ?? run.randomHex(16);
  const outputFile = await outputFileOf(run, tried);
  const executed = await ready.start({
    lineage,
    outputFile,
    signal: run.signal,
    onStarted: (pid) => recordStart(run, command, tried, ready, lineage, pid),
  });
  if ("interrupted" in executed) return recordStop(run, command, tried, executed.interrupted, null);
  const { outcome } = executed;
  const output = await keepOutput(run, outputFile, outcome);
  if (outcome.status === "aborted") await recordStop(run, command, tried, "stopped with its runner, and ended", output);
  else await recordEnd(run, command, standing, tried, executed, output);
}

async function outputFileOf({ journal, outputFolder }: PipelineRun, { step_id }: Tried): Promise<string> {
  const folder = outputFolder(journal.lease.key);
  await ensureDirectory(folder);
  return join(folder, `${step_id}.log`);
}

/** What must not happen twice is on the disk before it begins. */
async function recordStart(
  { journal }: PipelineRun,
  { once }: PipelineCommand,
  tried: Tried,
  { argv, timeoutMs, enforcement }: ReadyCommand,
  lineage: string,
  pid: number | null,
): Promise<void> {
  await journal.note("command_started", {
    ...tried,
    argv: [...argv],
    process: pid === null ? null : await recordableProcess(pid),
    lineage,
    timeout_ms: timeoutMs,
    enforcement,
  });
  if (once) await journal.lease.sync();
}

/** What tells a process from every other, as it stands in the record; null where this system does not say. */
export async function recordableProcess(pid: number): Promise<string | null> {
  const identity = await identifyProcess(pid);
  return identity.start === null ? null : formatIdentity(identity);
}

async function recordEnd(
  { journal, random }: PipelineRun,
  command: PipelineCommand,
  standing: ManifestCommand,
  tried: Tried,
  { outcome, check, failedCall }: ExecutedCommand,
  output: CommandOutput | null,
): Promise<void> {
  const errorFile = failedCall === null ? null : await keepFailedCall(journal, tried, failedCall);
  const result = failedCall === null ? resultOf(outcome, check) : "failed";
  const mayRetry = result !== "passed" && outcome.status !== "failed_to_start";
  await journal.note("command_finished", {
    ...tried,
    outcome: result,
    exit_code: outcome.exitCode,
    signal: outcome.signal,
    duration_ms: Math.round(outcome.durationMs),
    reason: failedCall?.summary ?? reasonOf(outcome, check),
    check: check === null ? null : { ...check, output_tail: "" },
    output,
    error_file: errorFile,
    retry_in_ms: mayRetry ? retryDelay(command, standing.attempts, random()) : null,
  });
}

function keepFailedCall(
  { lease }: PipelineRun["journal"],
  { step_id, name }: Tried,
  { summary, raw, truncated }: FailedCall,
): Promise<string> {
  const slug = name.slice(0, slugLength).replaceAll(/[^A-Za-z0-9._-]/g, "-");
  return keepError(lease, slug, { step_id, summary, raw, raw_truncated: truncated });
}

function resultOf({ status, exitCode }: CommandOutcome, check: ExecutedCommand["check"]): CommandResult {
  if (status === "failed_to_start") return "missing";
  if (status === "timed_out") return "timed_out";
  if (status !== "exited" || exitCode !== 0) return "failed";
  return check === null || check.verdict === "passed" ? "passed" : "failed";
}

function reasonOf({ status, exitCode, detail }: CommandOutcome, check: ExecutedCommand["check"]): string {
  if (status !== "exited") return detail;
  return check?.reason ?? `exit code ${exitCode}`;
}

/** Milliseconds before the next try, or null where there is none. Half of the doubled delay is jitter. */
export function retryDelay(
  { retries, retry_delay_ms }: PipelineCommand,
  failed: number,
  random: number,
): number | null {
  if (failed >= retries) return null;
  return Math.round(Math.min(delayMaxMs, retry_delay_ms * 2 ** failed) * (0.5 + random / 2));
}

async function recordMissing({ journal }: PipelineRun, tried: Tried, reason: string): Promise<void> {
  await journal.note("command_finished", {
    ...tried,
    outcome: "missing",
    exit_code: null,
    signal: null,
    duration_ms: 0,
    reason,
    check: null,
    output: null,
    error_file: null,
    retry_in_ms: null,
  });
}

/**
 * The runner was asked to stop, or the run cancelled, or what carried the command out died. The processes are ended already, as far as they
 * can be reached.
 */
async function recordStop(
  { journal, signal }: PipelineRun,
  { once }: PipelineCommand,
  tried: Tried,
  how: string,
  output: CommandOutput | null,
): Promise<void> {
  const started = journal.state.commands.some(({ name, status }) => name === tried.name && status === "running");
  if (started) {
    const settled = `${how}${once ? "; it is marked once, so it is not run again" : ""}`;
    await journal.note("command_interrupted", { ...tried, settled, repeated: !once, output });
  }
  await journal.lease.sync();
  if (signal.aborted) throw new OrchestratorError("aborted", `${tried.name} was stopped; the run can be resumed`);
}

/** Settles a command inside which a runner died: what it left running is ended before anything is repeated. */
export async function settleCommand(run: PipelineRun, command: PipelineCommand): Promise<void> {
  const { journal } = run;
  const start = journal.lease.events.findLast(
    (event) => event.event === "command_started" && event.payload.name === command.name,
  );
  if (start?.event !== "command_started") throw new TypeError(`${command.name} runs and was never started`);
  const { step_id, name, attempt, lineage, process: leader } = start.payload;
  const { ended, isGone } = await endLineage(lineage, leader, graceMs);
  const file = await outputFileOf(run, start.payload);
  const found = describeEnd(ended, isGone);
  const settled = `its runner died inside it; ${found}${command.once ? "; it is marked once, so it is not run again" : ""}`;
  const output = await keepOutput(run, file, null);
  await journal.note("command_interrupted", { step_id, name, attempt, settled, repeated: !command.once, output });
  await journal.lease.sync();
}

function describeEnd(ended: number, isGone: boolean): string {
  if (!isGone && ended === 0) return "whether it still runs cannot be told from here";
  if (!isGone) return `${ended} of its processes were killed, and not all are gone`;
  return ended === 0 ? "nothing of it was left running" : `${ended} of its processes were left running and were ended`;
}

/** Moves the output from its file into the run. `outcome` is null where the runner died: then the file is all there is to know. */
async function keepOutput(
  { journal, redactor }: PipelineRun,
  file: string,
  outcome: CommandOutcome | null,
): Promise<CommandOutput | null> {
  const bytes = sizeOf(file);
  const end = await readFrom(file, Math.max(0, bytes - rawTailBytes), rawTailBytes);
  if (end === null || bytes === 0) {
    await removeTree(file);
    return null;
  }
  const text = (outcome?.outputTail ?? (await redactor.text(end.toString("utf8")))).trimEnd();
  const blob_sha256 = bytes <= tailCharacters ? null : await journal.lease.putBlob(readInChunks(file));
  await removeTree(file);
  return {
    blob_sha256,
    bytes,
    written_bytes: outcome?.outputBytes ?? bytes,
    truncated: outcome?.outputTruncated ?? false,
    tail: text.slice(-tailCharacters),
  };
}
