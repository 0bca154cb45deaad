import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Redactor } from "../schema/process-port.ts";
import { diskFault } from "./files.ts";

/** What was kept of a program's output. */
export interface KeptOutput {
  /** The redacted beginning and end, as one text that says what is left out between them. */
  readonly tail: string;
  /** Bytes that the program wrote. */
  readonly bytes: number;
  /** True where some of the output is not in the file (or, without a file, not in `tail`). */
  readonly truncated: boolean;
}

/** Takes a program's output as it comes. */
export interface OutputSink {
  /** Resolves when the chunk is dealt with, so that the reader can wait; calls are worked on one by one. Throws `disk_failed`. */
  write(source: OutputSource, chunk: Buffer): Promise<void>;
  /** Writes what is left and tells what was kept. Throws `disk_failed`. */
  finish(): Promise<KeptOutput>;
  /** Closes the file; always called last. */
  close(): Promise<void>;
}

export type OutputSource = "stdout" | "stderr";

const headMax = 2_048;
const tailMax = 14_336;
/** Raw bytes kept of the end: the tail, and before it more than the longest secret that could begin outside. */
const rawTailMax = 49_152;
/** A line longer than this is passed on in pieces. */
const lineMax = 65_536;

/**
 * Redacts the output of one program, keeps its first `bytesMax` bytes in the file `path` (mode 0600, replaced if it is there), and its
 * beginning and end in memory. What comes after the cap is counted and, but for the end, dropped unread. Throws `disk_failed`.
 */
export async function createOutputSink(
  redactor: Redactor,
  bytesMax: number,
  path: string | undefined,
): Promise<OutputSink> {
  const file = path === undefined ? null : await openOutputFile(path, bytesMax);
  const lines = { stdout: createLineCutter(), stderr: createLineCutter() };
  const redacting = redactor.stream();
  const ends = createEnds();
  const raw = createByteTail(rawTailMax);
  const inTurn = createQueue();
  let bytes = 0;

  const keep = async (text: string): Promise<void> => {
    const redacted = Buffer.from(text);
    ends.push(redacted);
    await file?.append(redacted);
  };
  const isFull = () => (file ? file.isFull() : ends.hasHead());
  const take = async (pieces: readonly Buffer[]): Promise<void> => {
    for (const piece of pieces) {
      raw.push(piece);
      if (!isFull()) await keep(await redacting.push(piece));
    }
  };
  const finish = async (): Promise<KeptOutput> => {
    await take(lines.stdout.rest());
    await take(lines.stderr.rest());
    if (isFull())
      return { bytes, truncated: true, tail: joinEnds(ends.head(), bytes, await redactRawTail(redactor, raw)) };
    await keep(await redacting.end());
    const tail = joinEnds(ends.head(), ends.total(), ends.tail());
    return { bytes, tail, truncated: file ? file.isFull() : ends.head().length + ends.tail().length < ends.total() };
  };
  return {
    write: (source, chunk) =>
      inTurn(async () => {
        bytes += chunk.length;
        await take(lines[source].push(chunk));
      }),
    finish: () => inTurn(finish),
    close: () => inTurn(async () => file?.close()),
  };
}

interface OutputFile {
  append(bytes: Buffer): Promise<void>;
  /** True once something did not fit. */
  isFull(): boolean;
  close(): Promise<void>;
}

async function openOutputFile(path: string, bytesMax: number): Promise<OutputFile> {
  const handle = await openPrivate(path);
  let left = bytesMax;
  let full = false;
  return {
    append: async (bytes) => {
      const part = wholeCharacters(bytes, left);
      left -= part.length;
      full ||= part.length < bytes.length;
      if (full) left = 0;
      await handle.writeFile(part).catch((error: unknown) => {
        throw diskFault("write", path, error);
      });
    },
    isFull: () => full,
    close: () => handle.close(),
  };
}

async function openPrivate(path: string): Promise<FileHandle> {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const handle = await open(path, flags, 0o600);
    if ((await handle.stat()).isFile()) await handle.chmod(0o600);
    return handle;
  } catch (error) {
    throw diskFault("write", path, error);
  }
}

