import { fdatasync, fsync, ftruncateSync, renameSync, writeSync } from "node:fs";

/** The deeds of a disk that can fail, as a port, so that each failure can be brought about. */
export interface Disk {
  /** Writes where the file stands; the number of bytes that were written. */
  write(fd: number, bytes: Uint8Array): number;
  cut(fd: number, length: number): void;
  /** What was written survives a power cut when this resolves; of a folder, "all" is wanted. */
  sync(fd: number, what?: "data" | "all"): Promise<void>;
  rename(from: string, to: string): void;
}

/** The operating system's own calls. */
export const systemDisk: Disk = {
  write: (fd, bytes) => writeSync(fd, bytes),
  cut: (fd, length) => ftruncateSync(fd, length),
  sync: (fd, what = "data") =>
    new Promise((resolve, reject) =>
      (what === "data" ? fdatasync : fsync)(fd, (error) => (error ? reject(error) : resolve())),
    ),
  rename: (from, to) => renameSync(from, to),
};

/** Writes all of the bytes by one call. Throws where the disk takes only a part of them. */
export function writeWhole(fd: number, bytes: Uint8Array, disk: Disk): void {
  const written = disk.write(fd, bytes);
  if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes fitted; free some space`);
}

/** Which call of a kind fails, counted from 1. */
export interface DiskFaults {
  readonly write?: number;
  /** How much of a failing write still reaches the file; default none. */
  readonly writtenBytes?: number;
  readonly cut?: number;
  readonly sync?: number;
  readonly rename?: number;
  /** True: only that call fails. Default: those after it as well, since a disk that is full stays full. */
  readonly once?: boolean;
}

/** The operating system's calls that fail at a chosen one, to show what a broken disk does. */
export function failingDisk(faults: DiskFaults, disk: Disk = systemDisk): Disk {
  const calls = { write: 0, cut: 0, sync: 0, rename: 0 };
  const fails = (call: keyof typeof calls): boolean => {
    calls[call] += 1;
    const due = faults[call] ?? Number.POSITIVE_INFINITY;
    return faults.once ? calls[call] === due : calls[call] >= due;
  };
  const fault = (code: string) => Object.assign(new Error(`${code}: a fault was asked for`), { code });
  return {
    write(fd, bytes) {
      if (!fails("write")) return disk.write(fd, bytes);
      const part = bytes.subarray(0, faults.writtenBytes ?? 0);
      if (part.length === 0) throw fault("ENOSPC");
      return disk.write(fd, part);
    },
    cut(fd, length) {
      if (fails("cut")) throw fault("EIO");
      disk.cut(fd, length);
    },
    async sync(fd, what) {
      if (fails("sync")) throw fault("EIO");
      await disk.sync(fd, what);
    },
    rename(from, to) {
      if (fails("rename")) throw fault("EIO");
      disk.rename(from, to);
    },
  };
}
