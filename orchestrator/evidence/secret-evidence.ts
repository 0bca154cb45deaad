import type { ScannedFile, SecretsEvidence } from "../gates/secrets-gate.ts";
import type { Git } from "../io/git.ts";
import type { ChangeSet } from "../schema/change-set.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { SecretScanner } from "../schema/process-port.ts";
import { type ChangedEntry, listChanges, readObjects } from "./git-objects.ts";

/** How much is scanned before the rest counts as not scanned. */
export interface SecretScanLimits {
  readonly fileBytesMax: number;
  readonly totalBytesMax: number;
}

/** 8 MiB for one file, 64 MiB for both sides of the whole change. */
export const defaultSecretScanLimits: SecretScanLimits = { fileBytesMax: 8_388_608, totalBytesMax: 67_108_864 };

/** One changed file: its whole content before and after the change, or null where there is none. */
export interface ChangedContent {
  readonly path: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  /** Why the content after the change is not at hand, or null. */
  readonly unread: string | null;
}

/**
 * Reads both sides of every changed file from git and scans them. Throws `base_not_found`, `git_failed`, and what
 * the scanner throws.
 */
export async function collectSecretEvidence(
  git: Git,
  change: Pick<ChangeSet, "base_commit" | "tree" | "paths">,
  scanner: SecretScanner,
  limits: SecretScanLimits = defaultSecretScanLimits,
  signal?: AbortSignal,
): Promise<SecretsEvidence> {
  const entries = await listChanges(git, change.base_commit, change.tree, signal);
  const contents = await readChangedContents(git, entries, limits, signal);
  const expected = change.paths.filter(({ kind }) => kind !== "deleted").map(({ path }) => path);
  return { expected, files: await scanAdded(contents, scanner, signal) };
}

/**
 * Finds the credentials that a change adds. Whole files are scanned, so that a credential over several lines is
 * seen whole; one that any changed file held before is not added, so that old ones may be moved. Bytes that are no
 * text are scanned as Latin-1. The name of a new file is scanned as well, and so is text that stands there in base64.
 */
export async function scanAdded(
  contents: readonly ChangedContent[],
  scanner: SecretScanner,
  signal?: AbortSignal,
): Promise<ScannedFile[]> {
  const known = new Map<string, number>();
  for (const { before } of contents) {
    for (const { key } of await scanBytes(before, scanner, signal)) {
      if (key !== null) known.set(key, (known.get(key) ?? 0) + 1);
    }
  }
  const files: ScannedFile[] = [];
  for (const { path, before, after, unread } of contents) {
    if (after === null && unread === null) continue;
    const name = before === null ? await scanBytes(Buffer.from(path), scanner, signal) : [];
    const found = [...name, ...(await scanBytes(after, scanner, signal))];
    const added = found.filter(({ key }) => !takeOne(known, key)).map(({ rule, line }) => ({ rule, line }));
    files.push({ path, unscanned: unread, added });
  }
  return files;
}

async function readChangedContents(
  git: Git,
  entries: readonly ChangedEntry[],
  limits: SecretScanLimits,
  signal: AbortSignal | undefined,
): Promise<ChangedContent[]> {
  const sides = entries.flatMap(({ before, after }) => [after, before]).filter(isFile);
  const bounds = { objectBytesMax: limits.fileBytesMax, totalBytesMax: limits.totalBytesMax };
  const objects = await readObjects(git, new Set(sides.map((side) => side.object)), bounds, signal);
  const read = (side: ChangedEntry["after"]) => (isFile(side) ? (objects.get(side.object) ?? null) : null);
  return entries.map(({ path, before, after }) => {
    const content = read(after);
    const unread = after === null || content !== null ? null : whyUnread(after.mode, limits);
    return { path, before: read(before), after: content, unread };
  });
}

type Side = NonNullable<ChangedEntry["after"]>;

function isFile(side: Side | null): side is Side {
  return side !== null && side.mode !== "160000";
}

function whyUnread(mode: string, { fileBytesMax, totalBytesMax }: SecretScanLimits): string {
  if (mode === "160000") return "it is a submodule";
  return `it is over ${fileBytesMax} bytes, or the change is over ${totalBytesMax}`;
}

interface FoundSecret {
  readonly rule: string;
  readonly line: number;
  /**
   * Tells whether two findings are the same credential; null where the scanner did not say what it found. Never
   * kept.
   */
  readonly key: string | null;
}

async function scanBytes(
  bytes: Uint8Array | null,
  scanner: SecretScanner,
  signal: AbortSignal | undefined,
): Promise<FoundSecret[]> {
  if (bytes === null || bytes.length === 0) return [];
  if (signal?.aborted) throw new OrchestratorError("aborted", "stopped while the change was scanned for credentials");
  const text = textOf(bytes);
  const found = await scanText(text, scanner);
  for (const { hidden, line } of decodedRuns(text)) {
    for (const match of await scanText(hidden, scanner)) found.push({ ...match, line });
  }
  return found;
}

async function scanText(text: string, scanner: SecretScanner): Promise<FoundSecret[]> {
  const matches = await scanner.scan(text);
  return matches.map(({ rule, line, start, end }) => {
    const secret = text.slice(start, end);
    return { rule, line, key: secret === "" ? null : `${rule}\0${secret}` };
  });
}

/** Shorter ones hold no credential that a rule knows by its form. */
const base64Run = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const base64RunsMax = 5_000;

/** What stands in base64 in a text and is text itself; hashes and pictures are not. More runs than `base64RunsMax` are not looked at. */
function decodedRuns(text: string): readonly { hidden: string; line: number }[] {
  const runs: { hidden: string; line: number }[] = [];
  let [line, from, looked] = [1, 0, 0];
  for (const { 0: run, index } of text.matchAll(base64Run)) {
    looked += 1;
    if (looked > base64RunsMax) break;
    line += text.slice(from, index).split("\n").length - 1;
    from = index;
    const hidden = Buffer.from(run, "base64url").toString("utf8");
    if (/^[\t\n\r\x20-\x7e]+$/.test(hidden)) runs.push({ hidden, line });
  }
  return runs;
}

/** NULs are dropped from what is no UTF-8 text, so that UTF-16 is seen as well. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  if (!text.includes("\0") && !text.includes("\uFFFD")) return text;
  return buffer.toString("latin1").replaceAll("\0", "");
}

function takeOne(counts: Map<string, number>, key: string | null): boolean {
  if (key === null) return false;
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0;
}
