import { join } from "node:path";
import { z } from "zod";
import { isPresent } from "../io/append-file.ts";
import { readFileIfThere } from "../io/files.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { FoundProblem, ScannedLog } from "./event-log.ts";
import { type KnownLog, refuseDamage, resolveLog } from "./known-log.ts";
import { headName, isCutBefore, type LogHead, readHead } from "./log-head.ts";
import { readBlobFile, readLog } from "./run-directory.ts";
import { damageOrFault, runNotFound } from "./run-refusals.ts";

/** No manifest is read that has more bytes than this. */
export const manifestBytesMax = 67_108_864;

/** The log of a run on files, with its payloads. Throws `run_not_found`, `run_damaged`, `disk_failed`. */
export async function readKnownLog(key: RunKey, directory: string): Promise<KnownLog & { readonly log: ScannedLog }> {
  const log = await readLog(directory);
  if (log.lastEpoch === 0 && !isPresent(directory)) throw runNotFound(key);
  const { events, problems } = await resolveLog(log, (sha256) => readBlobFile(directory, sha256));
  return { log, events, problems: [...foreignProblem(key, log), ...problems] };
}

/** As `readKnownLog`, throwing `run_damaged` for anything beyond what a crash or a fenced runner leaves. */
export async function readSoundLog(
  key: RunKey,
  directory: string,
): Promise<{ readonly log: ScannedLog; readonly events: readonly KnownEvent[] }> {
  const { log, events, problems } = await readKnownLog(key, directory);
  refuseDamage(key, problems);
  return { log, events };
}

/** What is known to have been in a log: as much as its manifest sums up, and its head. */
interface DurableEnd {
  readonly events: number;
  readonly head: LogHead | null;
}

/** What the files beside a log know of it, to be read before it: both are written only after it is durable. Throws `run_damaged`, `disk_failed`. */
async function readDurableEnd(directory: string): Promise<DurableEnd> {
  const bytes = await readFileIfThere(join(directory, "manifest.json"), manifestBytesMax).catch((error: unknown) => {
    throw damageOrFault(error);
  });
  return { events: bytes === null ? 0 : summedUpEvents(bytes), head: await readHead(directory) };
}

/** Throws `run_damaged` where a log holds less than is known to have been in it. */
function refuseShortenedLog(
  { runId }: RunKey,
  { events: known, head }: DurableEnd,
  events: readonly KnownEvent[],
): void {
  const refuse = (what: string): never => {
    const message = `run ${runId}: ${what}, so the end of the log is gone; bring the log back from a copy`;
    throw new OrchestratorError("run_damaged", message);
  };
  if (known > events.length) refuse(`its manifest sums up ${known} events, its log holds ${events.length}`);
  if (isCutBefore(head, events)) refuse(`${headName} names event ${head?.seq} as durable, its log does not hold it`);
}

/** As `readSoundLog`, throwing `run_damaged` also where the files beside the log know of an end that it does not have. */
export async function readWholeLog(key: RunKey, directory: string): ReturnType<typeof readSoundLog> {
  const end = await readDurableEnd(directory);
  const found = await readSoundLog(key, directory);
  refuseShortenedLog(key, end, found.events);
  return found;
}

const ManifestLog = z.object({ log: RunManifest.shape.log });

/** A manifest that cannot be read proves nothing; it will be computed anew. */
function summedUpEvents(bytes: Buffer): number {
  try {
    return ManifestLog.safeParse(JSON.parse(bytes.toString("utf8"))).data?.log.events ?? 0;
  } catch {
    return 0;
  }
}

function foreignProblem(key: RunKey, log: ScannedLog): readonly FoundProblem[] {
  const [first] = log.events;
  if (first === undefined) return [];
  const { run_id, task_id } = first.event;
  if (run_id === key.runId && task_id === key.taskId) return [];
  return [{ kind: "damaged", segment: first.segment, line: 1, message: `belongs to the run ${task_id}/${run_id}` }];
}
