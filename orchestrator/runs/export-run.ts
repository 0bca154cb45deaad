import { basename, dirname, join } from "node:path";
import { ensureDirectory, exists, listDirectory, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { randomHex } from "../io/ids.ts";
import { moveFile } from "../io/move-file.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";
import { foldManifest, manifestText } from "./manifest-fold.ts";
import type { RunArchive } from "./run-archive.ts";
import { runDirectory } from "./run-directory.ts";
import { outputBlobOf } from "./verify-outputs.ts";

const fileBytesMax = 268_435_456;

/** A file of an export. */
interface ExportedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes a run as a tree that people and other programs can read: the report, the manifest, the events with their payloads, the input and document
 * of each step, the output of each command, the artifacts and what failed calls left. All of it or nothing: `target` must not exist, or be
 * empty. Resolves with the names. Throws `usage`, `run_damaged`, `disk_failed`.
 */
export async function exportRun(
  runs: RunArchive,
  runsRoot: string,
  key: RunKey,
  target: string,
  report: string,
): Promise<readonly string[]> {
  if (!(await isFree(target))) {
    throw new OrchestratorError(
      "usage",
      `${target} is there already, and is no empty folder; name a new one with --to`,
    );
  }
  const events = await runs.events(key);
  const next = join(dirname(target), `.${basename(target)}-${randomHex(4)}`);
  try {
    const names = await writeAll(next, filesOf(runs, runDirectory(runsRoot, key), key, events, report));
    // A folder takes the place of an empty one, and of nothing else: what came there meanwhile stays.
    await moveFile(next, target);
    return names;
  } catch (error) {
    await removeTree(next);
    throw error;
  }
}

async function isFree(target: string): Promise<boolean> {
  if (!(await exists(target))) return true;
  const [found] = (await listDirectory(dirname(target))).filter(({ name }) => name === basename(target));
  return found?.isDirectory() === true && (await listDirectory(target)).length === 0;
}

async function writeAll(folder: string, files: AsyncIterable<ExportedFile>): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, content } of files) {
    const path = join(folder, name);
    await ensureDirectory(dirname(path));
    await writeFileAtomic(path, content);
    names.push(name);
  }
  return names.sort();
}

/** One after the other, so that only one is in memory. */
async function* filesOf(
  runs: RunArchive,
  directory: string,
  key: RunKey,
  events: readonly KnownEvent[],
  report: string,
): AsyncGenerator<ExportedFile> {
  const manifest = foldManifest(events);
  yield { name: "report.txt", content: report };
  yield { name: "manifest.json", content: manifestText(manifest) };
  yield { name: "timeline.jsonl", content: events.map((event) => `${JSON.stringify(event)}\n`).join("") };
  yield* stepFiles(events);
  yield* outputFiles(runs, key, events);
  for (const { name } of manifest.artifacts) yield { name, content: await runs.readArtifact(key, name) };
  for (const { name } of await listDirectory(join(directory, "errors"))) {
    const content = await readFileIfThere(join(directory, "errors", name), fileBytesMax);
    if (content !== null && !manifest.artifacts.some((artifact) => artifact.name === `errors/${name}`))
      yield { name: `errors/${name}`, content };
  }
}

function* stepFiles(events: readonly KnownEvent[]): Generator<ExportedFile> {
  let number = 0;
  const places = new Map<string, string>();
  for (const event of events) {
    if (event.event === "step_started") {
      number += 1;
      places.set(event.payload.step_id, `steps/${twoDigits(number)}-${fileNameOf(event.payload.step_id)}`);
      yield { name: `${places.get(event.payload.step_id)}/input.json`, content: jsonText(event.payload.input) };
    }
    if (event.event === "step_finished") {
      const place = places.get(event.payload.step_id) ?? `steps/${fileNameOf(event.payload.step_id)}`;
      yield { name: `${place}/document.json`, content: jsonText(event.payload.document) };
    }
  }
}

/** What each try of a command printed. An output that was pruned is left out. */
async function* outputFiles(
  runs: RunArchive,
  key: RunKey,
  events: readonly KnownEvent[],
): AsyncGenerator<ExportedFile> {
  let number = 0;
  for (const event of events) {
    if (event.event !== "command_finished" && event.event !== "command_interrupted") continue;
    number += 1;
    const blob = outputBlobOf(event);
    const content = blob === null ? event.payload.output?.tail : await runs.readBlob(key, blob);
    if (content === null || content === undefined) continue;
    yield { name: `logs/${twoDigits(number)}-${fileNameOf(event.payload.step_id)}.log`, content };
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function fileNameOf(stepId: string): string {
  return stepId.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
