import { join } from "node:path";
import { z } from "zod";
import { createAppendFile } from "../../orchestrator/io/append-file.ts";
import { ensureDirectory, listDirectory, readFileIfThere, writeFileAtomic } from "../../orchestrator/io/files.ts";
import { takeFolderLock } from "../../orchestrator/io/folder-lock.ts";
import { canonicalJson } from "../../orchestrator/io/hash.ts";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Timestamp } from "../../orchestrator/schema/primitives.ts";
import { EvaluationIdentity, SampleResult } from "../schema/evaluation-log.ts";

const identityFile = "evaluation.json";
const identityBytesMax = 1_048_576;
const segmentBytesMax = 1_073_741_824;

const KnownEvaluation = z.strictObject({ started_at: Timestamp, identity: EvaluationIdentity });

/** The finished tries of an evaluation, kept as they come: a process that is killed loses none of them. */
export interface ResultLog {
  /** When the evaluation was first started: ISO 8601, UTC. */
  readonly startedAt: string;
  /** What earlier processes finished. */
  readonly finished: readonly SampleResult[];
  /** Durable when it resolves. Throws `disk_failed`. */
  append(result: SampleResult): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the record of an evaluation in a folder, or begins one: `evaluation.json` says which it is, each process writes a `results.<n>.jsonl` of
 * its own. A last line that a crash cut off is left out. Throws `folder_held` where another process is at it, `usage` where the folder holds
 * another evaluation, `document_invalid` for a record that is damaged, `disk_failed`.
 */
export async function openResultLog(folder: string, identity: EvaluationIdentity, now: string): Promise<ResultLog> {
  await ensureDirectory(folder);
  const answer = await takeFolderLock(folder);
  if (!answer.ok)
    throw new OrchestratorError("folder_held", `${answer.holder} evaluates in ${folder}, as ${answer.file} says`);
  try {
    const startedAt = await identify(folder, identity, now);
    const numbers = await segmentNumbers(folder);
    const finished = (
      await Promise.all(numbers.map((number) => readSegment(join(folder, segmentName(number)))))
    ).flat();
    const path = join(folder, segmentName(1 + Math.max(0, ...numbers)));
    const file = createAppendFile(path);
    if (file === null) throw new OrchestratorError("disk_failed", `${path} appeared meanwhile; start again`);
    return {
      ...{ startedAt, finished },
      append: async (result) => {
        file.append(Buffer.from(`${JSON.stringify(result)}\n`));
        await file.sync();
      },
      close: async () => {
        file.close();
        await answer.lock.release();
      },
    };
  } catch (error) {
    await answer.lock.release();
    throw error;
  }
}

function segmentName(number: number): string {
  return `results.${number}.jsonl`;
}

async function segmentNumbers(folder: string): Promise<readonly number[]> {
  const names = (await listDirectory(folder)).map(({ name }) => /^results\.(\d{1,9})\.jsonl$/.exec(name)?.[1]);
  return names.flatMap((number) => (number === undefined ? [] : [Number(number)])).sort((left, right) => left - right);
}

/** Writes down which evaluation it is, or sees that it is this one. Gives the time at which it was first started. */
async function identify(folder: string, identity: EvaluationIdentity, now: string): Promise<string> {
  const path = join(folder, identityFile);
  const bytes = await readFileIfThere(path, identityBytesMax);
  if (bytes === null) {
    await writeFileAtomic(path, `${JSON.stringify({ started_at: now, identity }, null, 2)}\n`, { durable: true });
    return now;
  }
  const known = KnownEvaluation.safeParse(parseJson(bytes.toString("utf8")));
  if (!known.success) throw new OrchestratorError("document_invalid", `${path} does not say which evaluation it is of`);
  if (canonicalJson(known.data.identity) === canonicalJson(identity)) return known.data.started_at;
  throw new OrchestratorError(
    "usage",
    `${path} is of another evaluation: dataset, solver, scorers, epochs, seed or time limit differ; name an empty folder`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readSegment(path: string): Promise<readonly SampleResult[]> {
  const text = (await readFileIfThere(path, segmentBytesMax))?.toString("utf8") ?? "";
  const lines = text.split("\n");
  // What follows the last line break is empty, or was cut off.
  return lines.slice(0, -1).map((line, index) => {
    try {
      return SampleResult.parse(JSON.parse(line));
    } catch (error) {
      const where = `${path}:${index + 1}`;
      throw new OrchestratorError("document_invalid", `${where} is no result of a try: ${messageOf(error)}`);
    }
  });
}