/** The beginning and the end of what is pushed, and how long it was. */
function createEnds() {
  const tail = createByteTail(tailMax);
  let head = Buffer.alloc(0);
  let complete = false;
  let total = 0;
  return {
    push: (bytes: Buffer): void => {
      total += bytes.length;
      const part = complete ? Buffer.alloc(0) : wholeCharacters(bytes, headMax - head.length);
      complete ||= part.length < bytes.length;
      head = Buffer.concat([head, part]);
      tail.push(bytes.subarray(part.length));
    },
    head: () => head,
    hasHead: () => complete,
    tail: () => tail.bytes(),
    total: () => total,
  };
}

/** Complete lines of one source, so that the other source cannot come to stand in the middle of a secret. */
function createLineCutter() {
  let pending: Buffer[] = [];
  let length = 0;
  const rest = (): readonly Buffer[] => {
    const pieces = pending;
    pending = [];
    length = 0;
    return pieces;
  };
  const hold = (piece: Buffer): void => {
    if (piece.length > 0) pending.push(piece);
    length += piece.length;
  };
  return {
    /** The pieces of whole lines, one after the other: joining them would copy every byte of the output. */
    push: (chunk: Buffer): readonly Buffer[] => {
      const end = chunk.lastIndexOf("\n") + 1;
      hold(chunk.subarray(0, end || chunk.length));
      if (end === 0 && length <= lineMax) return [];
      const pieces = rest();
      if (end > 0) hold(Buffer.from(chunk.subarray(end)));
      return pieces;
    },
    rest,
  };
}

interface ByteTail {
  push(bytes: Buffer): void;
  /** The last bytes, beginning with a whole character. */
  bytes(): Buffer;
  /** True once something was dropped. */
  isCut(): boolean;
}

function createByteTail(limit: number): ByteTail {
  const chunks: Buffer[] = [];
  let length = 0;
  let total = 0;
  return {
    push: (bytes) => {
      if (bytes.length === 0) return;
      chunks.push(bytes);
      length += bytes.length;
      total += bytes.length;
      for (let first = chunks[0]; first && length - first.length >= limit; first = chunks[0]) {
        length -= first.length;
        chunks.shift();
      }
    },
    bytes: () => {
      const all = Buffer.concat(chunks);
      return lastWholeCharacters(all, limit);
    },
    isCut: () => total > limit,
  };
}

/** Redacts the end of an output whose middle was dropped. It begins where no secret can be cut in two. */
async function redactRawTail(redactor: Redactor, raw: ByteTail): Promise<Buffer> {
  const text = raw.bytes().toString("utf8");
  const redacted = await redactor.text(raw.isCut() ? fromSafePlace(text) : text);
  return lastWholeCharacters(Buffer.from(redacted), tailMax);
}

/** From the first line on, or in one endless line the first word; after the end of a private key whose beginning is missing. */
function fromSafePlace(text: string): string {
  const at = text.includes("\n") ? text.indexOf("\n") : text.search(/\s/);
  if (at < 0) return "[this line is too long to be checked for secrets]";
  const rest = text.slice(at + 1);
  const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(rest);
  const isWhole = keyEnd === null || rest.slice(0, keyEnd.index).includes("-----BEGIN");
  return isWhole ? rest : rest.slice(keyEnd.index + keyEnd[0].length);
}

function joinEnds(head: Buffer, total: number, tail: Buffer): string {
  const left = total - head.length - tail.length;
  const gap = left > 0 ? `\n[... about ${left} bytes are left out here ...]\n` : "";
  return `${head.toString("utf8")}${gap}${tail.toString("utf8")}`;
}

/** The first `max` bytes at most, without a part of a character at the end. */
function wholeCharacters(bytes: Buffer, max: number): Buffer {
  if (bytes.length <= max) return bytes;
  let end = max;
  while (end > 0 && isContinuation(bytes[end])) end--;
  return bytes.subarray(0, end);
}

function lastWholeCharacters(bytes: Buffer, max: number): Buffer {
  let start = Math.max(0, bytes.length - max);
  while (start > 0 && start < bytes.length && isContinuation(bytes[start])) start++;
  return bytes.subarray(start);
}

/** True for a byte of UTF-8 that is not the first of its character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Work is done one piece after the other; a piece that fails does not stop the next. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
