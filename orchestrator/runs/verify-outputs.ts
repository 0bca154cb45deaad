import { sha256 } from "../io/hash.ts";
import { messageOf } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import { readPruning } from "./pruning-file.ts";
import { readBlobFile } from "./run-directory.ts";

/** What a look at the kept outputs of a run's commands found. */
export interface OutputsCheck {
  readonly problems: readonly { readonly where: string; readonly message: string }[];
  readonly notes: readonly string[];
  readonly checked: number;
}

/** Hashes every output that the log names. One that `runs prune` says it removed is a note; any other that is gone is a problem. */
export async function checkOutputs(directory: string, events: readonly KnownEvent[]): Promise<OutputsCheck> {
  let pruned: ReadonlySet<string> | null = null;
  const named = new Set(events.flatMap((event) => outputBlobOf(event) ?? []));
  const problems: { where: string; message: string }[] = [];
  let gone = 0;
  for (const hash of named) {
    const message = await checkOutput(directory, hash);
    if (message === null) continue;
    pruned ??= await prunedBlobs(directory);
    if (message === notThere && pruned.has(hash)) gone += 1;
    else problems.push({ where: `blobs/${hash}`, message });
  }
  const notes = gone === 0 ? [] : [notePruned(gone)];
  return { problems, notes, checked: named.size - gone };
}

function notePruned(count: number): string {
  return count === 1
    ? "1 output of a command was pruned; its hash is on record"
    : `${count} outputs of commands were pruned; their hashes are on record`;
}

const notThere = "is not there";

/** A note that cannot be read excuses nothing. */
async function prunedBlobs(directory: string): Promise<ReadonlySet<string>> {
  const pruning = await readPruning(directory).catch(() => null);
  return new Set(pruning?.blobs ?? []);
}

/** The blob that holds a command's output, or null. */
export function outputBlobOf(event: KnownEvent): string | null {
  if (event.event !== "command_finished" && event.event !== "command_interrupted") return null;
  return event.payload.output?.blob_sha256 ?? null;
}

async function checkOutput(directory: string, hash: string): Promise<string | null> {
  try {
    const bytes = await readBlobFile(directory, hash);
    if (bytes === null) return notThere;
    return sha256(bytes) === hash ? null : "was changed since it was recorded";
  } catch (error) {
    return messageOf(error);
  }
}
