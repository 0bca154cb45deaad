import { join } from "node:path";
import { readFileIfThere } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { messageOf } from "../schema/errors.ts";
import type { KnownEvent, SetAside } from "../schema/run-event.ts";
import { isAsideName } from "./segment-name.ts";

const asideBytesMax = 536_870_912;

/** What a look at the bytes that were set aside found. */
export interface AsideCheck {
  readonly problems: readonly { readonly where: string; readonly message: string }[];
  readonly notes: readonly string[];
}

/** Hashes all that runners of this log set aside, and says of each what it is. Never rejects. */
export async function checkAside(directory: string, events: readonly KnownEvent[]): Promise<AsideCheck> {
  const problems: { where: string; message: string }[] = [];
  const notes: string[] = [];
  for (const event of events) {
    for (const aside of event.event === "lease_acquired" ? event.payload.set_aside : []) {
      const message = await checkBytes(directory, aside);
      if (message === null) notes.push(describe(aside, event.epoch));
      else problems.push({ where: aside.kept_as, message });
    }
  }
  return { problems, notes };
}

async function checkBytes(directory: string, { kept_as, bytes, sha256: hash }: SetAside): Promise<string | null> {
  if (!isAsideName(kept_as)) return "is recorded as set aside, which it cannot be by its name";
  try {
    const found = await readFileIfThere(join(directory, kept_as), asideBytesMax);
    if (found === null) return "was set aside, but is not there";
    return found.length === bytes && sha256(found) === hash ? null : "was changed since it was set aside";
  } catch (error) {
    return messageOf(error);
  }
}

function describe({ segment, reason, bytes, kept_as }: SetAside, epoch: number): string {
  return reason === "torn"
    ? `a crash before epoch ${epoch} left ${bytes} bytes of a half-written event in ${segment}, kept as ${kept_as}`
    : `${bytes} bytes were written to ${segment} by a runner that had lost its lease; they were never read, and are kept as ${kept_as}`;
}
