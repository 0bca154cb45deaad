import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { readPlainFile } from "../../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import type { LintRequest, SkippedFile } from "../../../orchestrator/schema/pattern-workbench.ts";
import type { Place } from "../../apply/find-root.ts";
import { type FolderListing, walkFolder } from "../../apply/walk-folder.ts";
import { whyLeftOut } from "../../engine/left-out.ts";
import { languageOf } from "../../engine/parse-source.ts";

const fileBytesMax = 16_777_216;
const turnMs = 50;

/** The sources below a folder that are to be linted: those that codemods would look at. Throws as `walkFolder`. */
export async function listSources(
  { root, folder }: Place,
  { signal, onProgress }: Pick<LintRequest, "signal" | "onProgress">,
  monotonicMs: () => number,
): Promise<FolderListing> {
  const walked = await walkFolder({ root, folder, isWanted: (name) => languageOf(name) !== null, signal });
  const files: string[] = [];
  const skipped: SkippedFile[] = [...walked.skipped];
  let turnEndsAt = monotonicMs() + turnMs;
  for (const [index, path] of walked.files.entries()) {
    const reason = whyNotLinted(root, path);
    if (reason === null) files.push(path);
    else skipped.push({ path, reason });
    if (monotonicMs() < turnEndsAt) continue;
    onProgress?.({ phase: "reading", done: index + 1, total: walked.files.length });
    await pause();
    if (signal?.aborted) throw new OrchestratorError("aborted", "the folder was not linted");
    turnEndsAt = monotonicMs() + turnMs;
  }
  return { files, skipped };
}

function whyNotLinted(root: string, path: string): string | null {
  const file = readPlainFile(join(root, path), fileBytesMax);
  if (typeof file === "string") return file;
  return isUtf8(file.bytes) ? whyLeftOut(path, file.bytes.toString("utf8")) : "not UTF-8 text";
}
