import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { type PlainFile, readPlainFile } from "../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { AppliedEdit, ApplyProgress, SkippedFile } from "../../orchestrator/schema/pattern-workbench.ts";
import { createPackageReader } from "./package-facts.ts";
import type { FileOutcome } from "./transform-file.ts";
import type { Transformer } from "./transformer.ts";

/** Sources are smaller; the engine leaves out what is longer than this anyway. */
const fileBytesMax = 16_777_216;
/** Of all candidates together: their bytes are kept until they are written. */
const candidateBytesMax = 536_870_912;
/** Milliseconds after which others get their turn. */
const turnMs = 50;

/** A file that a scan wants to change, as it stood when it was read. */
export interface PlannedFile extends Omit<PlainFile, "links"> {
  readonly path: string;
  readonly beforeSha256: string;
  readonly after: string;
  readonly edits: readonly AppliedEdit[];
}

/** What patterns want of a folder. */
export interface FolderScan {
  readonly planned: readonly PlannedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly candidates: number;
  readonly workers: number;
}

/** What is read, and who transforms it. */
export interface ScanRequest {
  readonly root: string;
  readonly files: readonly string[];
  readonly isCandidate: (path: string, text: string) => boolean;
  readonly transformer: Transformer;
  readonly monotonicMs: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

/** Reads files and has the candidates transformed. The answer does not depend on the order or on threads. Throws `disk_failed` and `aborted`. */
export async function scanFolder(request: ScanRequest): Promise<FolderScan> {
  const { files, transformer } = request;
  const skipped: SkippedFile[] = [];
  const sources = new Map<string, PlannedSource>();
  const packageOf = createPackageReader(request.root);
  let candidateBytes = 0;
  let turnEndsAt = request.monotonicMs() + turnMs;
  for (const [index, path] of files.entries()) {
    const read = readSource(request.root, path);
    if ("reason" in read) skipped.push(read);
    else if (request.isCandidate(path, read.text)) {
      const { text, ...source } = read;
      sources.set(path, source);
      candidateBytes += source.bytes.length;
      if (candidateBytes > candidateBytesMax) {
        throw new OrchestratorError(
          "path_refused",
          `more than ${candidateBytesMax} bytes to change; name a smaller folder`,
        );
      }
      await transformer.add({ path, text, facts: packageOf(path) });
    }
    if (request.monotonicMs() < turnEndsAt) continue;
    request.onProgress?.({ phase: "reading", done: index + 1, total: files.length });
    await pause();
    if (request.signal?.aborted) throw new OrchestratorError("aborted", "nothing was written");
    turnEndsAt = request.monotonicMs() + turnMs;
  }
  const outcomes = await transformer.finish((done) =>
    request.onProgress?.({ phase: "transforming", done, total: sources.size }),
  );
  return { ...sumUp(outcomes, sources, skipped), candidates: sources.size, workers: transformer.workers() };
}

/** A file as it was read. */
export type PlannedSource = Omit<PlannedFile, "beforeSha256" | "after" | "edits">;

function sumUp(
  outcomes: readonly FileOutcome[],
  sources: ReadonlyMap<string, PlannedSource>,
  skipped: readonly SkippedFile[],
) {
  const planned = outcomes.flatMap(({ path, change }): readonly PlannedFile[] => {
    const source = sources.get(path);
    if (change === null || source === undefined) return [];
    return [{ ...source, ...change, beforeSha256: sha256(source.bytes) }];
  });
  return {
    planned: planned.sort(byPath),
    skipped: [...skipped, ...outcomes.flatMap((outcome) => outcome.skipped)].sort(byPath),
  };
}

function byPath({ path: left }: { readonly path: string }, { path: right }: { readonly path: string }): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Reads one source, or says why it is left out. Throws `disk_failed`. */
export function readSource(root: string, path: string): SkippedFile | (PlannedSource & { readonly text: string }) {
  const file = readPlainFile(join(root, path), fileBytesMax);
  if (typeof file === "string") return { path, reason: file };
  const { links, ...plain } = file;
  if (links > 1) return { path, reason: `hard-linked: the file has ${links} names, and a change would part them` };
  if (!isUtf8(plain.bytes)) return { path, reason: "not UTF-8 text" };
  return { path, ...plain, text: plain.bytes.toString("utf8") };
}
