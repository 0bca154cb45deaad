import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, lstatSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import type { OrchestratorError } from "../schema/errors.ts";
import { diskFault, hasCode } from "./files.ts";

/** The three deeds of an append-only file that can fail, as a port, so that each failure can be brought about. */
export interface AppendSystem {
  /** Writes at the end; the number of bytes that were written. */
  write(fd: number, bytes: Uint8Array): number;
  cut(fd: number, length: number): void;
  sync(fd: number): Promise<void>;
}

/** The operating system's own calls. */
export const appendSystem: AppendSystem = {
  write: (fd, bytes) => writeSync(fd, bytes),
  cut: (fd, length) => ftruncateSync(fd, length),
  sync: (fd) => new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve()))),
};

/** A new file that one writer makes longer. */
export interface AppendFile {
  readonly path: string;
  /**
   * Writes all bytes by one call; they survive a killed process. Throws `disk_failed` and cuts back to where the file ended
   * before; where that fails too, or after a failed `sync`, every later call throws.
   */
  append(bytes: Uint8Array): void;
  /** What was appended survives a power cut. Throws `disk_failed`. */
  sync(): Promise<void>;
  /** False where the name is gone, or is another file by now. */
  isInPlace(): boolean;
  close(): void;
}

/** Makes a file that must not exist yet, mode 0600; null where something has that name. Throws `disk_failed`. */
export function createAppendFile(path: string, system: AppendSystem = appendSystem): AppendFile | null {
  const fd = openNew(path);
  if (fd === null) return null;
  const inode = fstatSync(fd).ino;
  let size = 0;
  let broken: OrchestratorError | null = null;

  const recover = (error: unknown): OrchestratorError => {
    const fault = diskFault("write", path, error);
    try {
      system.cut(fd, size);
    } catch {
      broken = fault;
    }
    return fault;
  };
  return {
    path,
    append(bytes) {
      if (broken !== null) throw broken;
      try {
        const written = system.write(fd, bytes);
        if (written !== bytes.length)
          throw new Error(`only ${written} of ${bytes.length} bytes fitted; free some space`);
      } catch (error) {
        throw recover(error);
      }
      size += bytes.length;
    },
    async sync() {
      if (broken !== null) throw broken;
      await system.sync(fd).catch((error: unknown) => {
        // After a failed sync nobody knows which pages are on the disk, and a second call may claim success.
        broken = diskFault("sync", path, error);
        throw broken;
      });
    },
    isInPlace: () => lstatOf(path)?.ino === inode,
    close: () => closeSync(fd),
  };
}

function openNew(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, 0o600);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return null;
    throw diskFault("create", path, error);
  }
}

function lstatOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw diskFault("look for", path, error);
  }
}

/** Whether something has this name. Unlike `exists`, it throws `disk_failed` where it cannot tell. */
export function isPresent(path: string): boolean {
  return lstatOf(path) !== undefined;
}

/** The size of a file in bytes, 0 where there is none. Throws `disk_failed`. */
export function sizeOf(path: string): number {
  return lstatOf(path)?.size ?? 0;
}

/** The bytes of a file from an offset on, at most `bytesMax`; null where there is no such file. Throws `disk_failed`. */
export async function readFrom(path: string, offset: number, bytesMax: number): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const length = Math.min(Math.max((await file.stat()).size - offset, 0), bytesMax);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw diskFault("read", path, error);
  }
}

/** Cuts a file to `length` bytes, durably. Throws `disk_failed`. */
export async function cutFile(path: string, length: number): Promise<void> {
  try {
    const file = await open(path, constants.O_WRONLY);
    try {
      await file.truncate(length);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw diskFault("cut", path, error);
  }
}

/** Makes the content of a file durable. Throws `disk_failed`. */
export async function syncFile(path: string): Promise<void> {
  try {
    const fd = openSync(path, constants.O_RDONLY);
    try {
      await appendSystem.sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw diskFault("sync", path, error);
  }
}

/** Which call fails, counted from 1; a file system that is full stays full, so later calls of the kind fail as well. */
export interface AppendFaults {
  readonly write?: number;
  /** How much of the failing write still reaches the file; default none. */
  readonly writtenBytes?: number;
  readonly cut?: number;
  readonly sync?: number;
}

/** The operating system's calls that fail at a chosen one, to show what a broken disk does. */
export function failingAppendSystem(faults: AppendFaults, system: AppendSystem = appendSystem): AppendSystem {
  const calls = { write: 0, cut: 0, sync: 0 };
  const fails = (call: "write" | "cut" | "sync"): boolean => {
    calls[call] += 1;
    return calls[call] >= (faults[call] ?? Number.POSITIVE_INFINITY);
  };
  const fault = (code: string) => Object.assign(new Error(`${code}: a fault was asked for`), { code });
  return {
    write(fd, bytes) {
      if (!fails("write")) return system.write(fd, bytes);
      const part = bytes.subarray(0, faults.writtenBytes ?? 0);
      if (part.length === 0) throw fault("ENOSPC");
      return system.write(fd, part);
    },
    cut(fd, length) {
      if (fails("cut")) throw fault("EIO");
      system.cut(fd, length);
    },
    async sync(fd) {
      if (fails("sync")) throw fault("EIO");
      await system.sync(fd);
    },
  };
}
