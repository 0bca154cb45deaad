import { closeSync, constants, fstatSync, lstatSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import type { OrchestratorError } from "../schema/errors.ts";
import { type Disk, systemDisk, writeWhole } from "./disk.ts";
import { diskFault, hasCode } from "./files.ts";

const chunkBytes = 262_144;

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
export function createAppendFile(path: string, disk: Disk = systemDisk): AppendFile | null {
  const fd = openNew(path);
  if (fd === null) return null;
  const inode = fstatSync(fd).ino;
  let size = 0;
  let broken: OrchestratorError | null = null;

  const recover = (error: unknown): OrchestratorError => {
    const fault = diskFault("write", path, error);
    try {
      disk.cut(fd, size);
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
        writeWhole(fd, bytes, disk);
      } catch (error) {
        throw recover(error);
      }
      size += bytes.length;
    },
    async sync() {
      if (broken !== null) throw broken;
      await disk.sync(fd).catch((error: unknown) => {
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

/** The bytes of a file, a piece at a time in one buffer: each is good until the next is asked for. Throws `disk_failed`. */
export async function* readInChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw diskFault("read", path, error);
  });
  try {
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = 0, bytesRead = 1; bytesRead > 0; at += bytesRead) {
      ({ bytesRead } = await file.read(buffer, 0, chunkBytes, at));
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Cuts a file to `length` bytes, durably. Throws `disk_failed`. */
export async function cutFile(path: string, length: number, disk: Disk = systemDisk): Promise<void> {
  try {
    const fd = openSync(path, constants.O_WRONLY);
    try {
      disk.cut(fd, length);
      await disk.sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw diskFault("cut", path, error);
  }
}

/** Makes the content of a file durable. Throws `disk_failed`. */
export async function syncFile(path: string, disk: Disk = systemDisk): Promise<void> {
  try {
    const fd = openSync(path, constants.O_RDONLY);
    try {
      await disk.sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw diskFault("sync", path, error);
  }
}
